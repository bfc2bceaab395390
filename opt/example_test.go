package opt_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver/highs"
)

func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, _, err := model.ReadCase(examples.FS, "storage-only/case.yaml", model.ReadOptions{})
	if err != nil {
		log.Fatal(err) // every finding, with file and line
	}
	engine, err := highs.Open("")
	if err != nil {
		log.Fatal(err) // where it was looked for, and how to install it
	}
	outcome, err := opt.Solve(ctx, c, opt.Options{
		Engine:     engine,
		OnProgress: func(p opt.Progress) { log.Println(p.Phase, p.Objective, p.Bound) },
	})
	if err != nil {
		log.Fatal(err)
	}
	if plan := outcome.Plan; plan != nil {
		fmt.Println(outcome.Status, "verified:", verify.Check(c, plan, verify.Options{}).OK())
		fmt.Printf("cost: %.0f %s\n", plan.Objective, plan.Currency)
		fmt.Printf("battery level: %.1f MWh\n", plan.Storages[0].LevelMWh)
	}
	// Output:
	// optimal verified: true
	// cost: 480948 CNY
	// battery level: [12.0 50.0 88.0 56.4 20.0 20.0] MWh
}
