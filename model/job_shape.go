package model

// Steady says that the job holds one number of units from its start to its end,
// without a pause: it is rigid or moldable.
func (j *Job) Steady() bool { return j.Shape == Rigid || j.Shape == Moldable }

// Gang says that a preemptible job holds all its units in every period of a run,
// because its interruptions are counted or cost something.
func (j *Job) Gang() bool {
	return j.Shape == Preemptible &&
		(j.MaxInterruptions != nil || j.RestartH > 0 || j.CheckpointLossH > 0 || j.Migration != nil)
}

// Fluid says that a preemptible job holds any number of units up to its own in
// each period.
func (j *Job) Fluid() bool { return j.Shape == Preemptible && !j.Gang() }

// Widths returns what the job does at each width that it can hold: its scaling
// or, without one, its units.
func (j *Job) Widths() []ScalingPoint {
	if len(j.Scaling) > 0 {
		return j.Scaling
	}
	return []ScalingPoint{{Units: j.Units, EffectiveUnits: j.Units}}
}

// Narrowest and Widest are the ends of Widths.
func (j *Job) Narrowest() ScalingPoint { return j.Widths()[0] }

// Widest is the last of Widths.
func (j *Job) Widest() ScalingPoint { w := j.Widths(); return w[len(w)-1] }

// EffectiveUnits returns what the job does with so many units of a pool: along
// the straight lines between its widths, nothing below the narrowest, and with
// more than the widest no more than that.
func (j *Job) EffectiveUnits(units float64) float64 {
	w := j.Widths()
	if units < w[0].Units {
		return 0
	}
	for k := 1; k < len(w); k++ {
		if a, b := w[k-1], w[k]; units < b.Units {
			return a.EffectiveUnits + (units-a.Units)*(b.EffectiveUnits-a.EffectiveUnits)/(b.Units-a.Units)
		}
	}
	return w[len(w)-1].EffectiveUnits
}

// MostEffective returns the most that the job does in a period in which a pool
// has so many units for it, before the pool's speed.
func (j *Job) MostEffective(units float64) float64 {
	if j.Fluid() {
		return min(j.Units, units)
	}
	return j.EffectiveUnits(units)
}

// InterruptionH returns the work that an interruption adds in a pool of speed 1,
// in unit-hours.
func (j *Job) InterruptionH() float64 {
	return (j.RestartH + j.CheckpointLossH) * j.Narrowest().EffectiveUnits
}

// WorkLeft returns the work of one job that is not done when the horizon begins.
func (j *Job) WorkLeft() float64 {
	if j.Running == nil {
		return j.WorkUnitH
	}
	return max(0, j.WorkUnitH-j.Running.DoneUnitH)
}

// LateFrom returns the hour from which lateness counts, nil where there is none.
func (j *Job) LateFrom() *float64 {
	if j.DueH != nil {
		return j.DueH
	}
	return j.DeadlineH
}

// LateHours returns the hours from LateFrom to the beginning of period end, where
// the job's work has ended; end may be T.
func (ix *Index) LateHours(j *Job, end int) float64 {
	from := j.LateFrom()
	if from == nil {
		return 0
	}
	if late := ix.Starts[end] - *from; late > durationSlack {
		return late
	}
	return 0
}

// HardDeadline returns the hour by which the job must have ended, nil for none.
func (j *Job) HardDeadline() *float64 {
	if j.DueH == nil && j.LatePricePerH != nil {
		return nil
	}
	return j.DeadlineH
}

// MayLeaveWork says whether the job may leave work at the horizon's end: it has a
// backlog price, and no hard deadline by then.
func (ix *Index) MayLeaveWork(j *Job) bool {
	d := j.HardDeadline()
	return j.BacklogPricePerUnitH != nil && (d == nil || *d > ix.Starts[len(ix.Hours)]+durationSlack)
}

// JobSpeed returns the speed of a unit of the pool for the job. A speed of a kind
// that a power level has from its base is slower or faster there as the level is
// than the base.
func (ix *Index) JobSpeed(j *Job, pool int) float64 {
	p, base := &ix.c.Pools[pool], &ix.c.Pools[ix.bases[pool]]
	for _, s := range j.KindSpeeds {
		switch {
		case s.Kind == p.Kind && (p.Kind != "" || base == p):
			return s.Speed
		case p.Kind == "" && s.Kind == base.Kind:
			return s.Speed * p.UnitSpeed() / base.UnitSpeed()
		}
	}
	return p.UnitSpeed()
}

// DropCost returns what one job costs that is not done: its value, and its drop
// price.
func (c *Case) DropCost(j *Job) float64 {
	price := 0.0
	switch {
	case j.DropPrice != nil:
		price = *j.DropPrice
	case j.Value == 0:
		price = c.Penalties.Drop() * j.WorkUnitH
		for range j.Priority {
			price *= c.Penalties.Priority()
		}
	}
	return j.Value + price
}
