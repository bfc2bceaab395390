package model

// BehindMeter lists the assets behind a site's meter, by position in the case.
type BehindMeter struct {
	ThermalUnits, Renewables, Storages []int
}

// Any says whether the site has assets behind its meter.
func (b *BehindMeter) Any() bool {
	return len(b.ThermalUnits)+len(b.Renewables)+len(b.Storages) > 0
}

// BehindMeter returns what stands behind the meter of a site.
func (ix *Index) BehindMeter(site int) *BehindMeter { return &ix.behind[site] }

// BusOf returns the bus of an asset that names a bus, or a site behind whose
// meter it stands; "" where the site is unknown.
func (ix *Index) BusOf(bus, site string) string {
	if site == "" {
		return bus
	}
	if i, ok := ix.Sites[site]; ok {
		return ix.c.Sites[i].Bus
	}
	return ""
}

func (ix *Index) behindMeters() []BehindMeter {
	out := make([]BehindMeter, len(ix.c.Sites))
	at := func(site string) *BehindMeter {
		if i, ok := ix.Sites[site]; ok && site != "" {
			return &out[i]
		}
		return new(BehindMeter) // at a bus, or at a site that Validate reports
	}
	for i := range ix.c.ThermalUnits {
		b := at(ix.c.ThermalUnits[i].Site)
		b.ThermalUnits = append(b.ThermalUnits, i)
	}
	for i := range ix.c.Renewables {
		b := at(ix.c.Renewables[i].Site)
		b.Renewables = append(b.Renewables, i)
	}
	for i := range ix.c.Storages {
		b := at(ix.c.Storages[i].Site)
		b.Storages = append(b.Storages, i)
	}
	return out
}
