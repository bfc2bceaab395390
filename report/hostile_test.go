package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// eachLeaf visits every settable value below v that is no struct.
func eachLeaf(path string, v reflect.Value, visit func(path string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachLeaf(path, v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				eachLeaf(path+"."+v.Type().Field(i).Name, v.Field(i), visit)
			}
		}
	case reflect.Slice:
		visit(path, v)
		for i := range v.Len() {
			eachLeaf(fmt.Sprintf("%s[%d]", path, i), v.Index(i), visit)
		}
	default:
		visit(path, v)
	}
}

func eachString(of any, visit func(path string, s *string)) {
	eachLeaf("", reflect.ValueOf(of), func(path string, v reflect.Value) {
		if v.Kind() == reflect.String {
			s := v.String()
			visit(path, &s)
			v.SetString(s)
		}
	})
}

func eachSeries(of any, change func([]float64) []float64) {
	eachLeaf("", reflect.ValueOf(of), func(path string, v reflect.Value) {
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Float64 && v.Len() > 0 {
			v.Set(reflect.ValueOf(change(v.Convert(reflect.TypeFor[[]float64]()).Interface().([]float64))).Convert(v.Type()))
		}
	})
}

func eachCounts(of any, change func([]int) []int) {
	eachLeaf("", reflect.ValueOf(of), func(path string, v reflect.Value) {
		if v.Type() == reflect.TypeFor[[]int]() && v.Len() > 0 {
			v.Set(reflect.ValueOf(change(v.Interface().([]int))))
		}
	})
}

// damage changes one value into one that a hostile file could hold.
func damage(r *rand.Rand, v reflect.Value) string {
	switch v.Kind() {
	case reflect.Slice:
		n := v.Len()
		switch r.IntN(3) {
		case 0:
			v.SetZero()
			return "absent"
		case 1:
			if n > 0 {
				v.Set(v.Slice(0, n-1))
			}
			return "one short"
		default:
			longer := reflect.MakeSlice(v.Type(), n, n+1)
			reflect.Copy(longer, v)
			last := reflect.New(v.Type().Elem()).Elem()
			if n > 0 {
				last.Set(v.Index(n - 1))
			}
			v.Set(reflect.Append(longer, last))
			return "last one twice"
		}
	case reflect.String:
		v.SetString([]string{"", "nobody", "<b>", "Mars/Olympus"}[r.IntN(4)])
	case reflect.Int:
		v.SetInt([]int64{-1, math.MaxInt64, math.MinInt64, 1 << 40, 0, 7}[r.IntN(6)])
	case reflect.Float64:
		v.SetFloat([]float64{math.NaN(), math.Inf(1), math.Inf(-1), -1, 1e300, -1e14, 1e14, 0, 5e-324}[r.IntN(9)])
	case reflect.Bool:
		v.SetBool(!v.Bool())
	default:
		return "untouched"
	}
	return fmt.Sprint(v.Interface())
}

// clone copies a case or plan.
func clone[T any](t *testing.T, v *T) *T {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out := new(T)
	if err := json.Unmarshal(text, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// everything runs the whole package; it fails the test on a panic.
func everything(t *testing.T, what string, c *model.Case, p *model.Plan) error {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("%s: panic: %v", what, r)
		}
	}()
	s, err := Summarise(c, p)
	var b bytes.Buffer
	pageErr := HTML(&b, c, p, Meta{})
	if (err == nil) != (pageErr == nil) {
		t.Fatalf("%s: Summarise gives %v, HTML %v", what, err, pageErr)
	}
	if err != nil {
		return err
	}
	elements(t, b.Bytes())
	if err := Text(&b, s); err != nil {
		t.Fatal(err)
	}
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range j.tables() {
		w := newTableWriter(&b, j)
		table.rows(w)
		if err := w.flush(); err != nil {
			t.Fatal(err)
		}
	}
	return nil
}

// hostileFixture has every kind of asset, all of their series given.
func hostileFixture() (*model.Case, *model.Plan) {
	c, p := handCase()
	c.Jobs = append(c.Jobs, model.Job{Name: "K", Region: "rA", Count: 2, Shape: model.Preemptible, Units: 2, WorkUnitH: 4, InputGB: 3,
		DeadlineH: ptr(1.0), LatePricePerH: ptr(1.0)})
	p.Jobs = append(p.Jobs, model.JobPlan{Job: "K", Number: 1, Dropped: true},
		model.JobPlan{Job: "K", Number: 2, Pool: "P", First: 1, BusyUnits: []float64{1}, TransferFirst: 0, TransferGB: []float64{3}, LateH: 2})
	c.Hydro = []model.Hydro{{Name: "h", Bus: "A", MaxPowerMW: 5, LevelMaxMWh: 10, InitialLevelMWh: 5, InflowMW: model.Series{1, 2}}}
	p.Hydro = []model.HydroPlan{{Name: "h", PowerMW: []float64{1, 1}, SpillMW: []float64{0, 0}, LevelMWh: []float64{5, 5}}}
	c.Reserves = []model.ReserveProduct{{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(3), Buses: []string{"A"}}}
	p.Reserves = []model.ReservePlan{{Name: "spin", ShortageMW: []float64{1, 1}}}
	p.ThermalUnits[0].Reserves = []model.ProvidedPower{{Product: "spin", MW: []float64{1, 1}}}
	c.Exchanges = []model.Exchange{{Name: "x", Bus: "A", ImportMW: model.Series{1, -1}}}
	p.Assets = []model.AssetPlan{{Kind: "k", Name: "n", Series: []model.AssetSeries{{Name: "s", Values: []float64{1, 2}}}}}
	p.Prices.Compute = []model.PriceSeries{{Name: "P", Values: []float64{1, -2}}}
	c.Policy.CO2CapT = ptr(3.0)
	p.Policy.CO2ExcessT = 2
	return c, p
}

