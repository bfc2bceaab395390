package model

import "fmt"

func (g *JobGroup) check(k *checker) {
	k.refs("jobs", "jobs", g.Jobs)
	placed := g.Together != "" || g.Apart != ""
	size := len(g.Jobs) // with all jobs of classes
	for i, name := range g.Jobs {
		n, ok := k.known["jobs"].at[name]
		if !ok {
			continue
		}
		at := fmt.Sprintf("jobs[%d]", i)
		j := &k.c.Jobs[n]
		if g.OnlyApart() {
			size += j.N() - 1
		} else if j.N() > 1 {
			k.fail(at, fmt.Sprintf("%s is a class of %d jobs, which a group may only keep apart", clip(name), j.N()), "name single jobs, or give the class a group with apart alone")
			continue
		}
		if placed && j.Migration != nil {
			k.fail(at, clip(name)+" may migrate, and the group says where its jobs run", "leave it out of the group, or without migration")
		}
	}
	if size < 2 {
		k.fail("jobs", fmt.Sprintf("has %d jobs to tie", size), "name at least two")
	}
	k.samePlace("together", g.Together)
	k.samePlace("apart", g.Apart)
	switch {
	case g.MaxPer < 0 || g.MaxPer > MaxItems:
		k.fail("max_per", fmt.Sprintf("%d is not a number of jobs", g.MaxPer), fmt.Sprintf("give 1 to %d", MaxItems))
	case g.MaxPer != 0 && g.Apart == "":
		k.fail("max_per", "is given without apart", "give apart, or leave it out")
	}
	k.notNegativeIf("finish_within_h", g.FinishWithinH)
	if !placed && g.FinishWithinH == nil && !g.AllOrNone {
		k.fail("", "ties its jobs by nothing", "give together, apart, finish_within_h or all_or_none")
	}
}

func (k *checker) samePlace(field string, p Place) {
	switch p {
	case "", InPool, InSite, InRegion:
	default:
		k.fail(field, clip(string(p))+" is no place", "give pool, site or region")
	}
}
