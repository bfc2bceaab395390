package model

// ComputingOutages asks that synchronous work stays servable when any single site
// or data link is lost. For every outage and period there must be other routes
// of the covered workloads over what is left, for all that the plan serves of
// them, in the capacity of the modules that the plan has on, the import limits of
// sites, what their cooling serves, and the capacity of data links. What is missing
// is short, at penalties.outage_short_price_per_unit_h.
type ComputingOutages struct {
	// Classes of the covered workloads. None: no outage is looked at.
	Classes []string `json:"classes,omitempty"`
	// Sites says that any one site may be lost, with all its pools.
	Sites bool `json:"sites,omitempty"`
	// DataLinks says that any one data link may be lost, both ways.
	DataLinks bool `json:"data_links,omitempty"`
	// PreemptibleYields says that preemptible and malleable jobs give their units
	// and their power to the workloads that are moved. Default true.
	PreemptibleYields *bool `json:"preemptible_yields,omitempty"`
}

// JobsYield returns preemptible_yields or its default.
func (o *ComputingOutages) JobsYield() bool {
	return o.PreemptibleYields == nil || *o.PreemptibleYields
}

// Yields says whether a job's units and power are there for the workloads that an
// outage moves.
func (o *ComputingOutages) Yields(j *Job) bool {
	return o.JobsYield() && (j.Shape == Preemptible || j.Shape == Malleable)
}

// Outage is the loss of one site or one data link.
type Outage struct {
	// Site and DataLink are positions in the case; the one that is not lost is
	// -1.
	Site, DataLink int
	// Name in plans: "site X" or "data link Y".
	Name string
}

// Outages returns the outages of computing_outages that can touch a covered
// workload: sites where one may be served, then data links that its data may
// cross, each in the case's order.
func (ix *Index) Outages() []Outage {
	asked := &ix.c.ComputingOutages
	sites, links := make([]bool, len(ix.c.Sites)), make([]bool, len(ix.c.DataLinks))
	for _, w := range ix.CoveredWorkloads() {
		for _, p := range ix.WorkloadPlacements(&ix.c.Workloads[w]) {
			if !p.OK {
				continue
			}
			sites[ix.Sites[ix.c.Pools[p.Pool].Site]] = asked.Sites
			if p.DataLink >= 0 {
				links[p.DataLink] = asked.DataLinks
			}
		}
	}
	var out []Outage
	for i, lost := range sites {
		if lost {
			out = append(out, Outage{Site: i, DataLink: -1, Name: "site " + ix.c.Sites[i].Name})
		}
	}
	for i, lost := range links {
		if lost {
			out = append(out, Outage{Site: -1, DataLink: i, Name: "data link " + ix.c.DataLinks[i].Name})
		}
	}
	return out
}

// CoveredWorkloads returns the positions of the workloads whose class
// computing_outages covers.
func (ix *Index) CoveredWorkloads() []int {
	covered := make(map[string]bool, len(ix.c.ComputingOutages.Classes))
	for _, class := range ix.c.ComputingOutages.Classes {
		covered[class] = true
	}
	var out []int
	for i := range ix.c.Workloads {
		if covered[ix.c.Workloads[i].Class] {
			out = append(out, i)
		}
	}
	return out
}

// Leaves says whether the outage leaves a placement of a workload.
func (ix *Index) Leaves(o *Outage, p *Placement) bool {
	if !p.OK || p.DataLink >= 0 && p.DataLink == o.DataLink {
		return false
	}
	return ix.Sites[ix.c.Pools[p.Pool].Site] != o.Site
}
