package opt

import "github.com/wattbit/wattbit/model"

// jobNeeds says what others ask of a class. Shapes whose events cost columns add
// those that are needed.
type jobNeeds struct {
	// begin says, by pool, that something must be there before a job begins,
	// so that begin events tell periods apart.
	begin []bool
	// end says that something waits for the job's end, so that end events
	// tell periods apart; exactEnd that work must not end before them either.
	end, exactEnd bool
	// holds says that somebody counts what the class holds.
	holds bool
	// tied says that where the class may go depends on other jobs.
	tied bool
}

// needed finds what others ask of each class.
func (k *jobs) needed(m *Model) {
	for i := range k.classes {
		c := &k.classes[i]
		if c.outside {
			continue
		}
		c.needs = jobNeeds{begin: make([]bool, len(c.places)), end: c.sends(m)}
		for p, place := range c.places {
			c.needs.begin[p] = place.OK && (len(c.job.After) > 0 || c.waits(m, m.poolRegion[p]))
		}
		for _, q := range m.Case.Quotas {
			if q.Owner == c.job.Owner {
				c.needs.holds, c.needs.tied = true, true
			}
		}
	}
	for i := range k.classes {
		if k.classes[i].outside {
			continue // so is what it comes after
		}
		for _, p := range k.classes[i].job.After {
			other := &k.classes[m.ix.Jobs[p.Job]]
			other.needs.end = true
			k.classes[i].needs.tied, other.needs.tied = true, true
		}
	}
	for _, g := range m.Case.JobGroups {
		for _, name := range g.Jobs {
			c := &k.classes[m.ix.Jobs[name]]
			if c.outside {
				break // all its jobs are
			}
			c.needs.tied = true
			if g.FinishWithinH != nil {
				c.needs.end, c.needs.exactEnd = true, true
			}
		}
	}
}

// waits says whether a job that begins in a region waits for data.
func (c *jobClass) waits(m *Model, region string) bool {
	if m.ix.HasData(c.job, region) {
		return false
	}
	for _, in := range c.job.Inflows() {
		if in.GB > 0 && in.Region != region {
			return true
		}
	}
	for _, name := range c.job.Datasets {
		d := &m.Case.Datasets[m.ix.Datasets[name]]
		if _, there := m.ix.DatasetSources(d, region); !there && d.GB > 0 {
			return true
		}
	}
	return false
}

// sends says whether a job of the class may have output to send.
func (c *jobClass) sends(m *Model) bool {
	for _, out := range c.job.Outputs {
		for _, place := range c.places {
			if place.OK && out.GB > 0 && m.poolRegion[place.Pool] != out.Region {
				return true
			}
		}
	}
	return false
}

// reads says whether a job of the class that begins in a region waits for a copy
// of the dataset there.
func (c *jobClass) reads(m *Model, d *model.Dataset, region string) bool {
	for _, name := range c.job.Datasets {
		if name != d.Name || d.GB <= 0 || m.ix.HasData(c.job, region) {
			continue
		}
		if _, there := m.ix.DatasetSources(d, region); there {
			continue
		}
		for _, place := range c.places {
			if place.OK && m.poolRegion[place.Pool] == region {
				return true
			}
		}
	}
	return false
}
