package cbc

import (
	"bufio"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/wattbit/wattbit/solver"
)

// stop says who ended a run.
type stop int

const (
	ranOut          stop = iota // cbc ended by itself
	stoppedByTime               // asked to stop after overrunning its time limit
	stoppedByCaller             // asked to stop because the context ended
)

// log is what cbc's output says. Objectives and bounds in it are in the sense
// of minimisation, offset included.
type log struct {
	p          *solver.Problem
	onProgress func(solver.Progress)
	began      time.Time
	reported   time.Time

	verdict    string // of the line "Result - ..."
	timeOut    bool   // cbc says that its time ran out
	nodesOut   bool   // cbc says that its nodes or iterations ran out
	inputError bool
	tightened  bool    // tightening of bounds proves infeasibility
	bound      float64 // best proved, rounded to the safe side
	incumbent  float64 // +Inf while there is none
	nodes      int64
	iterations int64
	last       tail

	stop stop
	late bool // cbc ended by itself, but after its time limit
}

func newLog(p *solver.Problem, onProgress func(solver.Progress)) *log {
	return &log{
		p: p, onProgress: onProgress, began: time.Now(),
		bound: math.Inf(-1), incumbent: math.Inf(1), last: tail{limit: 600},
	}
}

var (
	reSearching = regexp.MustCompile(`^Cbc0010I After (\d+) nodes, .* (\S+) best solution, best possible (\S+) \(`)
	rePartial   = regexp.MustCompile(`^Cbc0005I Partial search - best objective (\S+) \(best possible (\S+)\), took (\d+) iterations and (\d+) nodes`)
	reSolution  = regexp.MustCompile(`^Cbc00\d\dI Integer solution of (\S+) found`)
	reLinear    = regexp.MustCompile(` objective \S+ - (\d+) iterations time `)
)

// maxLine bounds what is kept of one line of output.
const maxLine = 4096

// read takes the output line by line until it ends.
func (l *log) read(r *bufio.Reader) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := maxLine - len(line); room > 0 {
			line = append(line, part[:min(room, len(part))]...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if len(line) > 0 {
			l.last.Write(line)
			l.line(strings.TrimSpace(string(line)))
			line = line[:0]
		}
		if err != nil {
			// The pipe only ends by being closed; io.Discard keeps a child
			// from blocking should that ever be otherwise.
			io.Copy(io.Discard, r)
			return
		}
	}
}

func (l *log) line(s string) {
	if rest, ok := strings.CutPrefix(s, "Result - "); ok {
		l.verdict = rest
		l.timeOut = l.timeOut || strings.HasPrefix(rest, "Stopped on time")
		l.nodesOut = l.nodesOut || strings.HasPrefix(rest, "Stopped on node")
		return
	}
	if m := reSearching.FindStringSubmatch(s); m != nil {
		l.nodes, _ = strconv.ParseInt(m[1], 10, 64)
		l.takeIncumbent(m[2])
		l.takeBound(m[3])
		l.report(false)
		return
	}
	if m := rePartial.FindStringSubmatch(s); m != nil {
		l.takeIncumbent(m[1])
		l.takeBound(m[2])
		l.iterations, _ = strconv.ParseInt(m[3], 10, 64)
		l.nodes, _ = strconv.ParseInt(m[4], 10, 64)
		return
	}
	if m := reSolution.FindStringSubmatch(s); m != nil {
		l.takeIncumbent(m[1])
		l.report(true)
		return
	}
	if m := reLinear.FindStringSubmatch(s); m != nil && l.iterations == 0 {
		l.iterations, _ = strconv.ParseInt(m[1], 10, 64)
		return
	}
	switch {
	case strings.Contains(s, "Exiting on maximum time"):
		l.timeOut = true
	case strings.Contains(s, "Exiting on maximum nodes"):
		l.nodesOut = true
	case s == "Problem is infeasible - tightenPrimalBounds!":
		l.tightened = true
	case strings.HasPrefix(s, "There were ") && strings.HasSuffix(s, "errors on input"),
		strings.HasPrefix(s, "** Current model not valid"),
		strings.HasPrefix(s, "Unable to open file"):
		l.inputError = true
	}
	name, value, ok := strings.Cut(s, ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	switch name {
	case "Enumerated nodes":
		l.nodes, _ = strconv.ParseInt(value, 10, 64)
	case "Total iterations":
		// Zero for linear programs, whatever it took.
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
			l.iterations = n
		}
	case "Lower bound":
		l.takeBound(value)
	}
}

// takeBound keeps the better bound, less what printing may have rounded up.
func (l *log) takeBound(s string) {
	if v, ok := finite(s); ok {
		l.bound = math.Max(l.bound, v-printed(s, v))
	}
}

// printed is half a unit in the last digit of a number as printed. cbc writes
// most numbers with eight significant digits, trailing zeros dropped, but its
// final lower bound with three decimals.
func printed(s string, v float64) float64 {
	const digits = 8
	unit := math.Pow(10, math.Floor(math.Log10(math.Max(math.Abs(v), 1e-300)))+1-digits)
	if _, decimals, ok := strings.Cut(s, "."); ok && len(decimals) == 3 && !strings.ContainsAny(decimals, "e") {
		unit = math.Max(unit, 1e-3)
	}
	if v == 0 && unit < 1e-3 {
		return 0
	}
	return unit / 2
}

func (l *log) takeIncumbent(s string) {
	if v, ok := finite(s); ok {
		l.incumbent = math.Min(l.incumbent, v)
	}
}

// finite parses a number; cbc writes 1e50 and the largest double for infinity.
func finite(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) >= 1e49 {
		return 0, false
	}
	return v, true
}

// reportEvery bounds how often progress is reported.
const reportEvery = 200 * time.Millisecond

func (l *log) report(always bool) {
	if l.onProgress == nil || !always && time.Since(l.reported) < reportEvery {
		return
	}
	l.reported = time.Now()
	g := solver.Progress{
		Elapsed:      time.Since(l.began),
		HasIncumbent: !math.IsInf(l.incumbent, 1),
		Bound:        l.bound,
		Nodes:        l.nodes,
	}
	if g.HasIncumbent {
		g.Objective = l.incumbent
	}
	if l.p.Maximize {
		g.Objective, g.Bound = -g.Objective, -g.Bound
	}
	l.onProgress(g)
}
