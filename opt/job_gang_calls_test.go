package opt_test

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// calledGang is a gang of a plan whose promises are called: what it does, hour by hour.
type calledGang struct {
	*called
	job     *model.Job
	on      []bool    // by period: it holds its units
	busy    []float64 // by period: the part of them that is busy
	running bool      // when the horizon begins
}

func newCalledGang(v *called, job *model.Job, one *model.JobPlan) *calledGang {
	g := &calledGang{called: v, job: job, on: make([]bool, len(v.units)), busy: make([]float64, len(v.units)), running: job.Running != nil}
	for k, units := range one.HeldUnits {
		g.on[one.First+k] = units > 0
	}
	for t, units := range v.units {
		g.busy[t] = units / job.Units
	}
	return g
}

const gangSlack = 1e-5 // of hours and of parts of a gang

// play replays the gang under calls, and says what goes wrong.
func (g *calledGang) play(calls []aCall) string {
	if why := g.whole(); why != "" {
		return why
	}
	begun, ran, pauses := g.running, 0.0, 0 // ran is when it stood still last
	holds := func(from, to float64) {
		if to <= from+gangSlack {
			return
		}
		if begun && from > ran+gangSlack {
			pauses++
		}
		begun, ran = true, to
	}
	behind, until := 0.0, 0.0 // until is the time to which it is stopped
	for t, h := range g.ix.Hours {
		start := g.ix.Starts[t]
		for _, x := range calls {
			if g.stops(x) == t {
				if until <= start+gangSlack {
					behind += g.job.RestartH + g.job.CheckpointLossH
				}
				until = math.Max(until, g.ix.Starts[x.start]+g.c.Reserves[x.product].Sustained())
			}
		}
		from := math.Min(start+h, math.Max(start, until))
		left := start + h - from
		switch {
		case g.on[t]:
			behind += math.Max(0, g.busy[t]*h-left)
			holds(from, start+h)
		case g.spare[t] > 0:
			catchUp := math.Min(behind, left)
			behind -= catchUp
			holds(from, from+catchUp)
		}
	}
	if behind > gangSlack {
		return fmt.Sprintf("%g h are not done in its window", behind)
	}
	if most := g.job.MaxInterruptions; most != nil && pauses > *most {
		return fmt.Sprintf("it pauses %d times of %d", pauses, *most)
	}
	return ""
}

// stops is the period from which a call stops the gang; -1 for none.
func (g *calledGang) stops(x aCall) int {
	end, _ := g.ix.EndOf(x.start, g.c.Reserves[x.product].Sustained())
	for t := x.start; t < end; t++ {
		if g.up[x.product][t] > 0 {
			return t
		}
	}
	return -1
}

// whole says where the gang promises, or keeps, some of its units only, or cannot.
func (g *calledGang) whole() string {
	for t := range g.on {
		promised := 0.0
		for _, u := range g.up {
			promised += u[t] / g.job.Units
		}
		kept := g.spare[t] / g.job.Units
		switch {
		case promised > gangSlack && math.Abs(promised-1) > gangSlack || kept > gangSlack && math.Abs(kept-1) > gangSlack:
			return "it promises or keeps a part of its units"
		case promised > g.busy[t]+gangSlack:
			return "it promises more than is busy"
		case kept > 0 && (g.on[t] || t < g.first || t >= g.due):
			return "spare units are of no use"
		case kept > 0 && (t == 0 || !g.on[t-1] && g.spare[t-1] == 0):
			return "spare units follow nothing"
		}
	}
	return ""
}
