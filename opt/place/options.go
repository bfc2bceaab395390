package place

import (
	"math"
	"runtime"
)

// Options of a placement. A zero takes its default.
type Options struct {
	// Passes over all jobs. Default 36 for 100,000 jobs, more for fewer (for
	// these a pass is cheap and the bound needs them): up to 150, at least 24.
	Passes int
	// Anneal is the number of passes, the last ones, over which capacity grows
	// hard. Default a third of the passes.
	Anneal int
	// Block is the number of jobs placed between two looks at the prices.
	// Default 256.
	Block int
	// SoftStart and SoftEnd say how far over its capacity a cell may be loaded,
	// relative, before its own price of capacity reaches the typical price of
	// use: at the start and at the end. Default 3 and 0.1.
	SoftStart, SoftEnd float64
	// BigShare of the capacity of an average pool, or link, in the job's reach
	// above which a job's own weight on prices is looked at before it is placed.
	// Default 0.1.
	BigShare float64
	// Polish is the number of rounds of improvement within hard capacity.
	// Default 3.
	Polish int
	// Ejections tried in a round: a job of high regret takes its place, those
	// in its way look for another. Default 2000.
	Ejections int
	// BoundEvery so many passes, and after the last, the bound is reckoned.
	// Default 5.
	BoundEvery int
	// Reheats: jobs dropped at high regret are set in, and the others arrange
	// themselves around them. Default 1, up to 8 for less than 10,000 jobs;
	// negative for none.
	Reheats int
	// Gap, relative, within which a placement in which no job moves any more is good enough.
	// Default 1e-6.
	Gap float64
	// Seed of the order of jobs of equal work.
	Seed uint64
	// Threads at most. Default GOMAXPROCS. The answer does not depend on it.
	Threads int
	// WorkLimit is the number of questions to oracles after which the placement
	// is brought to an end. Default none.
	WorkLimit int64
	// OnPass is told of each pass.
	OnPass func(PassReport)
}

func (o Options) withDefaults(jobs int) Options {
	set := func(v *int, fallback int) {
		if *v <= 0 {
			*v = fallback
		}
	}
	set(&o.Passes, int(min(150, max(24, 36*math.Pow(1e5/max(1, float64(jobs)), 0.3)))))
	set(&o.Anneal, max(1, o.Passes/3))
	set(&o.Block, 256)
	set(&o.BoundEvery, 5)
	set(&o.Polish, 3)
	set(&o.Ejections, 2000)
	set(&o.Threads, runtime.GOMAXPROCS(0))
	if o.Reheats == 0 {
		o.Reheats = int(min(8, max(1, 1e4/max(1, float64(jobs)))))
	}
	setFloat := func(v *float64, fallback float64) {
		if *v <= 0 {
			*v = fallback
		}
	}
	setFloat(&o.SoftStart, 3)
	setFloat(&o.SoftEnd, 0.1)
	setFloat(&o.BigShare, 0.1)
	setFloat(&o.Gap, 1e-6)
	return o
}
