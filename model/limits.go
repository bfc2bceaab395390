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
	// MaxNameBytes of a name.
	MaxNameBytes = 200
)
