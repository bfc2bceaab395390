package model

import (
	"fmt"
	"slices"
)

// checkTiedReserves refuses products of jobs whose end other things in the case
// wait for: a job that is called catches up, or works ahead.
func (c *Case) checkTiedReserves(k *checker) {
	awaited, finishing := map[string]bool{}, map[string]string{}
	for i := range c.Jobs {
		for _, a := range c.Jobs[i].After {
			awaited[a.Job] = true
		}
	}
	for i := range c.JobGroups {
		if g := &c.JobGroups[i]; g.FinishWithinH != nil {
			for _, job := range g.Jobs {
				finishing[job] = g.Name
			}
		}
	}
	for i := range c.Jobs {
		j := &c.Jobs[i]
		if len(j.Reserves) == 0 {
			continue
		}
		k.in("jobs", i, itemLabel(j.Name, i))
		if awaited[j.Name] {
			k.fail("reserves", "is given, and another job comes after this one: a call may move its end", "leave it out")
		}
		if group, ok := finishing[j.Name]; ok {
			k.fail("reserves", fmt.Sprintf("is given, and group %s has finish_within_h: a call may move the job's end", clip(group)), "leave it out")
		}
	}
	k.in("", -1, "")
}

// checkReserves checks the products that the job offers, and what it says of
// itself against calls of them.
func (j *Job) checkReserves(k *checker) {
	if k.notNegative("drop_minutes", j.DropMinutes) && j.DropMinutes > 0 && j.Shape != Preemptible && len(j.Reserves) == 0 {
		k.fail("drop_minutes", fmt.Sprintf("is given, and the job is %s: only a preemptible one can be called", j.Shape), "leave it out")
	}
	if len(j.Reserves) == 0 || !k.fewParts("reserves", len(j.Reserves)) {
		return
	}
	k.refs("reserves", "reserves", j.Reserves)
	refuse := func(problem string) { k.fail("reserves", "is given, and "+problem, "leave it out") }
	switch {
	case j.Shape != Preemptible:
		refuse(fmt.Sprintf("the job is %s: only a preemptible one can be called", j.Shape))
	case j.Migration != nil:
		refuse("the job may migrate: where it would catch up is not known")
	}
	if len(j.Outputs) > 0 {
		refuse("the job has outputs: a call may move its end")
	}
	if len(j.After) > 0 {
		refuse("the job comes after others: a call may move its begin")
	}
	up, down := "", ""
	for _, name := range j.Reserves {
		i, ok := k.known["reserves"].at[name]
		if !ok {
			continue
		}
		switch k.c.Reserves[i].Direction {
		case Up:
			up = name
		case Down:
			down = name
		}
	}
	if up != "" && down != "" {
		refuse(fmt.Sprintf("%s is upward and %s downward: a job provides one direction", clip(up), clip(down)))
	}
	if down != "" && j.Gang() {
		refuse("the job holds all its units or none (max_interruptions, restart_h or checkpoint_loss_h), and " + clip(down) + " is downward: it cannot work ahead")
	}
	if down != "" && (len(j.Inputs) > 0 || j.InputGB > 0 || len(j.Datasets) > 0) {
		refuse("the job has inputs or datasets, and " + clip(down) + " is downward: it may be called before they are there")
	}
}

// warnTooFast warns of products that call the job faster than it drops.
func (k *checker) warnTooFast(ix *Index, j *Job) {
	for n, name := range j.Reserves {
		if r := &ix.c.Reserves[ix.Reserves[name]]; !j.InTime(r) {
			k.warn(fmt.Sprintf("reserves[%d]", n), fmt.Sprintf("the job takes %s minutes to drop (drop_minutes), and %s must be there in %s: it provides none",
				num(j.DropMinutes), clip(name), num(r.DeliveryMinutes())), "")
		}
	}
}

// warnTooOften warns of products that call the job more often than it may be interrupted.
func (k *checker) warnTooOften(ix *Index, j *Job) {
	for n, name := range j.Reserves {
		if r := &ix.c.Reserves[ix.Reserves[name]]; !j.Endures(r) {
			k.warn(fmt.Sprintf("reserves[%d]", n), fmt.Sprintf("max_interruptions is %d, and %s may be called more often (activations %d): the job provides none",
				*j.MaxInterruptions, clip(name), r.Calls()), "")
		}
	}
}

// warnOutOfZone warns of products that no pool that can run the job provides.
func (k *checker) warnOutOfZone(ix *Index, j *Job, placements []Placement) {
	for n, name := range j.Reserves {
		zone := ix.c.Reserves[ix.Reserves[name]].Buses
		there := func(p Placement) bool {
			return p.OK && slices.Contains(zone, ix.c.Sites[ix.Sites[ix.c.Pools[p.Pool].Site]].Bus)
		}
		if len(zone) > 0 && !slices.ContainsFunc(placements, there) {
			k.warn(fmt.Sprintf("reserves[%d]", n), "no pool that can run the job lies in the zone of "+clip(name), "")
		}
	}
}
