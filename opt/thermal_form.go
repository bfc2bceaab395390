package opt

// ThermalForm chooses how a thermal unit is written. The zero value is the
// default, chosen by measurement (docs/model/thermal.md); every choice has the
// same optimum.
type ThermalForm struct {
	Limits       GenerationLimits
	Segments     SegmentRows
	Trajectories TrajectoryRows
	Ramps        RampRows
	Reserve      ReserveColumns
	Tiers        StartupRows
}

// GenerationLimits chooses the rows that bound output around starts and stops.
type GenerationLimits int

const (
	// LimitsTight joins start and stop in one row where the minimum up time
	// allows it (MLR13).
	LimitsTight GenerationLimits = iota
	// LimitsTwoRows writes one row for starts and one for stops. A cluster
	// keeps the joint row, which says more than the two.
	LimitsTwoRows
)

// SegmentRows chooses what bounds a segment of a single unit's cost curve.
type SegmentRows int

const (
	// SegmentsTight keeps every segment within what starts and stops leave of
	// it (KOW20).
	SegmentsTight SegmentRows = iota
	// SegmentsPlain keeps every segment within its width while the unit is on.
	SegmentsPlain
)

// TrajectoryRows chooses how far limits around a single unit's starts and stops
// reach.
type TrajectoryRows int

const (
	// TrajectoriesFull follows a start upwards for as long as the ramp and the
	// minimum up time bind, a stop backwards likewise, and uses both in the ramp
	// rows.
	TrajectoriesFull TrajectoryRows = iota
	// TrajectoriesNone bounds the first and the last period on alone.
	TrajectoriesNone
)

// RampRows chooses which ramp rows are written.
type RampRows int

const (
	// RampsThatBind leaves out the rows that the generation limits imply.
	RampsThatBind RampRows = iota
	// RampsAll writes every row.
	RampsAll
)

// ReserveColumns chooses how upward reserve that only the generation limits
// bound is written.
type ReserveColumns int

const (
	// ReserveRest counts all that is left below the limits towards the product,
	// without columns; where more than one limit bounds the reserve, its column
	// holds the power above the minimum too.
	ReserveRest ReserveColumns = iota
	// ReserveAll gives every product a column of its reserve.
	ReserveAll
)

// StartupRows chooses how starts are matched to stops.
type StartupRows int

const (
	// StartupPairs has a column for each pair of a stop and a warm start (FG06,
	// KOW20).
	StartupPairs StartupRows = iota
	// StartupWindows has a column for each warm tier of a start, bounded by the
	// stops of the tier's window (MLR13). A cluster keeps the pairs.
	StartupWindows
)
