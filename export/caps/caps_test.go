package caps

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/report"
)

// twoSites has three pools at two sites in five hours, and jobs of two owners and of
// none. Research holds 4 and then 6.5 GPUs in "P 1", alone in hours 0 and 1; sales 3 at
// once; the job without an owner 2 cores in hours 3 and 4.
func twoSites() (*model.Case, *model.Plan) {
	start := time.Date(2026, 3, 1, 6, 0, 0, 0, time.FixedZone("", 8*3600))
	c := &model.Case{
		Format: model.CaseFormat, Name: "Two sites", Currency: "CNY",
		Horizon: model.Horizon{Start: start, Periods: []model.PeriodRun{{Count: 5, Hours: 1}}},
		Buses:   []model.Bus{{Name: "A"}},
		Regions: []model.Region{{Name: "home", Bus: "A"}},
		Sites:   []model.Site{{Name: "East", Bus: "A", Region: "home"}, {Name: "West", Bus: "A", Region: "home"}},
		Pools: []model.Pool{
			{Name: "P 1", Site: "East", Kind: "gpu", Modules: 2, UnitsPerModule: 10, AlwaysOn: true},
			{Name: "P-1", Site: "East", Kind: "cpu", Modules: 2, UnitsPerModule: 10, AlwaysOn: true},
			{Name: "Q", Site: "West", Kind: "gpu", Modules: 2, UnitsPerModule: 10, AlwaysOn: true},
		},
		Jobs: []model.Job{
			{Name: "a", Region: "home", Owner: "Research", Shape: model.Preemptible, Units: 8, WorkUnitH: 10.5},
			{Name: "b", Region: "home", Owner: "sales", Shape: model.Rigid, Units: 3, WorkUnitH: 3},
			{Name: "c", Region: "home", Shape: model.Rigid, Units: 2, WorkUnitH: 4},
		},
	}
	var prices []model.PriceSeries
	none := func() []float64 { return make([]float64, 5) }
	p := &model.Plan{
		Format: model.PlanFormat, Case: c.Name, Currency: "CNY", Start: start, PeriodHours: []float64{1, 1, 1, 1, 1}, Status: model.PlanOptimal,
		Buses: []model.BusPlan{{Name: "A", ShedMW: none(), SpillMW: none()}},
		Sites: []model.SitePlan{{Name: "East", PowerMW: none()}, {Name: "West", PowerMW: none()}},
		Jobs: []model.JobPlan{
			{Job: "a", Number: 1, Pool: "P 1", First: 0, BusyUnits: []float64{4, 6.5}},
			{Job: "b", Number: 1, Pool: "P 1", First: 1, BusyUnits: []float64{3}},
			{Job: "c", Number: 1, Pool: "P-1", First: 3, BusyUnits: []float64{2, 2}},
		},
		Prices: &model.Prices{Power: prices},
	}
	on, off := []int{2, 2, 2, 2, 2}, []int{0, 0, 0, 0, 0}
	for i := range c.Pools {
		p.Pools = append(p.Pools, model.PoolPlan{Name: c.Pools[i].Name, ModulesOn: on, ModuleStarts: off, ModuleStops: off, BusyUnits: none()})
	}
	return c, p
}

func capsOf(t *testing.T, m *Mapping, target Target, windowH float64) *Caps {
	t.Helper()
	c, p := twoSites()
	return capsOfPlan(t, c, p, m, target, windowH)
}

func capsOfPlan(t *testing.T, c *model.Case, p *model.Plan, m *Mapping, target Target, windowH float64) *Caps {
	t.Helper()
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := New(c, p, rows, m, target, windowH)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// texts are the files by path.
func texts(t *testing.T, c *Caps) map[string]string {
	t.Helper()
	files, err := c.Files()
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for _, f := range files {
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, twice := out[f.Path]; twice {
			t.Errorf("%s is written twice", f.Path)
		}
		out[f.Path] = b.String()
	}
	return out
}

func rowsOf(t *testing.T, text string) []string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range records[1:] {
		out = append(out, strings.Join(r, " "))
	}
	return out
}

