package verify

import "github.com/wattbit/wattbit/model"

const ruleQueueHeld = "queue.held"

func queueRules() []Rule {
	return []Rule{
		{ruleQueueHeld, "What a pool holds for a class with a queue is at least what the load of all its workloads there needs, by Erlang's formula of waiting."},
	}
}

// staffingOf returns the staffing of a class in a pool, nil of one without a queue.
func (k *checker) staffingOf(class, pool int) *staffing {
	q := k.c.LatencyClasses[class].Queue
	if q == nil {
		return nil
	}
	speed := k.c.Pools[pool].UnitSpeed()
	key := staffKey{class, speed}
	s := k.staff[key]
	if s == nil {
		s = newStaffing(q.ServiceMS, q.LimitMS, q.Percentile, speed)
		if k.staff == nil {
			k.staff = map[staffKey]*staffing{}
		}
		k.staff[key] = s
	}
	return s
}

type staffKey struct {
	class int
	speed float64
}

// line adds the busy units of a workload to the queue of its class in the pool.
func (k *checker) line(class, pool, t int, busy float64) {
	key := pair{pool, class}
	if k.queued == nil {
		k.queued = map[pair][]float64{}
	}
	if k.queued[key] == nil {
		k.queued[key] = make([]float64, k.periods)
	}
	k.queued[key][t] += busy
}

// queues checks what pools hold for classes with a queue, and adds it to what is
// taken of them.
func (k *checker) queues() {
	for i := range k.p.Pools {
		p := &k.p.Pools[i]
		held := map[int][]float64{}
		for n := range p.Queues {
			class := k.at.classes[p.Queues[n].Class]
			held[class] = p.Queues[n].HeldUnits
			for t, units := range p.Queues[n].HeldUnits {
				k.taken[i][t] += units
				k.keepHeld(class, i, t, units)
			}
		}
		for class := range k.c.LatencyClasses {
			load, given := k.queued[pair{i, class}], held[class]
			if load == nil && given == nil {
				continue
			}
			s := k.staffingOf(class, i)
			for t := range k.periods {
				units, busy := 0.0, 0.0
				if given != nil {
					units = given[t]
				}
				if load != nil {
					busy = load[t]
				}
				if need := s.need(busy); k.below(units, need) && s.need(busy-k.tolerance(busy, 0)) > units {
					k.breach(ruleQueueHeld, p.Name, t, units, need, "%g units are held for %g busy of class %q, which need %g",
						units, busy, k.c.LatencyClasses[class].Name, need)
				}
			}
		}
	}
}

// queueShape checks that a pool states classes with a queue, in their order.
func (k *checker) queueShape(i int) {
	p := &k.p.Pools[i]
	before := -1
	for n := range p.Queues {
		q := &p.Queues[n]
		class, ok := k.at.classes[q.Class]
		switch {
		case !ok || k.c.LatencyClasses[class].Queue == nil:
			k.shapeBreach("pools", p.Name, "it holds units for %q, which is no class with a queue", q.Class)
		case class <= before:
			k.shapeBreach("pools", p.Name, "it holds units for %q twice or out of order", q.Class)
		}
		before = max(before, class)
		k.floats("pools", p.Name, "held_units", q.HeldUnits)
	}
}

// queueCase checks what staffing relies on.
func (k *checker) queueCase(l *model.LatencyClass) {
	k.report.Checked++
	if q := l.Queue; q != nil && !(q.ServiceMS > 0 && q.LimitMS >= 0 && q.Percentile > 0 && q.Percentile < 1) {
		k.breach(ruleCaseValid, l.Name, -1, 0, 0, "latency_classes: a queue of service_ms %g, limit_ms %g and percentile %g", q.ServiceMS, q.LimitMS, q.Percentile)
	}
}
