package model

import (
	"reflect"
	"testing"
)

// TestCheckJobs: jobs are judged one by one, each with all that is wrong with it,
// however many they are.
func TestCheckJobs(t *testing.T) {
	c, _ := readFull(t)
	before := len(c.Jobs)
	good := c.Jobs[1]
	lost, wide, both := good, good, good
	lost.Region = "coat"
	wide.Shape, wide.Units = Rigid, 1e6
	both.Class, both.Units = "tepid", -1
	jobs := []Job{good, lost, good, wide, both}
	for range MaxFindings + 10 {
		jobs = append(jobs, lost)
	}
	count := make([]int, len(jobs))
	var first []string
	c.CheckJobs(jobs, func(i int, f Finding) {
		if count[i]++; i < 5 {
			first = append(first, f.Field+": "+f.Problem)
		}
	})
	if want := []int{0, 1, 0, 1, 2}; !reflect.DeepEqual(count[:5], want) {
		t.Errorf("findings %v, want %v", count[:5], want)
	}
	if first[0] != "region: coat is not in regions" || first[2] != "class: tepid is not in latency_classes" || first[3] != "units: -1 is not above 0" {
		t.Errorf("findings %q", first)
	}
	for i, n := range count[5:] {
		if n != 1 {
			t.Fatalf("job %d has %d findings", i+5, n)
		}
	}
	if len(c.Jobs) != before {
		t.Error("the case was changed")
	}
}
