package opt

// First prices of a fleet of many single units come from a fleet of few clusters:
// units on one bus with the same rules, of about the same size and cost, as so many
// of their mean. Of 337 kinds of coal units eighty are left, and the first relaxation takes a
// second instead of six. It is another case, and bounds nothing; what is
// held at its prices is let go of where the units' answers contradict it
// (placed_narrow.go).

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// Units are about the same when both their sizes and what they cost per MWh at full
// power fall between neighbouring powers of these.
const alikeSize, alikeCost = 1.5, 1.02

// fewGroups is the part of the units that may be left for groups to be worth it.
const fewGroups = 0.5

// grouped replaces the single units of the merged case by clusters of their means. The
// flags say of each whether it stands for single units; nil where too little is gained.
func (g *merger) grouped() (units []model.ThermalUnit, merged []bool) {
	groups := make(map[string][]int)
	var order []string
	single := func(i int) bool { return g.members != nil && len(g.members[i]) > 1 }
	for i := range g.Case.ThermalUnits {
		key, ok := groupKey(&g.Case.ThermalUnits[i])
		if ok = ok && (g.Case.ThermalUnits[i].N() == 1 || single(i)); !ok {
			key = fmt.Sprint("apart ", i)
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], i)
	}
	if float64(len(order)) > fewGroups*float64(len(g.Case.ThermalUnits)) {
		return nil, nil
	}
	for _, key := range order {
		of := groups[key]
		units = append(units, meanUnit(g.Case.ThermalUnits, of))
		merged = append(merged, len(of) > 1 || single(of[0]))
	}
	return units, merged
}

// groupKey says what units of a group have in common; ok is false for units that stay
// by themselves.
func groupKey(u *model.ThermalUnit) (key string, ok bool) {
	if u.Deep != nil || len(u.Cost) == 0 || u.MaxPowerMW <= 0 || len(u.CostFactor)+len(u.MustRunUnits)+len(u.FixedUnits)+
		len(u.OutageUnits)+len(u.HeatMinPowerMW) > 0 {
		return "", false
	}
	like := *u
	like.Name, like.Count = "", 0
	like.MustRunUnits, like.FixedUnits, like.OutageUnits = nil, nil, nil
	like.MinPowerMW = 0
	step := func(v, of float64) float64 { return math.Floor(math.Log(math.Max(v, 1e-3)) / math.Log(of)) }
	full := u.Cost[len(u.Cost)-1]
	like.MaxPowerMW, like.CO2TPerMWh = step(u.MaxPowerMW, alikeSize), 0
	like.Cost = []model.CostPoint{{PowerMW: float64(len(u.Cost)), CostPerH: step(full.CostPerH/u.MaxPowerMW, alikeCost)}}
	like.Startup = nil
	for _, tier := range u.Startup {
		like.Startup = append(like.Startup, model.StartupTier{AfterOffH: tier.AfterOffH})
	}
	given := func(v **float64) {
		if *v != nil {
			*v = new(float64)
		}
	}
	given(&like.RampUpMWPerH)
	given(&like.RampDownMWPerH)
	given(&like.StartupLimitMW)
	given(&like.ShutdownLimitMW)
	if u.Initial != nil {
		s := *u.Initial
		if s.UnitsOn > 0 {
			s.UnitsOn = 1
		}
		given(&s.PowerMW)
		like.Initial = &s
	}
	text, err := json.Marshal(&like)
	return string(text), err == nil
}

// meanUnit is a cluster of the mean of units, as many as they are.
func meanUnit(units []model.ThermalUnit, of []int) model.ThermalUnit {
	out := units[of[0]]
	if len(of) == 1 {
		return out
	}
	n := 0.0
	for _, i := range of {
		n += float64(units[i].N())
	}
	mean := func(value func(u *model.ThermalUnit) float64) float64 {
		sum := 0.0
		for _, i := range of {
			sum += value(&units[i]) * float64(units[i].N())
		}
		return sum / n
	}
	given := func(field func(u *model.ThermalUnit) **float64) {
		if *field(&out) != nil {
			v := mean(func(u *model.ThermalUnit) float64 { return **field(u) })
			*field(&out) = &v
		}
	}
	out.Count = int(n)
	out.MinPowerMW = mean(func(u *model.ThermalUnit) float64 { return u.MinPowerMW })
	out.MaxPowerMW = mean(func(u *model.ThermalUnit) float64 { return u.MaxPowerMW })
	out.CO2TPerMWh = mean(func(u *model.ThermalUnit) float64 { return u.CO2TPerMWh })
	given(func(u *model.ThermalUnit) **float64 { return &u.RampUpMWPerH })
	given(func(u *model.ThermalUnit) **float64 { return &u.RampDownMWPerH })
	given(func(u *model.ThermalUnit) **float64 { return &u.StartupLimitMW })
	given(func(u *model.ThermalUnit) **float64 { return &u.ShutdownLimitMW })
	out.Startup = make([]model.StartupTier, len(out.Startup))
	for k := range out.Startup {
		out.Startup[k] = model.StartupTier{
			AfterOffH: units[of[0]].Startup[k].AfterOffH,
			Cost:      mean(func(u *model.ThermalUnit) float64 { return u.Startup[k].Cost }),
			CO2T:      mean(func(u *model.ThermalUnit) float64 { return u.Startup[k].CO2T }),
		}
	}
	out.Cost = make([]model.CostPoint, len(out.Cost))
	for k := range out.Cost {
		out.Cost[k] = model.CostPoint{
			PowerMW:  mean(func(u *model.ThermalUnit) float64 { return u.Cost[k].PowerMW }),
			CostPerH: mean(func(u *model.ThermalUnit) float64 { return u.Cost[k].CostPerH }),
		}
	}
	if out.Initial != nil {
		s := *out.Initial
		s.UnitsOn = 0
		power := 0.0
		for _, i := range of {
			s.UnitsOn += units[i].Initial.UnitsOn
			if p := units[i].Initial.PowerMW; p != nil {
				power += *p
			}
		}
		if s.PowerMW != nil {
			s.PowerMW = &power
		}
		out.Initial = &s
	}
	return out
}