// TestCapsByHand: units rounded up, none where nothing is held, periods alike in one
// window.
func TestCapsByHand(t *testing.T) {
	got := texts(t, capsOf(t, &Mapping{}, Kueue, 0))
	want := []string{
		"2026-02-28T22:00:00Z 2026-02-28T23:00:00Z east east/window-00.yaml ",
		"2026-02-28T22:00:00Z 2026-02-28T23:00:00Z west west/window-00.yaml ",
		"2026-02-28T23:00:00Z 2026-03-01T00:00:00Z east east/window-01.yaml ",
		"2026-02-28T23:00:00Z 2026-03-01T00:00:00Z west west/window-01.yaml ",
		"2026-03-01T00:00:00Z 2026-03-01T01:00:00Z east east/window-02.yaml ",
		"2026-03-01T00:00:00Z 2026-03-01T01:00:00Z west west/window-02.yaml ",
		"2026-03-01T01:00:00Z 2026-03-01T03:00:00Z east east/window-03.yaml ",
		"2026-03-01T01:00:00Z 2026-03-01T03:00:00Z west west/window-03.yaml ",
	}
	if rows := rowsOf(t, got[IndexFile]); !slices.Equal(rows, want) {
		t.Errorf("the index is\n%s", strings.Join(rows, "\n"))
	}
	var used []string
	all := rowsOf(t, got[TableFile])
	for _, r := range all {
		if !strings.HasSuffix(r, " 0 0") {
			used = append(used, r[strings.Index(r, "Z")+1:])
		}
	}
	p1, p2 := marked("p-1", "P 1"), marked("p-1", "P-1")
	want = []string{
		" 2026-02-28T23:00:00Z east East P 1 " + p1 + " Research research 4 4",
		" 2026-03-01T00:00:00Z east East P 1 " + p1 + " Research research 7 7",
		" 2026-03-01T00:00:00Z east East P 1 " + p1 + " sales sales 3 3",
		" 2026-03-01T03:00:00Z east East P-1 " + p2 + " unowned unowned 2 2",
	}
	if !slices.Equal(used, want) || len(all) != 4*3*3 {
		t.Errorf("%d rows, used are\n%s", len(all), strings.Join(used, "\n"))
	}
	if n := len(got); n != 2*(1+4)+2 {
		t.Errorf("%d files", n)
	}
}

// TestCapsLeaveRoom: 4 busy units of a job that keeps 2.5 spare make a cap of 7 in hour
// 0, and its spare units alone one of 3 in hour 2. A call that adds 0.3 MW in hour 1, at
// 0.1 MW a unit and a PUE of 1.25, takes 0.3/0.125 = 2.4 units more than 6.5: 9 in whole.
func TestCapsLeaveRoom(t *testing.T) {
	c, p := twoSites()
	c.Reserves = []model.ReserveProduct{{Name: "up", Direction: model.Up}, {Name: "down", Direction: model.Down}}
	c.Sites[0].PUE, c.Pools[0].DynamicMWPerUnit = model.Constant(1.25), 0.1
	p.Reserves = []model.ReservePlan{{Name: "up", ShortageMW: make([]float64, 5)}, {Name: "down", ShortageMW: make([]float64, 5)}}
	caps := func(reserve string, mw, spare []float64) (all, planned []int) {
		p.Jobs[0].Reserves, p.Jobs[0].SpareUnits = []model.ProvidedPower{{Product: reserve, MW: mw}}, spare
		out := capsOfPlan(t, c, p, &Mapping{}, Kueue, 0)
		for w := range out.Windows {
			all = append(all, out.Units(w, 0, &out.Clusters[0].Pools[0]))
			planned = append(planned, out.PlannedUnits(w, 0, &out.Clusters[0].Pools[0]))
		}
		return all, planned
	}
	if all, planned := caps("up", []float64{0.5, 0, 0, 0, 0}, []float64{2.5, 0, 2.5, 0, 0}); !slices.Equal(all, []int{7, 7, 3, 0}) || !slices.Equal(planned, []int{4, 7, 0, 0}) {
		t.Errorf("upward: caps %v, planned %v", all, planned)
	}
	if all, planned := caps("down", []float64{0, 0.3, 0, 0, 0}, nil); !slices.Equal(all, []int{4, 9, 0, 0}) || !slices.Equal(planned, []int{4, 7, 0, 0}) {
		t.Errorf("downward: caps %v, planned %v", all, planned)
	}
}

