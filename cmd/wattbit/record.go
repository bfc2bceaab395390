package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// runFormat is the format version of run.json.
const runFormat = "wattbit-run/1"

// runRecord is run.json: how a plan came about, enough to repeat it.
type runRecord struct {
	Format  string    `json:"format"`
	Started time.Time `json:"started"`
	Wattbit build     `json:"wattbit"`

	Case       string            `json:"case"`
	CaseSource string            `json:"case_source"`
	CaseSHA256 string            `json:"case_sha256"`
	Inputs     []model.InputFile `json:"inputs"`

	// ThermalUnits are those of the case, with every unit of a cluster.
	ThermalUnits int `json:"thermal_units"`
	Periods      int `json:"periods"`

	Engine  runEngine  `json:"engine"`
	Options runOptions `json:"options"`

	// Method that searched.
	Method    string   `json:"method"`
	Status    string   `json:"status"`
	Objective *float64 `json:"objective"`
	Bound     *float64 `json:"bound"`
	Gap       *float64 `json:"gap"`
	GapMoney  *float64 `json:"gap_money"`
	Currency  string   `json:"currency"`
	Verified  bool     `json:"verified"`
	// LimitsChecked is how many limits the verifier compared.
	LimitsChecked int `json:"limits_checked"`

	Size    runSize    `json:"size"`
	Seconds runSeconds `json:"seconds"`
	// Phases of the search.
	Phases []opt.PhaseSeconds `json:"phases"`
	Nodes  int64              `json:"nodes"`
	// Placement takes the gap apart where jobs were placed outside the program.
	Placement *opt.PlacementAccount `json:"placement,omitempty"`
	// CO2T that the plan emits, and its single jobs that are dropped and late.
	CO2T        *float64 `json:"co2_t,omitempty"`
	JobsDropped *int     `json:"jobs_dropped,omitempty"`
	JobsLate    *int     `json:"jobs_late,omitempty"`

	Progress  []opt.ProgressPoint `json:"progress"`
	Notes     []string            `json:"notes"`
	Conflicts []conflict          `json:"conflicts"`

	// Files beside this one with their digests.
	Files []model.InputFile `json:"files"`
}

type runEngine struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Path    string `json:"path,omitempty"`
}

type runOptions struct {
	Gap        float64  `json:"gap"`
	TimeLimitS float64  `json:"time_limit_s,omitempty"`
	WorkLimit  int64    `json:"work_limit,omitempty"`
	Method     string   `json:"method"`
	Threads    int      `json:"threads"`
	Seed       int      `json:"seed"`
	Set        []string `json:"set,omitempty"`
}

type runSize struct {
	Columns  int `json:"columns"`
	Rows     int `json:"rows"`
	Nonzeros int `json:"nonzeros"`
	Integers int `json:"integers"`
}

type runSeconds struct {
	Read          float64 `json:"read"`
	Formulate     float64 `json:"formulate"`
	FirstSchedule float64 `json:"first_schedule"`
	Search        float64 `json:"search"`
	Dispatch      float64 `json:"dispatch"`
	Verify        float64 `json:"verify"`
	Report        float64 `json:"report"`
	Total         float64 `json:"total"`
}

// record fills in what is known of a run before its files are written.
func (r *run) record() *runRecord {
	o, s := r.outcome, r.outcome.Seconds
	rec := &runRecord{
		Format: runFormat, Started: r.began.UTC().Truncate(time.Second), Wattbit: thisBuild(),
		Case: r.c.Name, CaseSource: r.c.source, CaseSHA256: r.fingerprint(), Inputs: r.c.inputs,
		ThermalUnits: thermalUnits(r.c.Case), Periods: r.c.Horizon.Len(),
		Engine: runEngine{o.Engine, o.EngineVersion, enginePath(r.options.Engine)},
		Options: runOptions{
			Gap: r.options.Gap, TimeLimitS: r.options.TimeLimit.Seconds(), WorkLimit: r.options.WorkLimit, Method: r.options.Method.String(),
			Threads: max(1, r.options.Threads), Seed: r.options.Seed, Set: r.set,
		},
		Method: o.Method.String(), Status: o.Status.String(), Currency: r.c.Currency,
		Size:  runSize(o.Size),
		Nodes: o.Nodes,
		Seconds: runSeconds{
			Read: r.c.seconds, Formulate: s.Formulate, FirstSchedule: s.FirstSchedule,
			Search: s.Search, Dispatch: s.Dispatch, Verify: s.Verify,
		},
		Phases: orEmpty(o.Phases), Progress: orEmpty(o.Progress), Notes: orEmpty(o.Notes), Conflicts: orEmpty(conflictsOf(o)),
	}
	if o.Plan != nil {
		rec.Objective, rec.Bound, rec.Placement, rec.CO2T = ptr(o.Plan.Objective), o.Plan.Bound, o.Placement, ptr(o.Plan.Policy.CO2T)
		rec.JobsDropped, rec.JobsLate = droppedAndLate(o.Plan)
		if gap, money, ok := o.Plan.Gap(); ok {
			rec.Gap, rec.GapMoney = &gap, &money
		}
	}
	return rec
}

// fingerprint is that of the case, which a plan has too.
func (r *run) fingerprint() string {
	if r.outcome.Plan != nil {
		return r.outcome.Plan.CaseSHA256
	}
	return r.c.Fingerprint()
}

// droppedAndLate counts single jobs; nil without jobs.
func droppedAndLate(p *model.Plan) (dropped, late *int) {
	if len(p.Jobs) == 0 {
		return nil, nil
	}
	dropped, late = new(int), new(int)
	for i := range p.Jobs {
		switch {
		case p.Jobs[i].Dropped:
			*dropped++
		case p.Jobs[i].LateH > 0:
			*late++
		}
	}
	return dropped, late
}

// thermalUnits counts every unit of a cluster.
func thermalUnits(c *model.Case) int {
	n := 0
	for i := range c.ThermalUnits {
		n += max(1, c.ThermalUnits[i].Count)
	}
	return n
}

// orEmpty makes an absent list an empty one, which JSON tells apart.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func writeRecord(path string, rec *runRecord) error {
	return atomicfile.Write(path, func(w io.Writer) error { return writeJSON(w, rec) })
}

// digests lists the files below a folder, in order, with their digests.
func digests(dir string) ([]model.InputFile, error) {
	var files []model.InputFile
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		h := sha256.New()
		n, err := io.Copy(h, f)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files = append(files, model.InputFile{Path: filepath.ToSlash(name), SHA256: hex.EncodeToString(h.Sum(nil)), Bytes: n})
		return err
	})
	slices.SortFunc(files, func(a, b model.InputFile) int { return strings.Compare(a.Path, b.Path) })
	return files, err
}

// build says which wattbit this is.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func thisBuild() build {
	return build{Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}.withInfo()
}
