package mps_test

import (
	"bufio"
	"bytes"
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/mps"
)

var inf = math.Inf(1)

func example() *solver.Problem {
	var b solver.Builder
	b.AddOffset(2.5)
	x := b.Col(0, inf, 1.0/3, solver.Continuous)
	y := b.Col(0, inf, 0, solver.Integer)
	z := b.Col(-inf, -2, -1, solver.Integer)
	b.Col(-inf, inf, 0, solver.Continuous)
	b.Col(4, 4, 0, solver.Continuous)
	b.Col(0.25, 7, 0, solver.Continuous)
	for _, bounds := range [][2]float64{{-inf, 5}, {1, inf}, {3, 3}, {-2, 6.5}, {-inf, inf}, {0, 0}} {
		b.Row(bounds[0], bounds[1])
	}
	b.Add(0, x, 1)
	b.Add(0, y, -2)
	b.Add(1, z, 0.1)
	b.Add(2, y, 7)
	b.Add(3, x, 4)
	b.Add(4, x, 9)
	return b.Build()
}

func write(t *testing.T, p *solver.Problem) string {
	t.Helper()
	var out bytes.Buffer
	if err := mps.Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestWrite(t *testing.T) {
	const want = `NAME WATTBIT FREE
ROWS
 N OBJ
 L R0
 G R1
 E R2
 L R3
 N R4
 E R5
COLUMNS
 C0 OBJ 0.3333333333333333
 C0 R0 1
 C0 R3 4
 C0 R4 9
 M0 'MARKER' 'INTORG'
 C1 R0 -2
 C1 R2 7
 C2 OBJ -1
 C2 R1 0.1
 M1 'MARKER' 'INTEND'
 C3 OBJ 0
 C4 OBJ 0
 C5 OBJ 0
RHS
 RHS OBJ -2.5
 RHS R0 5
 RHS R1 1
 RHS R2 3
 RHS R3 6.5
RANGES
 RNG R3 8.5
BOUNDS
 LO BND C1 0
 PL BND C1
 MI BND C2
 UP BND C2 -2
 FR BND C3
 FX BND C4 4
 LO BND C5 0.25
 UP BND C5 7
ENDATA
`
	if got := write(t, example()); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestWriteNegatesMaximisation(t *testing.T) {
	p := example()
	p.Maximize = true
	text := write(t, p)
	for _, want := range []string{" C0 OBJ -0.3333333333333333\n", " C2 OBJ 1\n", " RHS OBJ 2.5\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no line %q", want)
		}
	}
}

// Every number must read back as the same double.
func TestWriteKeepsDigits(t *testing.T) {
	values := []float64{math.Pi, -1e-9 / 3, 123456789.123456789, math.Nextafter(1, 2), 9.999999999e11}
	var b solver.Builder
	r := b.Row(0, inf)
	for _, v := range values {
		b.Add(r, b.Col(0, inf, 0, solver.Continuous), v)
	}
	var got []float64
	for s := bufio.NewScanner(strings.NewReader(write(t, b.Build()))); s.Scan(); {
		if f := strings.Fields(s.Text()); len(f) == 3 && f[1] == "R0" && f[0] != "RHS" {
			v, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, v)
		}
	}
	if len(got) != len(values) {
		t.Fatalf("%d coefficients, want %d", len(got), len(values))
	}
	for i := range got {
		if got[i] != values[i] {
			t.Errorf("%v read back as %v", values[i], got[i])
		}
	}
}

func TestWriteRefusesBadProgram(t *testing.T) {
	p := example()
	p.ColCost[0] = math.NaN()
	if err := mps.Write(&bytes.Buffer{}, p); err == nil {
		t.Error("a cost of NaN was written")
	}
}

type broken struct{}

var errBroken = errors.New("disk full")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteReportsFailure(t *testing.T) {
	if err := mps.Write(broken{}, example()); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}
