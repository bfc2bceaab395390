package model

func (l *LatencyClass) check(k *checker) {
	k.notNegativeIf("max_round_trip_ms", l.MaxRoundTripMS)
	k.share("utilisation_cap", l.UtilisationCap)
	q := l.Queue
	if q == nil {
		return
	}
	if l.UtilisationCap != nil {
		k.fail("queue", "stands beside utilisation_cap", "give one of the two")
	}
	k.positive("queue.service_ms", q.ServiceMS)
	k.notNegative("queue.limit_ms", q.LimitMS)
	if q.Percentile <= 0 || q.Percentile >= 1 {
		k.fail("queue.percentile", num(q.Percentile)+" is not in (0, 1)", "give a share of requests, as in 0.95")
	}
}
