package hubunits

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/wattbit/wattbit/internal/packed"
)

// Unit is a coal unit of the table.
type Unit struct {
	Zone  string // the hub's zone, a bus of the case
	Plant string
	Name  string // within the plant
	// CapacityMW and EmissionKgPerTJ, CO2 by heat of the fuel.
	CapacityMW, EmissionKgPerTJ float64
}

// Columns of the table that are read; others are left alone.
var columns = []string{"hub", "Plant name", "Unit name", "Capacity (MW)", "Emission factor (kg of CO2 per TJ)"}

// maxUnits keeps a wrong file from asking for more memory than there is.
const maxUnits = 100_000

// ReadTableFile reads a table of units from a CSV file, packed by gzip or not.
func ReadTableFile(name string) ([]Unit, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	defer f.Close()
	units, err := ReadTable(f)
	if err != nil {
		return nil, fmt.Errorf("read units from %s: %w", name, err)
	}
	return units, nil
}

// ReadTable reads a table of units, packed by gzip or not, in its order. All
// lines that are wrong are in the error.
func ReadTable(r io.Reader) ([]Unit, error) {
	in, err := packed.Reader(r)
	if err != nil {
		return nil, err
	}
	c := csv.NewReader(in)
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("its head: %w", err)
	}
	at, err := places(head)
	if err != nil {
		return nil, err
	}
	var units []Unit
	var problems []error
	for {
		record, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			if len(units) == 0 && len(problems) == 0 {
				problems = append(problems, errors.New("it holds no unit"))
			}
			return units, errors.Join(problems...)
		case err != nil:
			return nil, errors.Join(append(problems, err)...)
		case len(units) == maxUnits:
			return nil, fmt.Errorf("it has more than %d units", maxUnits)
		}
		u, err := unitOf(record, at)
		if err != nil {
			line, _ := c.FieldPos(0)
			problems = append(problems, fmt.Errorf("line %d: %w", line, err))
			continue
		}
		units = append(units, u)
	}
}

// places finds the columns by name.
func places(head []string) ([]int, error) {
	at := make([]int, len(columns))
	var problems []error
	for i, want := range columns {
		at[i] = -1
		for j, name := range head {
			if name == want {
				at[i] = j
			}
		}
		if at[i] < 0 {
			problems = append(problems, fmt.Errorf("it has no column %q", want))
		}
	}
	return at, errors.Join(problems...)
}

func unitOf(record []string, at []int) (Unit, error) {
	u := Unit{Zone: strings.TrimSpace(record[at[0]]), Plant: strings.TrimSpace(record[at[1]]), Name: strings.TrimSpace(record[at[2]])}
	var err error
	if u.CapacityMW, err = positive(columns[3], record[at[3]]); err != nil {
		return u, err
	}
	u.EmissionKgPerTJ, err = positive(columns[4], record[at[4]])
	return u, err
}

func positive(column, text string) (float64, error) {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v > 0) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%s %q is not a positive number", column, text)
	}
	return v, nil
}
