package model

import "slices"

func (o *ComputingOutages) check(k *checker) {
	k.refs("classes", "latency_classes", o.Classes)
	switch {
	case len(o.Classes) > 0 && !o.Sites && !o.DataLinks:
		k.fail("", "covers classes and loses nothing", "set sites or data_links to true, or leave it out")
	case len(o.Classes) == 0 && (o.Sites || o.DataLinks || o.PreemptibleYields != nil):
		k.fail("classes", "is empty: no workload is covered", "name the classes of workloads to keep servable")
	}
	for i := range k.c.Workloads {
		if slices.Contains(o.Classes, k.c.Workloads[i].Class) {
			return
		}
	}
	if len(o.Classes) > 0 && !k.known["workloads"].partial {
		k.warn("classes", "no workload is of a covered class", "")
	}
}
