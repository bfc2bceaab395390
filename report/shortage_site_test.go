package report

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestLimitsOfSitesThatAreShort: water above a site's limit and green energy that it lacks
// are short, and cost what penalties say.
func TestLimitsOfSitesThatAreShort(t *testing.T) {
	c, p := jobsCase()
	c.Penalties.WaterExcessPricePerM3, c.Penalties.GreenShortfallPricePerMWh = ptr(50.0), ptr(20.0)
	c.Sites[0].WaterLimitM3, c.Sites[0].Green = ptr(10.0), &model.Green{ShareMin: 0.5, HourlyShareMin: 0.2}
	p.Sites[0].WaterM3, p.Sites[0].WaterExcessM3 = 12, 2
	p.Sites[0].GreenShortMWh, p.Sites[0].GreenShortMW = 3, []float64{0, 1, 0.5, 0}
	short := map[ShortageKind]Shortage{}
	for _, x := range mustSummarise(t, c, p).Shortages {
		short[x.Kind] = x
	}
	if got, want := short[ShortWater].Text, "Site SA uses 12 m³ of water, 2 m³ above its limit of 10 m³."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := short[ShortGreen].Text, "Site SA lacks 4.50 MWh of green energy for the shares that it must show."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	near(t, "water", short[ShortWater].Cost, 2*50)
	near(t, "green", short[ShortGreen].Cost, 4.5*20)
}
