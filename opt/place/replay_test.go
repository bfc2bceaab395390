package place

import (
	"math"
	"slices"
	"testing"
)

// replay checks a placement job by job from the data alone and returns the jobs'
// own cost. It shares nothing with the code that it checks.
func replay(t *testing.T, p *Problem, places []Assignment, limit func(pool, period int) float64) (own float64) {
	t.Helper()
	if len(places) != len(p.Jobs) {
		t.Fatalf("%d places for %d jobs", len(places), len(p.Jobs))
	}
	T := len(p.Hours)
	begin := make([]float64, T+1)
	for k, h := range p.Hours {
		begin[k+1] = begin[k] + h
	}
	held := make([]float64, len(p.Pools)*T)
	sent := make([]float64, len(p.Links)*T)
	owned := make([]float64, len(p.Quotas)*T)
	hold := func(j *Job, x *Assignment, t int, units float64) {
		at := x.Pool
		if b := p.Pools[at].Base; b > 0 {
			at = b - 1
		}
		held[int(at)*T+t] += units
		if j.Owner > 0 {
			for _, q := range p.Owners[j.Owner-1] {
				if of := p.Quotas[q].Pools; of == nil || of[x.Pool] {
					owned[int(q)*T+t] += units
				}
			}
		}
	}
	for i := range places {
		j, x := &p.Jobs[i], &places[i]
		bad := func(format string, args ...any) {
			t.Helper()
			t.Errorf("job %d %+v at %+v: "+format, append([]any{i, *j, *x}, args...)...)
		}
		if x.Pool < 0 {
			own += j.DropPrice
			if len(x.Work)+len(x.Data) > 0 {
				bad("dropped, and yet it works")
			}
			continue
		}
		speed, links, work, now := 0.0, []int32(nil), j.WorkUnitH, false
		for _, o := range p.Reach[j.Reach] {
			again := slices.ContainsFunc(p.Reach[j.Reach], func(o Option) bool { return o.Later && o.Pool == x.Pool })
			goesOn := x.First == j.First && (j.Shape != Moldable || x.Units == j.NowUnits)
			if o.Later && goesOn || o.Now && again && !goesOn {
				continue // it goes on, or begins anew
			}
			if o.Pool == x.Pool {
				speed, links, now, work = o.Speed, o.Links, o.Now, j.WorkUnitH
				if o.Now && (j.Shape == Rigid || j.Shape == Moldable || j.Shape == Gang) {
					work -= j.DoneUnitH
					if x.First != j.First && j.Shape != Gang {
						bad("goes on late")
					}
				}
			}
		}
		if speed == 0 {
			bad("the pool is out of reach")
			continue
		}
		if x.First < j.First || x.End > j.End || x.First >= x.End {
			bad("works outside its window")
			continue
		}
		if x.LeftUnitH > 0 {
			if j.BacklogPricePerUnitH == 0 || int(j.End) != T {
				bad("leaves work")
			}
			work -= x.LeftUnitH
			own += x.LeftUnitH * j.BacklogPricePerUnitH
		}
		length := begin[x.End] - begin[x.First]
		switch j.Shape {
		case Preemptible:
			unitH := 0.0
			for k, w := range x.Work {
				if w.Amount <= 0 || w.Amount > j.Units*(1+1e-9) || w.Period < x.First || w.Period >= x.End || k > 0 && w.Period <= x.Work[k-1].Period {
					bad("holds %g units in period %d", w.Amount, w.Period)
				}
				unitH += w.Amount * p.Hours[w.Period]
				hold(j, x, int(w.Period), w.Amount)
			}
			if math.Abs(unitH*speed-work) > 1e-7*work {
				bad("does %g unit-hours", unitH*speed)
			}
			if x.Work[0].Period != x.First || x.Work[len(x.Work)-1].Period != x.End-1 {
				bad("works in periods %d to %d", x.Work[0].Period, x.Work[len(x.Work)-1].Period)
			}
		case Gang:
			runs, hours := 0, 0.0
			for k, w := range x.Work {
				if k == 0 || w.Period != x.Work[k-1].Period+1 {
					runs++
				}
				if w.Amount < 0 || w.Amount > j.Units*(1+1e-9) || w.Period < x.First || w.Period >= x.End || k > 0 && w.Period <= x.Work[k-1].Period {
					bad("has %g units busy in period %d", w.Amount, w.Period)
				}
				hours += w.Amount / j.Units * p.Hours[w.Period]
				hold(j, x, int(w.Period), j.Units)
			}
			interruptions := float64(runs - 1)
			if now && x.First > j.First {
				interruptions++
			}
			if interruptions > float64(j.MaxInterruptions) {
				bad("is interrupted %g times", interruptions)
			}
			if want := work/speed/j.Units + interruptions*j.LossH; math.Abs(hours-want) > 1e-7*want {
				bad("is busy for %g h, want %g", hours, want)
			}
			if x.Units != j.Units || x.Work[0].Period != x.First || x.Work[len(x.Work)-1].Period != x.End-1 {
				bad("works in periods %d to %d", x.Work[0].Period, x.Work[len(x.Work)-1].Period)
			}
		case Malleable:
			done := 0.0
			widths := p.Widths[j.Widths]
			pauses := 0
			if now && x.First > j.First {
				pauses++
			}
			for k, w := range x.Work {
				if k > 0 && w.Period != x.Work[k-1].Period+1 {
					pauses++
				}
			}
			if j.PausesCount {
				if work += float64(pauses) * j.LossH * widths[0].Rate * speed; pauses > int(j.MaxInterruptions) {
					bad("is interrupted %d times", pauses)
				}
			}
			for k, w := range x.Work {
				lo, widest := widths[0], widths[len(widths)-1]
				if w.Amount < lo.Units*(1-1e-9) || w.Amount > widest.Units*(1+1e-9) || w.Period < x.First || w.Period >= x.End || k > 0 && w.Period <= x.Work[k-1].Period {
					bad("holds %g units in period %d", w.Amount, w.Period)
				}
				rate := lo.Rate
				for _, hi := range widths[1:] {
					if w.Amount > lo.Units {
						rate = lo.Rate + (min(w.Amount, hi.Units)-lo.Units)*(hi.Rate-lo.Rate)/(hi.Units-lo.Units)
					}
					lo = hi
				}
				done += rate * p.Hours[w.Period]
				hold(j, x, int(w.Period), w.Amount)
			}
			if math.Abs(done*speed-work) > 1e-6*work {
				bad("does %g unit-hours", done*speed)
			}
			if x.Work[0].Period != x.First || x.Work[len(x.Work)-1].Period != x.End-1 {
				bad("works in periods %d to %d", x.Work[0].Period, x.Work[len(x.Work)-1].Period)
			}
		default:
			rate := j.Units
			units := j.Units
			if j.Shape == Moldable {
				units = 0
				for _, w := range p.Widths[j.Widths] {
					if w.Units == x.Units {
						units, rate = w.Units, w.Rate
					}
				}
			}
			need := work / rate / speed
			without := begin[x.End-1] - begin[x.First]
			if x.Units != units || units == 0 || length < need-1e-6 || without > need+1e-6 {
				bad("holds %g units for %g h, needs %g h", x.Units, length, need)
			}
			if busy := units * (need - without) / p.Hours[x.End-1]; math.Abs(busy-x.LastBusy) > 1e-6*units {
				bad("has %g units busy in the end, want %g", x.LastBusy, busy)
			}
			for k := x.First; k < x.End; k++ {
				hold(j, x, int(k), units)
			}
		}
		end := begin[x.End]
		if x.LeftUnitH > 0 {
			end = begin[T]
		}
		if late := end - j.DeadlineH; late > 1e-9 {
			own += late * j.LatePricePerH
		}
		handed := replayHandedOver(p, places, i)
		for link, h := range handed {
			after := 0.0
			for _, d := range x.Data {
				if d.Link == link && d.Period >= h.from {
					after += d.GB
				}
				if d.Link == link && begin[d.Period+1]+p.Links[link].LeadH > begin[x.First]+1e-9 {
					bad("is handed %g GB over in period %d", d.GB, d.Period)
				}
			}
			if link == NoWay || after < h.gb*(1-1e-7) {
				bad("is handed %g GB over by link %d, wants %g", after, link, h.gb)
			}
			if !slices.Contains(links, link) {
				sum := 0.0
				for _, d := range x.Data {
					if d.Link == link {
						sum += d.GB
					}
				}
				if sum > h.gb*(1+1e-7) {
					bad("is handed %g GB over by link %d, wants %g", sum, link, h.gb)
				}
			}
		}
		for i, link := range links {
			f, gb := j.Flows[i], 0.0
			for _, d := range x.Data {
				if d.Link != link {
					continue
				}
				in := d.Period >= j.First && begin[d.Period+1]+p.Links[link].LeadH <= begin[x.First]+1e-9
				if d.GB < 0 || !f.Out && !in || f.Out && d.Period < x.End {
					bad("sends %g GB in period %d", d.GB, d.Period)
				}
				gb += d.GB
			}
			want := f.GB
			if link == None || f.Out && x.LeftUnitH > 0 {
				want = 0
			}
			want += handed[link].gb
			if math.Abs(gb-want) > 1e-7*want {
				bad("sends %g GB, has %g", gb, want)
			}
		}
		for _, d := range x.Data {
			if sent[int(d.Link)*T+int(d.Period)] += d.GB; !slices.Contains(links, d.Link) && handed[d.Link].gb == 0 {
				bad("sends over link %d", d.Link)
			}
		}
	}
	for q := range p.Pools {
		for k := range T {
			if most := limit(q, k); held[q*T+k] > most*(1+1e-7)+1e-9 {
				t.Errorf("pool %d holds %g units in period %d, has %g", q, held[q*T+k], k, most)
			}
		}
	}
	replayTies(t, p, places, begin)
	for i := range p.Quotas {
		q, unitH := &p.Quotas[i], 0.0
		for k, units := range owned[i*T : (i+1)*T] {
			unitH += units * p.Hours[k]
			if q.MaxUnits != nil && units > q.MaxUnits[k]*(1+1e-7)+1e-9 {
				t.Errorf("quota %d: %g units in period %d, may be %g", i, units, k, q.MaxUnits[k])
			}
		}
		if unitH > q.MaxUnitH*(1+1e-7)+1e-9 {
			t.Errorf("quota %d: %g unit-hours, may be %g", i, unitH, q.MaxUnitH)
		}
	}
	for l := range p.Links {
		for k, most := range p.Links[l].CapacityGB {
			if sent[l*T+k] > most*(1+1e-7)+1e-9 {
				t.Errorf("link %d carries %g GB in period %d, has %g", l, sent[l*T+k], k, most)
			}
		}
	}
	return own
}

