package place

import (
	"math"
	"slices"
)

// Handing over. Where a job ends in one region, and one that waits for it begins in another,
// data cross the link between the two from the end of the one to the begin of the other. To
// the one that waits they are an input, but one that comes from where the other is, and not
// before it has ended. So a job that is asked sees such inputs as the places of those it
// waits for have them; and one that has handed data over stays in its region, and ends before
// they are sent. Input of its own over the same link goes with what is handed over.
//
// In bounds nothing is handed over, which costs no more.

// NoWay says that nothing can be handed over from one region to another.
const NoWay = -2

// handsOver says whether any jobs hand data over.
func (p *Problem) handsOver() bool { return p.Ways != nil }

// way is the link from a region to a pool: None in the region itself, or NoWay.
func (p *Problem) way(region, pool int32) int32 {
	if p.Regions[pool] == region {
		return None
	}
	return p.Ways[region][p.Regions[pool]]
}

// ways are the links by which data may be handed over.
func (p *Problem) ways() (out []int32) {
	for _, to := range p.Ways {
		for _, link := range to {
			if link >= 0 {
				out = append(out, link)
			}
		}
	}
	return out
}

// narrowestWay is the least mean capacity of links that data may be handed over by; +Inf for none.
func (s *Session) narrowestWay() float64 {
	low := math.Inf(1)
	for _, link := range s.p.ways() {
		low = min(low, s.meanGB[link])
	}
	return low
}

// handing tells how many hours it takes to hand over what one job hands another, by the fastest way
// from one region to another; 0 where there is none, for then all stay in one region.
func (p *Problem) handing() func(e Precedence) float64 {
	ways := p.ways()
	most := make([]float64, len(ways)) // GB an hour
	for k, link := range ways {
		for t, gb := range p.Links[link].CapacityGB {
			most[k] = max(most[k], gb/p.Hours[t])
		}
	}
	return func(e Precedence) float64 {
		if e.GB <= 0 {
			return 0
		}
		least := math.Inf(1)
		for k, link := range ways {
			least = min(least, p.Links[link].LeadH+e.GB/most[k])
		}
		if math.IsInf(least, 1) {
			return 0
		}
		return least
	}
}

// incoming is what a job is handed over from one region.
type incoming struct {
	region int32
	gb     float64
	from   int32 // the first period in which it can be sent
}

// incoming lists what job i is handed over, by regions of those it waits for.
func (s *Session) incoming(i int32) (out []incoming) {
	for _, e := range s.ties.before[i] {
		x := &s.places[e.Before]
		if e.GB <= 0 || x.Dropped() {
			continue
		}
		region := s.p.Regions[x.Pool]
		k := slices.IndexFunc(out, func(in incoming) bool { return in.region == region })
		if k < 0 {
			k = len(out)
			out = append(out, incoming{region: region})
		}
		out[k].gb, out[k].from = out[k].gb+e.GB, max(out[k].from, x.End)
	}
	return out
}

// await gives a job that is asked what it is handed over as further inputs, and bars pools to
// which that cannot come. Where teams are confined it bars all other regions.
func (s *Session) await(i int32, j *Job) {
	t := s.ties
	all := s.incoming(i)
	if len(all) == 0 {
		return
	}
	options := slices.Clone(s.p.Reach[j.Reach])
	for k := range options {
		options[k].Links = slices.Clone(options[k].Links)
	}
	j.Flows = slices.Clone(j.Flows)
	for _, in := range all {
		with := s.p.flowFrom(options, in.region)
		if with < 0 {
			with = len(j.Flows)
			j.Flows = append(j.Flows, Flow{})
			for k := range options {
				options[k].Links = append(options[k].Links, max(None, s.p.way(in.region, options[k].Pool)))
			}
		}
		f := &j.Flows[with]
		f.GB, f.From = f.GB+in.gb, max(f.From, in.from)
		for _, o := range options {
			way := s.p.way(in.region, o.Pool)
			t.barred[o.Pool] = t.barred[o.Pool] || way == NoWay || way != o.Links[with] || t.confined && way != None
		}
	}
	j.Reach = s.scratchReach()
	s.p.Reach[j.Reach] = options
}

// flowFrom is the position of the flow that comes from a region, -1 for none.
func (p *Problem) flowFrom(options []Option, region int32) int {
	for _, o := range options {
		if way := p.way(region, o.Pool); way >= 0 {
			if k := slices.Index(o.Links, way); k >= 0 {
				return k
			}
		}
	}
	return -1
}

// withScratchReach is the problem with one more set of options, at the end: that of the one job that
// is asked while it is handed data over. Markets of the session share it.
func (p *Problem) withScratchReach() *Problem {
	if !p.handsOver() {
		return p
	}
	q := *p
	q.Reach = append(slices.Clone(p.Reach), nil)
	return &q
}

// scratchReach is the position of the set of options that withScratchReach added.
func (s *Session) scratchReach() int32 { return int32(len(s.p.Reach) - 1) }

// handOver keeps a job that is asked where its place hands over what another that waits for
// it has been sent, and ends it before that is sent.
func (s *Session) handOver(i int32, j *Job, e Precedence) {
	t, x := s.ties, &s.places[e.After]
	from := s.handedFrom(i, e)
	for q := range t.barred {
		t.barred[q] = t.barred[q] || s.p.Regions[q] != from
	}
	if from < 0 {
		return
	}
	way := s.p.way(from, x.Pool)
	for _, d := range x.Data {
		if d.Link == way {
			j.End = min(j.End, d.Period)
		}
	}
}

// handedFrom is the region from which a job is sent what job i hands over to it: that from
// which what crosses each link is all that the job needs. -1 for none.
func (s *Session) handedFrom(i int32, e Precedence) int32 {
	if now := &s.places[i]; !now.Dropped() {
		return s.p.Regions[now.Pool]
	}
	x := &s.places[e.After]
	for region := range int32(len(s.p.Ways)) {
		if s.supplied(e, x, region) {
			return region
		}
	}
	return None
}

// supplied says whether what a job has been sent is what it needs if the one before it is in
// a region.
func (s *Session) supplied(e Precedence, x *Assignment, region int32) bool {
	j := &s.p.Jobs[e.After]
	return slices.ContainsFunc(s.p.Reach[j.Reach], func(o Option) bool {
		if o.Pool != x.Pool {
			return false
		}
		lacks := make(map[int32]float64)
		for k, link := range o.Links {
			lacks[link] += j.Flows[k].GB
		}
		for _, b := range s.ties.before[e.After] {
			switch y := &s.places[b.Before]; {
			case b.Before == e.Before:
				lacks[s.p.way(region, x.Pool)] += b.GB
			case !y.Dropped():
				lacks[s.p.way(s.p.Regions[y.Pool], x.Pool)] += b.GB
			}
		}
		for _, d := range x.Data {
			lacks[d.Link] -= d.GB
		}
		for link, gb := range lacks {
			if link != None && math.Abs(gb) > 1e-6*(1+e.GB) {
				return false
			}
		}
		return true
	})
}
