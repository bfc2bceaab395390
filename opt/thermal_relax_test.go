package opt_test

import (
	"errors"
	"io/fs"
	"math"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/pglibuc"
	"github.com/wattbit/wattbit/opt"
)

// published reads an instance of pglib-uc, and skips where the data is not there.
func published(t testing.TB, name string) *model.Case {
	t.Helper()
	c, err := pglibuc.ReadFile("../../shared/data/pglib-uc/" + name + ".json.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("NOT TESTED: relaxations of published instances; ../shared/data is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The relaxation of the hardest RTS day is worth its convex hull, 1,226,663; it is
// 1,223,039 without rows that follow starts and stops.
func TestRelaxationOfPublishedDay(t *testing.T) {
	t.Parallel()
	c := published(t, "rts_gmlc/2020-01-27")
	e := engine(t)
	if got := programOptimum(t, e, c, opt.ThermalForm{}, false); math.Abs(got-1_226_663) > 1 {
		t.Errorf("the relaxation is %.2f, want 1226663", got)
	}
}

// BenchmarkRelaxation solves the relaxation of published instances in every form.
func BenchmarkRelaxation(b *testing.B) {
	forms := []struct {
		name string
		form opt.ThermalForm
	}{
		{"default", opt.ThermalForm{}},
		{"two limit rows", opt.ThermalForm{Limits: opt.LimitsTwoRows}},
		{"plain segments", opt.ThermalForm{Segments: opt.SegmentsPlain}},
		{"no trajectories", opt.ThermalForm{Trajectories: opt.TrajectoriesNone}},
		{"all reserve columns", opt.ThermalForm{Reserve: opt.ReserveAll}},
		{"start-up windows", opt.ThermalForm{Tiers: opt.StartupWindows}},
		{"plain", plainThermal},
	}
	for _, name := range []string{"rts_gmlc/2020-01-27", "rts_gmlc/2020-02-09", "ca/2014-09-01_reserves_3"} {
		for _, f := range forms {
			b.Run(name+"/"+f.name, func(b *testing.B) {
				c, e := published(b, name), engine(b)
				value := 0.0
				for b.Loop() {
					value = programOptimum(b, e, c, f.form, false)
				}
				b.ReportMetric(value, "money")
			})
		}
	}
}
