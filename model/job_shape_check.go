package model

import "fmt"

// checkShape checks what the shape asks for, and that nothing is given that the
// shape does not know.
func (j *Job) checkShape(k *checker) {
	pauses := j.Shape == Preemptible || j.Shape == Malleable
	switch j.Shape {
	case Rigid, Preemptible:
		k.positive("units", j.Units)
		if len(j.Scaling) > 0 {
			k.fail("scaling", fmt.Sprintf("is given, and the job is %s", j.Shape), "leave it out, or make the job moldable or malleable")
		}
	case Moldable, Malleable:
		if j.Units != 0 {
			k.fail("units", fmt.Sprintf("is given, and the job is %s: scaling gives its widths", j.Shape), "leave it out")
		}
		if len(j.Scaling) == 0 {
			k.fail("scaling", fmt.Sprintf("is missing, and the job is %s", j.Shape), "give a point for each width, as in [{units: 4, effective_units: 4}, {units: 8, effective_units: 7}]")
		}
		j.checkScaling(k)
	default:
		k.fail("shape", clip(string(j.Shape))+" is no shape", "give rigid, preemptible, moldable or malleable")
		return
	}
	if n := j.MaxInterruptions; n != nil && (*n < 0 || *n > MaxItems) {
		k.fail("max_interruptions", fmt.Sprintf("%d is not a number of interruptions", *n), fmt.Sprintf("give 0 to %d, or leave it out for any number", MaxItems))
	}
	k.notNegative("restart_h", j.RestartH)
	k.notNegative("checkpoint_loss_h", j.CheckpointLossH)
	j.checkMigration(k)
	if pauses {
		return
	}
	for _, f := range []struct {
		field string
		given bool
	}{
		{"max_interruptions", j.MaxInterruptions != nil},
		{"restart_h", j.RestartH != 0},
		{"checkpoint_loss_h", j.CheckpointLossH != 0},
		{"migration", j.Migration != nil},
	} {
		if f.given {
			k.fail(f.field, fmt.Sprintf("is given, and a %s job is never interrupted", j.Shape), "leave it out, or make the job preemptible or malleable")
		}
	}
}

func (j *Job) checkMigration(k *checker) {
	m := j.Migration
	if m == nil {
		return
	}
	k.notNegative("migration.gb", m.GB)
	k.notNegative("migration.pause_h", m.PauseH)
	if m.MaxMoves < 0 || m.MaxMoves > MaxItems {
		k.fail("migration.max_moves", fmt.Sprintf("%d is not a number of moves", m.MaxMoves), fmt.Sprintf("give 1 to %d", MaxItems))
	}
	if n := j.MaxInterruptions; n != nil && *n == 0 {
		k.warn("migration", "is an interruption, of which max_interruptions 0 allows none: the job does not migrate", "")
	}
}

// checkScaling checks that widths rise and that the curve through the origin
// and the points is concave and does not fall.
func (j *Job) checkScaling(k *checker) {
	if !k.fewParts("scaling", len(j.Scaling)) {
		return
	}
	var before ScalingPoint
	slope := 1.0 // of the line before
	for i, p := range j.Scaling {
		at := fmt.Sprintf("scaling[%d].", i)
		if ok := k.positive(at+"units", p.Units); !k.positive(at+"effective_units", p.EffectiveUnits) || !ok {
			return
		}
		switch {
		case p.EffectiveUnits > p.Units:
			k.fail(at+"effective_units", fmt.Sprintf("%s is above units %s", num(p.EffectiveUnits), num(p.Units)), "give at most the units")
			return
		case p.Units <= before.Units:
			k.fail(at+"units", fmt.Sprintf("%s is not above the width before, %s", num(p.Units), num(before.Units)), "order the points from the narrowest to the widest")
			return
		case p.EffectiveUnits < before.EffectiveUnits:
			k.fail(at+"effective_units", fmt.Sprintf("%s is below that of the width before, %s", num(p.EffectiveUnits), num(before.EffectiveUnits)), "leave out widths that do less than narrower ones")
			return
		}
		next := (p.EffectiveUnits - before.EffectiveUnits) / (p.Units - before.Units)
		if next > slope*(1+1e-9) {
			k.fail(at+"effective_units", fmt.Sprintf("%s is more than the points before it let expect: the curve is not concave", num(p.EffectiveUnits)),
				fmt.Sprintf("give at most %s, or mend the points before", short(before.EffectiveUnits+slope*(p.Units-before.Units))))
			return
		}
		before, slope = p, next
	}
}
