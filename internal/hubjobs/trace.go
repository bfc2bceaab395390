package hubjobs

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/wattbit/wattbit/internal/packed"
)

// TraceJob is a job of a trace.
type TraceJob struct {
	ArrivalH, LengthH, Units float64
}

// maxTrace is the number of jobs read at most.
const maxTrace = 2_000_000

// ReadTraceFile reads such a table from a file.
func ReadTraceFile(name string) ([]TraceJob, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read trace: %w", err)
	}
	defer f.Close()
	jobs, err := ReadTrace(f)
	if err != nil {
		return nil, fmt.Errorf("read trace %s: %w", name, err)
	}
	return jobs, nil
}

// ReadTrace reads a table with the columns arrival_time, length and cpus: hours,
// hours and a number. It may be packed by gzip.
func ReadTrace(r io.Reader) ([]TraceJob, error) {
	text, err := packed.Reader(r)
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(text)
	head, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("the trace has no head: %w", err)
	}
	var at [3]int
	for i, name := range [3]string{"arrival_time", "length", "cpus"} {
		if at[i] = slices.Index(head, name); at[i] < 0 {
			return nil, fmt.Errorf("the trace has no column %s", name)
		}
	}
	var out []TraceJob
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(out) == maxTrace {
			return nil, fmt.Errorf("the trace has more than %d jobs", maxTrace)
		}
		var v [3]float64
		for i := range v {
			v[i], err = strconv.ParseFloat(record[at[i]], 64)
			if err != nil || math.IsNaN(v[i]) || math.IsInf(v[i], 0) || v[i] < 0 || i > 0 && v[i] == 0 {
				line, _ := in.FieldPos(at[i])
				return nil, fmt.Errorf("line %d: %s %q is no number above 0", line, head[at[i]], record[at[i]])
			}
		}
		out = append(out, TraceJob{v[0], v[1], v[2]})
	}
}