// capacityOf is the limit that pools have of themselves.
func capacityOf(p *Problem) func(pool, period int) float64 {
	return func(q, t int) float64 { return p.Pools[q].CapacityUnits[t] }
}

// handed is what crosses a link to a job, not before a period.
type handed struct {
	gb   float64
	from int32
}

// replayHandedOver returns what a job is handed over by each link.
func replayHandedOver(p *Problem, places []Assignment, job int) map[int32]handed {
	out := make(map[int32]handed)
	for _, e := range p.Precedences {
		x, y := &places[e.Before], &places[e.After]
		if int(e.After) != job || e.GB == 0 || x.Dropped() || y.Dropped() || p.Regions[x.Pool] == p.Regions[y.Pool] {
			continue
		}
		link := p.Ways[p.Regions[x.Pool]][p.Regions[y.Pool]]
		out[link] = handed{out[link].gb + e.GB, max(out[link].from, x.End)}
	}
	return out
}

// replayTies checks precedences and groups from the data alone.
func replayTies(t *testing.T, p *Problem, places []Assignment, begin []float64) {
	t.Helper()
	for _, e := range p.Precedences {
		x, y := &places[e.Before], &places[e.After]
		if !y.Dropped() && (x.Dropped() || x.LeftUnitH > 0 || begin[x.End]+e.LagH > begin[y.First]+1e-9) {
			t.Errorf("job %d at %+v comes after job %d at %+v, %g h later", e.After, *y, e.Before, *x, e.LagH)
		}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		done, at := 0, map[int32]int{}
		for _, a := range g.Jobs {
			x := &places[a]
			if x.Dropped() {
				continue
			}
			done++
			if g.Apart != nil {
				if at[g.Apart[x.Pool]]++; at[g.Apart[x.Pool]] > g.MaxPer {
					t.Errorf("group %d: %d jobs in one place", i, at[g.Apart[x.Pool]])
				}
			}
			for _, b := range g.Jobs {
				y := &places[b]
				if y.Dropped() {
					continue
				}
				if g.Together != nil && g.Together[x.Pool] != g.Together[y.Pool] {
					t.Errorf("group %d: jobs %d and %d in pools %d and %d", i, a, b, x.Pool, y.Pool)
				}
				if x.LeftUnitH == 0 && y.LeftUnitH == 0 && begin[x.End]-begin[y.End] > g.FinishWithinH+1e-9 {
					t.Errorf("group %d: job %d ends at %g, job %d at %g", i, a, begin[x.End], b, begin[y.End])
				}
			}
		}
		if g.AllOrNone && done > 0 && done < len(g.Jobs) {
			t.Errorf("group %d: %d of %d jobs are done", i, done, len(g.Jobs))
		}
	}
}
