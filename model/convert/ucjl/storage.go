package ucjl

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/internal/jsontree"
)

func (d *decoder) storages() {
	node := d.root.Field("Storage units")
	if !node.Given() {
		return
	}
	items, names := node.Items(model.MaxItems)
	for i, s := range items {
		d.storage(s, names[i])
	}
}

func (d *decoder) storage(n jsontree.Node, name string) {
	n.Only("Bus", "Minimum level (MWh)", "Maximum level (MWh)", "Allow simultaneous charging and discharging",
		"Charge cost ($/MW)", "Discharge cost ($/MW)", "Charge efficiency", "Discharge efficiency", "Loss factor",
		"Minimum charge rate (MW)", "Maximum charge rate (MW)", "Minimum discharge rate (MW)", "Maximum discharge rate (MW)",
		"Initial level (MWh)", "Last period minimum level (MWh)", "Last period maximum level (MWh)", "Investment cost ($)")
	d.bus(n)
	unread(n, "Investment cost ($)")
	number := func(field string, otherwise float64) float64 {
		if f := n.Field(field); f.Given() {
			return d.constant(f, 0)
		}
		return otherwise
	}
	needed := func(field string) float64 { return d.constant(n.Need(field), 0) }
	s := model.Storage{
		Name: name, Bus: BusName, Technology: "storage",
		MaxChargeMW: needed("Maximum charge rate (MW)"), MaxDischargeMW: needed("Maximum discharge rate (MW)"),
		MinChargeMW: number("Minimum charge rate (MW)", 0), MinDischargeMW: number("Minimum discharge rate (MW)", 0),
		LevelMinMWh: number("Minimum level (MWh)", 0), LevelMaxMWh: needed("Maximum level (MWh)"),
		InitialLevelMWh: number("Initial level (MWh)", 0),
	}
	share := func(field string) *float64 {
		f := n.Field(field)
		if !f.Given() {
			return nil
		}
		v := d.constant(f, 0)
		return &v
	}
	s.EfficiencyCharge, s.EfficiencyDischarge = share("Charge efficiency"), share("Discharge efficiency")
	if loss := share("Loss factor"); loss != nil && *loss > 0 {
		if *loss >= 1 {
			n.Field("Loss factor").Fail("leaves nothing of the level", "give less than 1")
			return
		}
		kept := math.Pow(1-*loss, 1/d.hours)
		s.RetentionPerH = &kept
	}
	s.TerminalMinMWh, s.TerminalMaxMWh = share("Last period minimum level (MWh)"), share("Last period maximum level (MWh)")
	charging := *d.perHour(needed("Charge cost ($/MW)"))
	s.WearCostPerMWh = *d.perHour(needed("Discharge cost ($/MW)"))
	if charging > 0 {
		d.behindLinks(&s, charging)
	}
	d.c.Storages = append(d.c.Storages, s)
}

// behindLinks puts the storage at a bus of its own, because a case has no price
// of charging other than that of a link.
func (d *decoder) behindLinks(s *model.Storage, price float64) {
	s.Bus = s.Name + " terminal"
	d.c.Buses = append(d.c.Buses, model.Bus{Name: s.Bus})
	d.c.Links = append(d.c.Links,
		model.Link{Name: s.Name + " charging", From: BusName, To: s.Bus, MaxForwardMW: model.Constant(s.MaxChargeMW), PricePerMWh: price},
		model.Link{Name: s.Name + " discharging", From: s.Bus, To: BusName, MaxForwardMW: model.Constant(s.MaxDischargeMW)})
}

// priceSensitive makes a bus of each price-sensitive load, where shedding costs
// what serving it earns.
func (d *decoder) priceSensitive() {
	node := d.root.Field("Price-sensitive loads")
	if !node.Given() {
		return
	}
	items, names := node.Items(model.MaxItems)
	for i, n := range items {
		n.Only("Bus", "Revenue ($/MW)", "Demand (MW)")
		d.bus(n)
		demand := n.Need("Demand (MW)").Series(d.steps, 0)
		price := d.perHour(d.constant(n.Need("Revenue ($/MW)"), 0))
		bus := names[i] + " price-sensitive"
		d.c.Buses = append(d.c.Buses, model.Bus{Name: bus, ShedPricePerMWh: price})
		d.c.Loads = append(d.c.Loads, model.Load{Name: bus, Bus: bus, PowerMW: demand})
		d.c.Links = append(d.c.Links, model.Link{Name: bus, From: BusName, To: bus, MaxForwardMW: demand})
	}
}
