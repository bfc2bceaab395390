package model

// Limits of a case. They keep a file from asking for more memory than a machine
// has; every one is far above what a solver can plan.
const (
	// MaxPeriods of a horizon.
	MaxPeriods = 100_000
	// MaxPeriodHours is the longest period.
	MaxPeriodHours = 168
	// MaxItems of a section.
	MaxItems = 1_000_000
	// MaxParts of a list within an item: a job's inputs, outputs, datasets,
	// predecessors, widths, speeds and products, a workload's pinned sites.
	MaxParts = 1000
	// MaxPriority of a job.
	MaxPriority = 9
	// MinWorkUnitH is the least work of a job, and what is left of one that runs: the
	// tolerance within which a plan is verified, 0.36 s of a unit.
	MinWorkUnitH = 1e-4
	// MaxNameBytes of a name.
	MaxNameBytes = 200
)
