package model

import (
	"encoding/json"
	"math"
	"path/filepath"
	"reflect"
	"testing"
)

// piecesOf is a struct in pieces, and how many there are.
func piecesOf(t *testing.T, v any) (text string, pieces int) {
	t.Helper()
	err := jsonPieces(reflect.ValueOf(v).Elem(), func(piece []byte) error {
		text += string(piece)
		pieces++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, pieces
}

func TestJSONPiecesAreWhatMarshalReturns(t *testing.T) {
	full, _, err := ReadCaseFile(filepath.Join("testdata", "full", "case.yaml"), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	plan := smallPlan()
	plan.Case = "<&>\u2028"
	many := &Plan{}
	for i := range 5 * itemsAtOnce {
		many.Jobs = append(many.Jobs, JobPlan{Job: "j", Number: i, BusyUnits: []float64{float64(i)}})
	}
	for name, v := range map[string]any{
		"a plan": plan, "many jobs": many, "no plan": &Plan{}, "empty lists": &Plan{Costs: []Cost{}, Jobs: []JobPlan{}},
		"a case": full, "no case": &Case{},
	} {
		want, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		got, pieces := piecesOf(t, v)
		if got != string(want) {
			t.Errorf("%s: pieces\n%s\nwant\n%s", name, got, want)
		}
		if name == "many jobs" && pieces < 5 {
			t.Errorf("%s are in %d pieces", name, pieces)
		}
	}
	many.Jobs[3*itemsAtOnce].LateH = math.NaN()
	if err := jsonPieces(reflect.ValueOf(many).Elem(), func([]byte) error { return nil }); err == nil {
		t.Error("NaN was written")
	}
}
