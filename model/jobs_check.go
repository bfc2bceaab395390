package model

// CheckJobs checks jobs against a valid case as if they were its jobs: the fields
// of each by itself, the names that it refers to, and whether a pool can run it.
// Every finding is handed to found with the job's position; there may be several
// of one job. That names are unique is not checked. The case is not changed.
func (c *Case) CheckJobs(jobs []Job, found func(job int, f Finding)) {
	with := *c
	with.Jobs = jobs
	src := &source{spoiled: map[itemKey]bool{}}
	k := &checker{source: src, c: &with, index: -1, sized: c.Horizon.usable()}
	if k.sized {
		k.hours = c.Horizon.Hours()
	}
	k.names()
	ix := with.Index()
	for i := range jobs {
		src.findings = collector{}
		// What is doubtful is said when the case is read.
		src.warnings = collector{}
		checkItem(k, "jobs", i, &jobs[i], (*Job).check)
		if src.findings.empty() {
			k.placed(ix, ix.JobPlacements(&jobs[i]), "", "no pool can run it")
		}
		for _, f := range src.findings.all() {
			found(i, f)
		}
	}
}
