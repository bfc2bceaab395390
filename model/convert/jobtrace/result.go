package jobtrace

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Result is what an import made.
type Result struct {
	// Jobs of the window, nil when the whole trace was looked through.
	Jobs   []model.Job
	Counts Counts
	// From, Hours and StepH are the window, given or taken from the case.
	From         From
	Hours, StepH float64
	// Span is when the jobs that were looked at were released, in hours after
	// the window's beginning, and as dates where the trace has them.
	FirstReleaseH, LastReleaseH float64
	FirstRelease, LastRelease   time.Time

	leftOut map[string]int
	rejects map[string]*RejectReason
}

// Counts says what became of the rows: Rows is the sum of Jobs, Before, After,
// PastEnd, of Running where they are not kept, of those left out and of those
// rejected.
type Counts struct {
	Rows int
	// Jobs kept, before alike ones are merged, and the work of all of them.
	Jobs      int
	WorkUnitH float64
	// Before: ended before the window; After: released after it.
	Before, After int
	// Running when the window began, and Waiting then.
	Running, Waiting int
	// PastEnd cannot end within the window; Cut were kept in part.
	PastEnd, Cut int
	// LaterDeadline got a later deadline than the slack says, because they
	// could not end earlier; DeadlinePastEnd have theirs at the window's end.
	LaterDeadline, DeadlinePastEnd int
	// Preceded come after another job of the window; AfterDone came after one that
	// is not among its jobs, and counts as done.
	Preceded, AfterDone int
	// Renamed have a number added to a name that was given before.
	Renamed int
	// Rejected rows.
	Rejected int
}

// ReasonCount is a reason with the number of rows.
type ReasonCount struct {
	Reason string
	Rows   int
}

// RejectReason is a reason of rejects, with the first few.
type RejectReason struct {
	Column, Reason string
	Rows           int
	First          []Reject
}

// Limits of what is kept of rejects.
const (
	firstRejects     = 3
	maxRejectReasons = 1000
)

func newResult() *Result {
	return &Result{FirstReleaseH: math.Inf(1), LastReleaseH: math.Inf(-1), leftOut: map[string]int{}, rejects: map[string]*RejectReason{}}
}

func (r *Result) leaveOut(reason string) { r.leftOut[reason]++ }

func (r *Result) reject(x Reject) {
	r.Counts.Rejected++
	key := x.Column + "\x00" + x.Reason
	known := r.rejects[key]
	if known == nil {
		if len(r.rejects) >= maxRejectReasons {
			key, x.Column, x.Reason = "", "", "other reasons"
		}
		if known = r.rejects[key]; known == nil {
			known = &RejectReason{Column: x.Column, Reason: x.Reason}
			r.rejects[key] = known
		}
	}
	known.Rows++
	if len(known.First) < firstRejects {
		known.First = append(known.First, x)
	}
}

// span widens the span of releases by a row.
func (r *Result) span(w *row, fromS float64, absolute bool) {
	if w.releaseH < r.FirstReleaseH {
		r.FirstReleaseH = w.releaseH
		if absolute {
			r.FirstRelease = timeOf(w.releaseH*3600 + fromS)
		}
	}
	if w.releaseH > r.LastReleaseH {
		r.LastReleaseH = w.releaseH
		if absolute {
			r.LastRelease = timeOf(w.releaseH*3600 + fromS)
		}
	}
}

// LeftOut returns why rows were left out by rules, the most frequent first.
func (r *Result) LeftOut() []ReasonCount {
	var out []ReasonCount
	for _, reason := range slices.Sorted(maps.Keys(r.leftOut)) {
		out = append(out, ReasonCount{reason, r.leftOut[reason]})
	}
	slices.SortStableFunc(out, func(a, b ReasonCount) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}

// Rejects returns why rows were rejected, the most frequent first.
func (r *Result) Rejects() []RejectReason {
	var out []RejectReason
	for _, key := range slices.Sorted(maps.Keys(r.rejects)) {
		out = append(out, *r.rejects[key])
	}
	slices.SortStableFunc(out, func(a, b RejectReason) int { return cmp.Compare(b.Rows, a.Rows) })
	return out
}

// ofCase makes a reject of what the case finds wrong with a job. The reason is
// the general part, the text all of it.
func ofCase(o origin, f model.Finding) Reject {
	reason, _, _ := strings.Cut(f.Problem, ":")
	if f.Field != "" {
		reason = "the job's " + f.Field + ": " + reason
	}
	return Reject{File: o.file, Line: int(o.line), Reason: "does not fit the case: " + reason, Text: f.Problem}
}