// TestHostileInputsGiveErrors damages case or plan in one place after another,
// and at random in several.
func TestHostileInputsGiveErrors(t *testing.T) {
	t.Run("every kind", func(t *testing.T) { damageAll(t, hostileFixture) })
	t.Run("jobs", func(t *testing.T) { damageAll(t, jobsCase) })
}

func damageAll(t *testing.T, base func() (*model.Case, *model.Plan)) {
	c0, p0 := base()
	if err := everything(t, "undamaged", c0, p0); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	refused, accepted := 0, 0
	try := func(what string, c *model.Case, p *model.Plan) {
		if err := everything(t, what, c, p); err != nil {
			refused++
			if !strings.HasPrefix(err.Error(), "report: ") {
				t.Errorf("%s: error %q does not say whose it is", what, err)
			}
		} else {
			accepted++
		}
	}
	places := func(v any) int {
		n := 0
		eachLeaf("", reflect.ValueOf(v), func(string, reflect.Value) { n++ })
		return n
	}
	// hit damages the place with the given number.
	hit := func(of any, place int) string {
		n, did := 0, ""
		eachLeaf("", reflect.ValueOf(of), func(path string, v reflect.Value) {
			if n == place {
				did = path + " " + damage(r, v)
			}
			n++
		})
		return did
	}
	for i := range places(c0) {
		c, p := clone(t, c0), clone(t, p0)
		try("case"+hit(c, i), c, p)
	}
	for i := range places(p0) {
		c, p := clone(t, c0), clone(t, p0)
		try("plan"+hit(p, i), c, p)
	}
	for round := range 150 {
		c, p := clone(t, c0), clone(t, p0)
		what := fmt.Sprintf("mixed %d:", round)
		for range 1 + r.IntN(4) {
			what += " case" + hit(c, r.IntN(places(c))) + " plan" + hit(p, r.IntN(places(p)))
		}
		try(what, c, p)
	}
	if refused < 150 || accepted < 100 {
		t.Errorf("%d refused, %d accepted: the damage does not test much", refused, accepted)
	}
}

func TestErrorsSayWhatDoesNotFit(t *testing.T) {
	for _, v := range []struct {
		damage func(*model.Case, *model.Plan)
		want   string
	}{
		{func(_ *model.Case, p *model.Plan) { p.PeriodHours = []float64{1} }, "plan: 1 periods, the case has 2"},
		{func(_ *model.Case, p *model.Plan) { p.PeriodHours = []float64{1, 1} }, "plan: period 1 has 1 h, the case's has 2 h"},
		{func(_ *model.Case, p *model.Plan) { p.Sites[0].PowerMW = nil }, "plan: site S: power_mw: 0 values for 2 periods"},
		{func(_ *model.Case, p *model.Plan) { p.Buses = p.Buses[:1] }, `plan: buses: "B" is missing`},
		{func(_ *model.Case, p *model.Plan) { p.Links[0].Name = "Z" }, `plan: links: "Z" is not in the case`},
		{func(_ *model.Case, p *model.Plan) { p.Workloads[0].Routes[0].Pool = "Q" }, `plan: workload W: pool: "Q" is not in the case`},
		{func(_ *model.Case, p *model.Plan) { p.Jobs[0].First = 2 }, "plan: job J number 1: busy_units: periods 2 to 2 are outside the horizon"},
		{func(_ *model.Case, p *model.Plan) { p.Jobs = nil }, "plan: job J: 0 of 1 are planned"},
		{func(_ *model.Case, p *model.Plan) { p.Buses[0].ShedMW[1] = math.NaN() }, "plan: bus A: shed_mw: NaN in period 1"},
		{func(c *model.Case, _ *model.Plan) { c.Horizon.Periods[0].Count = math.MaxInt }, "horizon: more than"},
		{func(c *model.Case, _ *model.Plan) { c.Horizon.Zone = "Mars/Olympus" }, `horizon: zone "Mars/Olympus"`},
		{func(c *model.Case, _ *model.Plan) { c.Loads[0].Bus = "C" }, `case: load a: "C" is not in the case`},
		{func(c *model.Case, _ *model.Plan) { c.Jobs[0].Priority = math.MaxInt }, "case: job J: priority "},
		{func(c *model.Case, _ *model.Plan) { c.Jobs[0].DropPrice = ptr(math.NaN()) }, "case: job J: NaN"},
		{func(c *model.Case, _ *model.Plan) { c.Workloads[0].UnservedPricePerUnitH = ptr(math.Inf(1)) }, "case: workload W: +Inf"},
	} {
		c, p := handCase()
		v.damage(c, p)
		_, err := Summarise(c, p)
		if err == nil || !strings.Contains(err.Error(), v.want) {
			t.Errorf("error is %v, want %q in it", err, v.want)
		}
	}
	if _, err := Summarise(nil, nil); err == nil {
		t.Error("no case and no plan are accepted")
	}
}
