package randomcase

import (
	"reflect"
	"testing"
)

// Nearly all that is drawn is valid at once, so that the cases are not a choice
// of the tame ones.
func TestDrawIsValid(t *testing.T) {
	const seeds = 2_000
	bad := 0
	for seed := range uint64(seeds) {
		if _, err := draw(seed, 0, seed%2 == 0).Validate(); err != nil {
			bad++
			if bad <= 5 {
				t.Logf("seed %d: %v", seed, err)
			}
		}
	}
	if bad > seeds/10 {
		t.Errorf("%d of %d drawn cases are not valid", bad, seeds)
	}
}

func TestCaseRepeats(t *testing.T) {
	for seed := range uint64(20) {
		if !reflect.DeepEqual(Case(seed), Case(seed)) {
			t.Errorf("seed %d: two different cases", seed)
		}
	}
}

// Every field of every kind is set in some case.
func TestEveryFieldOccurs(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(300) {
		visit(reflect.ValueOf(Case(seed)).Elem(), "", seen)
		if c, ok := OnCall(seed); ok {
			visit(reflect.ValueOf(c).Elem(), "", seen)
		}
	}
	for field, set := range seen {
		if !set && !unused[field] {
			t.Errorf("%s is never set", field)
		}
	}
}

// unused are the fields that no decision depends on.
var unused = map[string]bool{
	".Description": true, ".Horizon.Zone": true, ".ThermalUnits.Fuel": true, ".Renewables.Source": true,
	".Renewables.CapacityMW": true, ".Storages.Technology": true, ".Regions.Area": true,
	".Policy.ElectrificationShare": true, ".Sites.LatitudeDeg": true, ".Sites.LongitudeDeg": true,
	".Network.ByDistance.USPerKM": true, ".Network.ByDistance.RouteFactor": true, ".Network.ByDistance.FixedMS": true,
}

func visit(v reflect.Value, path string, seen map[string]bool) {
	switch {
	case v.Kind() == reflect.Struct && v.Type().Name() != "Time":
		for i := range v.NumField() {
			visit(v.Field(i), path+"."+v.Type().Field(i).Name, seen)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			visit(v.Index(i), path, seen)
		}
	case v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct:
		if !v.IsNil() {
			visit(v.Elem(), path, seen)
		}
	default:
		seen[path] = seen[path] || !v.IsZero()
	}
}
