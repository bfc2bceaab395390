package model

import (
	"fmt"
	"strings"
)

// checkData checks inputs, outputs and datasets.
func (j *Job) checkData(k *checker) {
	k.notNegative("input_gb", j.InputGB)
	if j.DataRegion != "" {
		k.ref("data_region", "regions", j.DataRegion)
	}
	if len(j.Inputs) > 0 {
		if j.InputGB != 0 {
			k.fail("input_gb", "stands beside inputs", "put it into inputs")
		}
		if j.DataRegion != "" {
			k.fail("data_region", "stands beside inputs, which name their regions", "leave it out")
		}
	}
	k.flows("inputs", j.Inputs)
	k.flows("outputs", j.Outputs)
	if k.fewParts("datasets", len(j.Datasets)) {
		k.refs("datasets", "datasets", j.Datasets)
	}
}

func (k *checker) flows(field string, flows []DataFlow) {
	if !k.fewParts(field, len(flows)) {
		return
	}
	for i, f := range flows {
		k.ref(fmt.Sprintf("%s[%d].region", field, i), "regions", f.Region)
		k.notNegative(fmt.Sprintf("%s[%d].gb", field, i), f.GB)
	}
}

// checkAfter checks each job that this one comes after.
func (j *Job) checkAfter(k *checker) {
	if !k.fewParts("after", len(j.After)) {
		return
	}
	if len(j.After) > 0 && j.N() > 1 {
		k.fail("after", fmt.Sprintf("is given, and count is %d: it joins single jobs", j.N()), "give each job its own entry")
	}
	seen := make(map[string]bool, len(j.After))
	for i, a := range j.After {
		at := func(field string) string { return fmt.Sprintf("after[%d].%s", i, field) }
		k.notNegative(at("lag_h"), a.LagH)
		k.notNegative(at("gb"), a.GB)
		switch {
		case seen[a.Job]:
			k.fail(at("job"), clip(a.Job)+" is named twice", "keep one")
		case a.Job != "" && a.Job == j.Name:
			k.fail(at("job"), "is the job itself", "leave it out")
		case k.ref(at("job"), "jobs", a.Job):
			k.single(at("job"), a.Job)
		}
		seen[a.Job] = true
	}
}

// single checks that a job that is named is no class.
func (k *checker) single(field, job string) bool {
	if n := k.c.Jobs[k.known["jobs"].at[job]].N(); n > 1 {
		k.fail(field, fmt.Sprintf("%s is a class of %d jobs", clip(job), n), "name single jobs")
		return false
	}
	return true
}

// checkOrder refuses jobs that come after themselves.
func (c *Case) checkOrder(k *checker) {
	jobs := k.known["jobs"].at
	// Take away what comes after nothing, until there is nothing more to take.
	waits := make([]int, len(c.Jobs))
	followers := make([][]int, len(c.Jobs))
	for i := range c.Jobs {
		for _, a := range c.Jobs[i].After {
			if before, ok := jobs[a.Job]; ok && before != i { // itself is reported by check
				waits[i]++
				followers[before] = append(followers[before], i)
			}
		}
	}
	var free []int
	for i, n := range waits {
		if n == 0 {
			free = append(free, i)
		}
	}
	for len(free) > 0 {
		i := free[len(free)-1]
		free = free[:len(free)-1]
		for _, next := range followers[i] {
			if waits[next]--; waits[next] == 0 {
				free = append(free, next)
			}
		}
	}
	// Whatever is left waits for another that is left: back along those lies a
	// circle.
	seen := make([]bool, len(c.Jobs))
	for i := range c.Jobs {
		if waits[i] > 0 && !seen[i] {
			c.reportCircle(k, i, waits, seen)
		}
	}
	k.in("", -1, "")
}

// reportCircle goes back from a job that waits until it has come round, and
// reports the circle unless one has been reported there.
func (c *Case) reportCircle(k *checker, i int, waits []int, seen []bool) {
	at := map[int]int{}
	var way []int
	for !seen[i] {
		seen[i] = true
		at[i] = len(way)
		way = append(way, i)
		for _, a := range c.Jobs[i].After {
			if before, ok := k.known["jobs"].at[a.Job]; ok && before != i && waits[before] > 0 {
				i = before
				break
			}
		}
	}
	from, ok := at[i]
	if !ok {
		return
	}
	way = append(way[from:], i)
	const most = 8
	var names []string
	for _, job := range way[:min(len(way), most)] {
		names = append(names, clip(c.Jobs[job].Name))
	}
	text := strings.Join(names, " after ")
	if more := len(way) - most; more > 0 {
		text += fmt.Sprintf(" after %d more", more)
	}
	k.in("jobs", i, itemLabel(c.Jobs[i].Name, i))
	k.fail("after", "goes in a circle: "+text, "take one of them out")
}
