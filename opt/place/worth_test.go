package place

import (
	"math"
	"slices"
	"testing"
)

// TestWorth: of 300 jobs of a unit and an hour, dropped for 100, 102, 104 and so on, the
// 200 dearest fill a pool of 50 units for four hours, each for 1 of power. The next is
// dropped for 298, the cheapest that is placed for 300: what room is worth lies between
// 297 and 299, whatever it was said to be worth before and however many threads ask.
func TestWorth(t *testing.T) {
	const jobs = 300
	p := &Problem{
		Hours: []float64{1, 1, 1, 1},
		Pools: []Pool{{CapacityUnits: []float64{50, 50, 50, 50}}},
		Reach: [][]Option{{{Pool: 0, Speed: 1}}},
	}
	places := make([]Assignment, jobs)
	for i := range places {
		p.Jobs = append(p.Jobs, Job{Shape: Rigid, End: 4, Units: 1, WorkUnitH: 1, DeadlineH: math.Inf(1), DropPrice: 100 + 2*float64(i)})
		places[i] = dropped()
		if i >= jobs-200 {
			at := int32(i % 4)
			places[i] = Assignment{Pool: 0, First: at, End: at + 1, Units: 1, LastBusy: 1}
		}
	}
	room, prices := NewMultipliers(p), NewPrices(p)
	for i := range room.Held {
		room.Held[i], prices.Busy[i] = 50, 1
	}
	for _, start := range []float64{0, 20, 600} {
		mu := NewMultipliers(p)
		for i := range mu.Held {
			mu.Held[i] = start
		}
		var before []float64
		for _, threads := range []int{1, 3} {
			got, err := Worth(t.Context(), p, places, nil, &room, &prices, &mu, 300, Options{Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			if slices.Min(got.Held) < 0.98*297 || slices.Max(got.Held) > 1.02*299 {
				t.Errorf("from %g: %v, want 297 to 299 within 2 %%", start, got.Held)
			}
			if before != nil && !slices.Equal(before, got.Held) {
				t.Errorf("from %g: %v with one thread, %v with three", start, before, got.Held)
			}
			before = got.Held
		}
	}
	// No room is asked for beyond what there is: it is worth nothing.
	for i := range room.Held {
		room.Held[i] = 400
	}
	free := NewMultipliers(p)
	got, err := Worth(t.Context(), p, places, nil, &room, &prices, &free, 300, Options{Threads: 1})
	if err != nil || slices.Max(got.Held) != 0 {
		t.Errorf("%v %v, want nothing", got.Held, err)
	}
}
