package jobtrace

import (
	"encoding/json"

	"github.com/wattbit/wattbit/model"
)

// merge makes one class of jobs that are alike in all but their names. The class
// stands where its first job stood and has its name. Jobs that come before or after
// others stay single.
func merge(jobs []model.Job) []model.Job {
	before := make(map[string]bool)
	for i := range jobs {
		for _, a := range jobs[i].After {
			before[a.Job] = true
		}
	}
	at := make(map[string]int, len(jobs))
	out := jobs[:0]
	for _, j := range jobs {
		if len(j.After) > 0 || before[j.Name] {
			out = append(out, j)
			continue
		}
		alike := j
		alike.Name, alike.Count = "", 0
		key, err := json.Marshal(alike)
		if err != nil { // infinite or not a number: the case will say so
			out = append(out, j)
			continue
		}
		if first, ok := at[string(key)]; ok {
			out[first].Count = out[first].N() + j.N()
			continue
		}
		at[string(key)] = len(out)
		out = append(out, j)
	}
	return out
}
