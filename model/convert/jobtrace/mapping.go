package jobtrace

import (
	"github.com/wattbit/wattbit/model"
)

// MappingFormat is the version of the format of mapping files.
const MappingFormat = "wattbit-jobs/1"

// Mapping says how the rows of a trace become jobs.
type Mapping struct {
	// Format is MappingFormat.
	Format string `json:"format"`
	// About says in a line what the mapping is for.
	About string `json:"about,omitempty"`
	// Trace is how the file is laid out. Left out where a preset says it.
	Trace *Layout `json:"trace,omitempty"`
	// Fields of a job that columns hold.
	Fields Fields `json:"fields,omitempty"`
	// Rules apply in their order; where two say the same, the later counts.
	Rules []Rule `json:"rules,omitempty"`
}

// LayoutKind is a kind of file.
type LayoutKind string

// The kinds of files that are read.
const (
	// Table is a line a row, with a delimiter.
	Table LayoutKind = "table"
	// SWF is the Standard Workload Format, version 2.2.
	SWF LayoutKind = "swf"
	// Kubernetes is JSON as kubectl get -o json prints it.
	Kubernetes LayoutKind = "kubernetes"
)

// Layout is how a trace is laid out.
type Layout struct {
	Kind LayoutKind `json:"kind"`
	// Delimiter of a table, one character. Default ",".
	Delimiter string `json:"delimiter,omitempty"`
	// Quotes says that cells of a table may stand in double quotes, a quote in
	// them doubled. Default: with a comma they may, else not.
	Quotes *bool `json:"quotes,omitempty"`
	// Columns of a table that has no row of names.
	Columns []string `json:"columns,omitempty"`
	// Missing are texts that stand for a cell without a value, beside the empty
	// one.
	Missing []string `json:"missing,omitempty"`
	// Zone of dates without an offset, as in Europe/Berlin. Default UTC.
	Zone string `json:"zone,omitempty"`
}

// Fields are what columns of a trace hold. Where there are several sources, the
// first one with a value counts; of length, limit and units, with one above 0.
type Fields struct {
	// Name columns, joined by a slash. Left out: job- and the line.
	Name []string `json:"name,omitempty"`
	// Release is when the job was submitted.
	Release []Source `json:"release,omitempty"`
	// Start, or Wait between release and start. Left out, a job is taken to
	// have started when it was released.
	Start []Source `json:"start,omitempty"`
	Wait  []Source `json:"wait,omitempty"`
	// NoStart says what a row without a value of start or wait is: waiting (the
	// default), or at_release when the trace does not know.
	NoStart string `json:"no_start,omitempty"`
	// End of the run. With a start it gives the length.
	End []Source `json:"end,omitempty"`
	// Length of the run on the machine of the trace, where no end gives it.
	Length []Source `json:"length,omitempty"`
	// Limit of wall time that the user stated; rules can refer to it.
	Limit []Source `json:"limit,omitempty"`
	// Units held at once.
	Units []Source `json:"units,omitempty"`
	// Copy sets further fields of the job from columns, such as region or owner.
	// Where several with a value set the same field, the last one counts.
	Copy []Copy `json:"copy,omitempty"`
	// After is the job that must have ended before this one begins. Left out: none.
	After *After `json:"after,omitempty"`
}

// After says which job comes before.
type After struct {
	// Column of that job's name, as the columns of name give it. One that is not
	// among the jobs of the window counts as done.
	Column string `json:"column"`
	// Lag between the end of that job and the beginning of this one. Default 0.
	Lag []Source `json:"lag,omitempty"`
}

// Source is where a value is found.
type Source struct {
	// Column of the trace. Left out where Value is given.
	Column string `json:"column,omitempty"`
	// Unit of the cell; see units.
	Unit string `json:"unit,omitempty"`
	// Pattern is a regular expression with one group; the group is the value,
	// and a cell that does not match has none.
	Pattern string `json:"pattern,omitempty"`
	// Times are columns to multiply with: instances, nodes.
	Times []string `json:"times,omitempty"`
	// Factor to multiply with. Default 1.
	Factor *float64 `json:"factor,omitempty"`
	// Value for all rows; of a length or limit in hours.
	Value *float64 `json:"value,omitempty"`
}

// Copy sets a field of a job to the text of a column.
type Copy struct {
	Field  string `json:"field"`
	Column string `json:"column"`
	// Prefix of the text, as in "queue-" where cells are numbers.
	Prefix string `json:"prefix,omitempty"`
	// Values say what some texts become, the first that fits; a text that none fits
	// sets nothing. Left out, the text itself is the field's.
	Values []Value `json:"values,omitempty"`
	// Optional columns may be missing in the trace.
	Optional bool `json:"optional,omitempty"`
}

