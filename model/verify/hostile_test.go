package verify

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestMutatedPlansDoNotPanic changes the valid plan's JSON at random: values,
// lengths, kinds, names. Whatever decodes must be answered, and the answer must
// encode.
func TestMutatedPlansDoNotPanic(t *testing.T) {
	t.Run("joint", func(t *testing.T) { mutatePlans(t, joint(), 4000) })
	t.Run("diverse", func(t *testing.T) { mutatePlans(t, diverse(), 6000) })
	t.Run("guarded", func(t *testing.T) { mutatePlans(t, guarded(), 2500) })
	t.Run("campus", func(t *testing.T) { mutatePlans(t, campus(), 5000) })
	t.Run("on call", func(t *testing.T) { mutatePlans(t, onCall(), 1500) })
}

func mutatePlans(t *testing.T, f *fixture, n int) {
	base, err := json.Marshal(f.p)
	if err != nil {
		t.Fatal(err)
	}
	decoded, refused := 0, 0
	for i := range n {
		rng := rand.New(rand.NewPCG(uint64(i), 7))
		var tree any
		if err := json.Unmarshal(base, &tree); err != nil {
			t.Fatal(err)
		}
		for range 1 + rng.IntN(4) {
			tree = mutate(rng, tree, 0)
		}
		data, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		p := new(model.Plan)
		if json.Unmarshal(data, p) != nil {
			continue
		}
		decoded++
		r := Check(f.c, p, f.o)
		if !r.OK() {
			refused++
		}
		if i%4 == 0 {
			// It refuses or answers, and does not mind what the check found.
			_, _ = Replay(context.Background(), f.c, p, ReplayOptions{Runs: 3, Check: f.o})
		}
		if _, err := json.Marshal(r); err != nil {
			t.Fatalf("mutation %d: the report does not encode: %v", i, err)
		}
	}
	if decoded < n/6 || refused < decoded/2 {
		t.Errorf("%d of %d mutations decoded, %d were refused; the test is too tame", decoded, n, refused)
	}
}

// mutate changes one place of a JSON tree.
func mutate(rng *rand.Rand, v any, depth int) any {
	if depth > 0 && rng.IntN(12) == 0 {
		return junk(rng)
	}
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for key := range v {
			keys = append(keys, key)
		}
		if len(keys) == 0 {
			return junk(rng)
		}
		// Map order is random; the seed alone must decide.
		least := keys[0]
		pick := rng.Uint64()
		best := uint64(math.MaxUint64)
		for _, key := range keys {
			if h := hash(key) ^ pick; h < best {
				best, least = h, key
			}
		}
		if rng.IntN(15) == 0 {
			delete(v, least)
		} else {
			v[least] = mutate(rng, v[least], depth+1)
		}
		return v
	case []any:
		switch {
		case len(v) == 0:
			return []any{junk(rng)}
		case rng.IntN(10) == 0:
			return v[:rng.IntN(len(v))]
		case rng.IntN(10) == 0:
			return append(v, v[rng.IntN(len(v))])
		}
		i := rng.IntN(len(v))
		v[i] = mutate(rng, v[i], depth+1)
		return v
	case float64:
		switch rng.IntN(4) {
		case 0:
			return -v
		case 1:
			return v + float64(rng.IntN(5)) - 2
		}
	}
	return junk(rng)
}

func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

func junk(rng *rand.Rand) any {
	values := []any{
		nil, 0.0, -1.0, 1.0, 3.0, 6.0, 1e9, -1e9, 1e15, 1e308, -1e308, 1e-300, math.MaxInt32, float64(1 << 53),
		"", "coal", "spin", "cpu-east", "dc-west", "pw", "east", "nowhere", true, []any{}, map[string]any{}, []any{1.0}, []any{nil, nil},
	}
	return values[rng.IntN(len(values))]
}

func FuzzCheck(f *testing.F) {
	cases := []*fixture{joint(), diverse(), guarded(), campus(), onCall()}
	for _, x := range cases {
		base, err := json.Marshal(x.p)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(base)
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"jobs":[{"first":9223372036854775807,"busy_units":[1,2]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := new(model.Plan)
		if json.Unmarshal(data, p) != nil {
			return
		}
		for _, x := range cases {
			r := Check(x.c, p, x.o)
			if _, err := json.Marshal(r); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestNothingToCheck(t *testing.T) {
	f := joint()
	if r := Check(nil, f.p, f.o); r.OK() {
		t.Error("no case is accepted")
	}
	if r := Check(f.c, nil, f.o); r.OK() {
		t.Error("no plan is accepted")
	}
	if r := Check(f.c, &model.Plan{}, f.o); r.OK() {
		t.Error("an empty plan is accepted")
	}
	if r := Check(&model.Case{}, &model.Plan{}, Options{}); r.OK() {
		t.Error("an empty case is accepted")
	}
}

// TestIntegersThatWrapAround: sums of huge counts must not wrap into a limit.
func TestIntegersThatWrapAround(t *testing.T) {
	f := joint()
	_, p := f.coal()
	p.Starts[3], p.Stops[3] = math.MaxInt, math.MaxInt
	if r := f.check(); r.OK() || r.Violations[0].Rule != rulePlanNumber {
		t.Errorf("got %v", rulesOf(r))
	}
}

func TestViolationsAreCapped(t *testing.T) {
	f := joint()
	f.o.MaxPerRule = 2
	for i := range f.p.Buses[0].ShedMW {
		f.p.Buses[0].ShedMW[i]--
	}
	r := f.check()
	n := 0
	for _, v := range r.Violations {
		if v.Rule == ruleBusBalance {
			n++
		}
	}
	if n != 2 || r.Omitted < 4 {
		t.Errorf("%d violations of a rule, %d omitted", n, r.Omitted)
	}
}