// TestCapsOfReserve: in the example whose jobs promise reserve, caps hold what every job
// keeps busy, keeps spare and may be called to add.
func TestCapsOfReserve(t *testing.T) {
	c, _, err := model.ReadCase(examples.FS, "reserve-from-computing/case.yaml", model.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	solved, err := opt.Solve(context.Background(), c, opt.Options{Engine: enginetest.Highs(t), Gap: 1e-2})
	if err != nil {
		t.Fatal(err)
	}
	p := solved.Plan
	held, most := make([]float64, 24), make([]float64, 24)
	for i := range p.Jobs {
		v := &p.Jobs[i]
		units := v.BusyUnits
		if v.HeldUnits != nil { // a gang holds them while it waits
			units = v.HeldUnits
		}
		for k, units := range units {
			held[v.First+k] += units
		}
		for t, units := range v.SpareUnits {
			most[t] += units
		}
		for _, r := range v.Reserves {
			if r.Product != "down" {
				continue
			}
			for t, mw := range r.MW {
				most[t] += mw / (1.2 * 0.01)
			}
		}
	}
	out := capsOfPlan(t, c, p, &Mapping{}, Kueue, 0)
	w, beyond := 0, 0
	for hour := range 24 {
		if !c.Horizon.Start.Add(time.Duration(hour) * time.Hour).Before(out.Windows[w].To) {
			w++
		}
		pool := &out.Clusters[0].Pools[0]
		all, planned := float64(out.Units(w, 0, pool)), float64(out.PlannedUnits(w, 0, pool))
		if need := held[hour] + most[hour]; all < need-1e-6 || all >= need+1 || planned < held[hour]-1e-6 || planned >= held[hour]+1 {
			t.Errorf("hour %d: cap %g, planned %g; jobs hold %g and may hold %g more", hour, all, planned, held[hour], most[hour])
		}
		if all > planned {
			beyond++
		}
	}
	if beyond == 0 {
		t.Error("no job may hold more than planned")
	}
}

// TestPowerLevels: a level without a kind of its own is the same machines. Of 4 and 6.5
// GPUs in the pool and 3 at its level, 4 and 9.5 count to the pool, one flavor.
func TestPowerLevels(t *testing.T) {
	c, p := twoSites()
	c.Pools[1] = model.Pool{Name: "P 1 low", Site: "East", ModulesOf: "P 1"}
	p.Pools[1].Name, p.Pools[1].ModulesOn = "P 1 low", make([]int, 5)
	p.Jobs[1].Pool = "P 1 low" // of sales, in hour 1
	p.Jobs[2].Pool = "Q"
	c.Jobs[1].Owner = "Research"
	m := &Mapping{Pools: []Pool{{Pool: "P 1", Name: "a100"}}}
	got := texts(t, capsOfPlan(t, c, p, m, Kueue, 0))
	var used, levels []string
	for _, r := range rowsOf(t, got[TableFile]) {
		if strings.Contains(r, " East ") && !strings.HasSuffix(r, " 0 0") {
			used = append(used, r[strings.Index(r, "Z")+1:])
		}
	}
	for _, r := range rowsOf(t, got[IndexFile]) {
		if _, of, found := strings.Cut(r, "east/"); found {
			levels = append(levels, of)
		}
	}
	want := []string{" 2026-02-28T23:00:00Z east East P 1 a100 Research research 4 4", " 2026-03-01T00:00:00Z east East P 1 a100 Research research 10 10"}
	if !slices.Equal(used, want) {
		t.Errorf("caps are\n%s", strings.Join(used, "\n"))
	}
	want = []string{"window-00.yaml P 1 low=0; P 1=4", "window-01.yaml P 1 low=3; P 1=7", "window-02.yaml P 1 low=0; P 1=0", "window-03.yaml P 1 low=0; P 1=0"}
	if !slices.Equal(levels, want) {
		t.Errorf("the index has\n%s", strings.Join(levels, "\n"))
	}
	flavors := decoded[resourceFlavor](t, "levels", got["east/setup.yaml"])
	if len(flavors) != 1 || flavors[0].Metadata.Name != "a100" || flavors[0].Spec.NodeLabels["wattbit-pool"] != "a100" {
		t.Errorf("flavors %+v", flavors)
	}
	queues := decoded[clusterQueue](t, "levels", got["east/window-01.yaml"])
	if r := queues[0].Spec.ResourceGroups[0].Flavors[0].Resources[0]; r.Name != "nvidia.com/gpu" || *r.NominalQuota != "10" {
		t.Errorf("%s is %s", r.Name, *r.NominalQuota)
	}
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(c, p, rows, &Mapping{Pools: []Pool{{Pool: "P 1 low"}}}, Kueue, 0); err == nil || !strings.Contains(err.Error(), `pools "P 1 low", pool: is a power level of P 1; name P 1`) {
		t.Errorf("a level that is mapped: %v", err)
	}
}

// TestWindows: longer windows have the most of their periods, and the last ends with
// the horizon.
func TestWindows(t *testing.T) {
	c := capsOf(t, &Mapping{}, Slurm, 2)
	var got []string
	for w, window := range c.Windows {
		got = append(got, fmt.Sprint(window.From.Hour(), "-", window.To.Hour(), " ", c.Units(w, 0, &c.Clusters[0].Pools[0]), " ", c.Units(w, 2, &c.Clusters[0].Pools[1])))
	}
	if want := []string{"22-0 7 0", "0-3 0 2"}; !slices.Equal(got, want) {
		t.Errorf("windows %q, want %q", got, want)
	}
}

// TestNames: valid names stay, those that would become alike get a mark that does not
// hang on the others, and equal ones share theirs.
func TestNames(t *testing.T) {
	long := strings.Repeat("very-", 20)
	wanted := []string{"plain", "Upper", "a b", "a-b", "--", "算力", "x_" + long, "x." + long, "plain", "upper", "0"}
	got := valid(wanted, wanted)
	for i, name := range got {
		if len(name) > maxName || !labelForm.MatchString(name) {
			t.Errorf("%q became %q", wanted[i], name)
		}
		for k := range i {
			if (got[k] == name) != (wanted[k] == wanted[i]) {
				t.Errorf("%q and %q became %q and %q", wanted[k], wanted[i], got[k], name)
			}
		}
	}
	if got[0] != "plain" || got[10] != "0" {
		t.Errorf("names that are valid became %q and %q", got[0], got[10])
	}
	again := valid([]string{"a-b", "a b", "c"}, []string{"a-b", "a b", "c"})
	if again[0] != got[3] || again[1] != got[2] {
		t.Errorf("names hang on what else there is: %q, %q", again, got)
	}
}

func TestQuantities(t *testing.T) {
	for _, c := range []struct {
		unit   string
		n      int
		target Target
		want   string
	}{
		{"1", 7, Kueue, "7"}, {"128Gi", 12, Kueue, "1536Gi"}, {"500m", 3, Volcano, "1500m"}, {"2Gi", 0, Kueue, "0"}, {"8", 5, Slurm, "40"},
		{"0.5", 1, Kueue, ""}, {"2Gi", 1, Slurm, ""}, {"-1", 1, Slurm, ""}, {"999999999999999999", 1000, Kueue, ""}, {"", 1, Kueue, ""},
	} {
		got, err := times(c.unit, c.n, c.target)
		if (err != nil) != (c.want == "") || got != c.want {
			t.Errorf("%d times %q for %s is %q, %v", c.n, c.unit, c.target, got, err)
		}
	}
}

// TestMapping: what a mapping says is what the files have.
func TestMapping(t *testing.T) {
	m, err := ReadMapping("caps.yaml", []byte(`
format: wattbit-caps/1
about: one Kubernetes cluster for both sites
kinds:
  - kind: gpu
    resources: [{name: nvidia.com/gpu, per_unit: "1"}, {name: cpu, per_unit: "16"}, {name: memory, per_unit: 128Gi}]
sites:
  - {site: East, cluster: main}
  - {site: West, cluster: main}
pools:
  - {pool: P 1, name: a100, node_labels: [{name: gpu.example.com/model, value: a100}], node_group: a100}
queues:
  - {owner: Research, queue: team-research}
default_queue: anybody
kueue_version: v1beta1
`))
	if err != nil {
		t.Fatal(err)
	}
	got := texts(t, capsOf(t, m, Kueue, 0))
	for file, words := range map[string][]string{
		"main/setup.yaml":     {"gpu.example.com/model: a100", "apiVersion: kueue.x-k8s.io/v1beta1", "wattbit-pool: q"},
		"main/window-00.yaml": {"name: team-research", "name: anybody", "nominalQuota: \"64\"", "nominalQuota: 512Gi"},
	} {
		for _, w := range words {
			if !strings.Contains(got[file], w) {
				t.Errorf("%s lacks %q:\n%s", file, w, got[file])
			}
		}
	}
}

// TestBadMappings: everything is said at once, with a remedy.
func TestBadMappings(t *testing.T) {
	c, p := twoSites()
	c.Pools[2].Kind = "npu"
	rows, err := report.NewJobRows(c, p)
	if err != nil {
		t.Fatal(err)
	}
	m := &Mapping{
		Kinds:        []Kind{{Kind: "gpu", Resources: []Resource{{"no name!", "1"}, {"cpu", "a lot"}, {"cpu", "1"}}}, {Kind: "gpu"}},
		Sites:        []Site{{"North", "n"}, {"East", ""}},
		Pools:        []Pool{{Pool: "R"}, {Pool: "Q", NodeLabels: []Label{{"a b", "c"}}}},
		Queues:       []Queue{{"sales", ""}},
		KueueVersion: "v1",
	}
	_, err = New(c, p, rows, m, Kueue, 0)
	var findings model.Findings
	if !errors.As(err, &findings) {
		t.Fatalf("New: %v", err)
	}
	text := err.Error()
	for _, want := range []string{
		`kinds "gpu": is named twice`, `"no name!" is no name of a resource`, `cpu: "a lot" is no quantity`, "cpu is named twice", `kinds "gpu", resources: is empty`,
		`sites "North", site: is not in the case`, `sites "East", cluster: is empty`, `pools "R", pool: is not in the case`, "a b=c is no label",
		`queues "sales", queue: is empty`, "v1 is not known", `kinds "npu": is missing: pool Q is of it`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not said: %s\n%s", want, text)
		}
	}
	for _, f := range findings {
		if f.Remedy == "" {
			t.Errorf("no remedy: %s", f)
		}
	}
	c.Jobs = nil
	if _, err := New(c, p, rows, &Mapping{}, Kueue, 0); err == nil || !strings.Contains(err.Error(), "no queue has anything to use") {
		t.Errorf("without jobs: %v", err)
	}
	if _, err := ReadMapping("m.yaml", []byte("format: wattbit-caps/1\npool: []\n")); err == nil || !strings.Contains(err.Error(), "did you mean pools?") {
		t.Errorf("an unknown field: %v", err)
	}
	if _, err := ReadMapping("m.yaml", []byte("format: wattbit-caps/2\n")); err == nil {
		t.Error("an unknown version is taken")
	}
}

// TestKueueLimits: more flavors than a group may have are refused.
func TestKueueLimits(t *testing.T) {
	c := capsOf(t, &Mapping{}, Kueue, 0)
	pool := c.Clusters[0].Pools[0]
	for range kueueFlavors {
		c.Clusters[0].Pools = append(c.Clusters[0].Pools, pool)
	}
	if _, err := c.Files(); err == nil || !strings.Contains(err.Error(), "map sites to more clusters") {
		t.Errorf("Files: %v", err)
	}
}