// Value is what a text becomes.
type Value struct {
	// Is lists texts, Matches is a regular expression that part of the text
	// matches; one of both.
	Is      []string `json:"is,omitempty"`
	Matches string   `json:"matches,omitempty"`
	To      string   `json:"to"`
}

// Rule says something about the rows that it matches.
type Rule struct {
	// When all conditions hold the rule applies; without any, to every row.
	When []Condition `json:"when,omitempty"`
	// LeaveOut says why such rows are no jobs to plan. They are counted.
	LeaveOut string `json:"leave_out,omitempty"`
	// Job gives fields of the job.
	Job *model.JobFields `json:"job,omitempty"`
	// Slack sets the deadline.
	Slack *Slack `json:"slack,omitempty"`
	// Running says where such jobs are that run when the window begins, where these
	// are kept as running jobs.
	Running *Running `json:"running,omitempty"`
	// PerUnit and PerUnitH give fields as multiples of the job's units and of
	// its unit-hours of work.
	PerUnit  *Scaled `json:"per_unit,omitempty"`
	PerUnitH *Scaled `json:"per_unit_h,omitempty"`
}

// Condition is one on a column or on a quantity that was read.
type Condition struct {
	// Column, or else Of: units, length_h, limit_h, work_unit_h.
	Column string `json:"column,omitempty"`
	Of     string `json:"of,omitempty"`
	// Matches is a regular expression that part of the cell matches.
	Matches string `json:"matches,omitempty"`
	// Is lists texts of which the cell is one.
	Is []string `json:"is,omitempty"`
	// Above and AtMost bound a number. A cell without one holds neither.
	Above  *float64 `json:"above,omitempty"`
	AtMost *float64 `json:"at_most,omitempty"`
	// Not turns the condition round.
	Not bool `json:"not,omitempty"`
}

// Running is where a job runs.
type Running struct {
	// Pool by name, or Column that holds its name.
	Pool   string `json:"pool,omitempty"`
	Column string `json:"column,omitempty"`
	// Pinned jobs stay there.
	Pinned bool `json:"pinned,omitempty"`
}

// Slack sets a deadline:
//
//	release + factor * length + limit_factor * limit + hours
//
// with a limit that is not stated taken as the length.
type Slack struct {
	Factor      float64 `json:"factor,omitempty"`
	LimitFactor float64 `json:"limit_factor,omitempty"`
	Hours       float64 `json:"hours,omitempty"`
}

// Scaled are fields of a job that grow with it.
type Scaled struct {
	LatePricePerH *float64 `json:"late_price_per_h,omitempty"`
	DropPrice     *float64 `json:"drop_price,omitempty"`
	InputGB       *float64 `json:"input_gb,omitempty"`
	// Inputs and Outputs replace those of the job.
	Inputs  []ScaledFlow `json:"inputs,omitempty"`
	Outputs []ScaledFlow `json:"outputs,omitempty"`
}

// ScaledFlow is data of a job that grow with it.
type ScaledFlow struct {
	// Region where an input lies or an output goes. Left out: the job's.
	Region string `json:"region,omitempty"`
	// GB for each unit, or unit-hour.
	GB float64 `json:"gb"`
}

// ReadMapping reads a mapping file. The error is model.Findings.
func ReadMapping(file string, text []byte) (*Mapping, error) {
	m := new(Mapping)
	if len(text) > maxMappingBytes {
		return nil, model.Findings{{File: file, Problem: "is larger than a mapping can be", Remedy: "give a mapping, not a trace"}}
	}
	if err := model.ReadDocument(file, text, m); err != nil {
		return nil, err
	}
	if m.Format != MappingFormat {
		return nil, model.Findings{{File: file, Field: "format", Problem: "is not a version that is known", Remedy: "write " + MappingFormat}}
	}
	return m, nil
}

const maxMappingBytes = 1 << 20

// Over returns the mapping on top of another: what it says of the trace and of
// fields replaces what the base says, and its rules come after the base's.
func (m *Mapping) Over(base *Mapping) *Mapping {
	out := *base
	if m.About != "" {
		out.About = m.About
	}
	if m.Trace != nil {
		out.Trace = m.Trace
	}
	f, g := &out.Fields, &m.Fields
	replace(&f.Name, g.Name)
	replace(&f.Release, g.Release)
	replace(&f.Start, g.Start)
	replace(&f.Wait, g.Wait)
	replace(&f.End, g.End)
	replace(&f.Length, g.Length)
	replace(&f.Limit, g.Limit)
	replace(&f.Units, g.Units)
	if g.NoStart != "" {
		f.NoStart = g.NoStart
	}
	if g.After != nil {
		f.After = g.After
	}
	f.Copy = append(append([]Copy(nil), f.Copy...), g.Copy...)
	out.Rules = append(append([]Rule(nil), base.Rules...), m.Rules...)
	return &out
}

func replace[T any](old *[]T, with []T) {
	if len(with) > 0 {
		*old = with
	}
}
