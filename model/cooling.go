package model

// Cooling is the overhead of a site, MW, in place of a fixed PUE:
//
//	factor * overhead(IT)
//
// where overhead is convex and piecewise linear in the IT power, and factor
// follows the weather.
type Cooling struct {
	// Pieces of the overhead, from no IT power on; their slopes do not fall.
	Pieces []CoolingPiece `json:"pieces"`
	// ByTemperature gives the factor at outdoor temperatures, ascending: the
	// straight line between two, constant outside. Left out: 1.
	ByTemperature []CoolingFactor `json:"by_temperature,omitempty"`
	// FreeBelowC is the outdoor temperature up to which free cooling does:
	// there free_factor is the factor. Left out: never.
	FreeBelowC *float64 `json:"free_below_c,omitempty"`
	// FreeFactor with free cooling, of fans and pumps that go on. Default 0.
	FreeFactor float64 `json:"free_factor,omitempty"`
}

// CoolingPiece is a straight piece of the overhead.
type CoolingPiece struct {
	// ITMW where the piece ends; above the end of the last one IT power cannot
	// go. The last one may leave it out: no end.
	ITMW *float64 `json:"it_mw,omitempty"`
	// OverheadMWPerMW of IT power on the piece.
	OverheadMWPerMW float64 `json:"overhead_mw_per_mw"`
}

// CoolingFactor is the factor of the overhead at a temperature.
type CoolingFactor struct {
	// AmbientC outdoors, degrees Celsius.
	AmbientC float64 `json:"ambient_c"`
	// Factor of the overhead.
	Factor float64 `json:"factor"`
}

// Factor returns the factor of the overhead at an outdoor temperature.
func (c *Cooling) Factor(ambientC float64) float64 {
	if c.FreeBelowC != nil && ambientC <= *c.FreeBelowC {
		return c.FreeFactor
	}
	if len(c.ByTemperature) == 0 {
		return 1
	}
	return byTemperature(ambientC, len(c.ByTemperature), c.factorPoint)
}

func (c *Cooling) factorPoint(i int) (ambientC, factor float64) {
	return c.ByTemperature[i].AmbientC, c.ByTemperature[i].Factor
}

// FreeCooling says whether the site cools freely in period t.
func (s *Site) FreeCooling(t int) bool {
	return s.Cooling != nil && s.Cooling.FreeBelowC != nil && s.AmbientC.At(t, 0) <= *s.Cooling.FreeBelowC
}

// CoolingFactor returns the factor of the overhead of a site with cooling in
// period t.
func (s *Site) CoolingFactor(t int) float64 { return s.Cooling.Factor(s.AmbientC.At(t, 0)) }

// OverheadMW returns the overhead of so much IT power before the factor.
func (c *Cooling) OverheadMW(itMW float64) float64 {
	overhead, from := 0.0, 0.0
	for _, p := range c.Pieces {
		if p.ITMW == nil || *p.ITMW >= itMW {
			return overhead + p.OverheadMWPerMW*(itMW-from)
		}
		overhead += p.OverheadMWPerMW * (*p.ITMW - from)
		from = *p.ITMW
	}
	return overhead
}

// MaxITMW returns the most IT power that the cooling of a site serves; ok is false
// where there is no end.
func (s *Site) MaxITMW() (mw float64, ok bool) {
	if s.Cooling == nil {
		return 0, false
	}
	return s.Cooling.MaxITMW()
}

// LimitsDraw says whether a site limits what its machines draw: by its import, or
// where its cooling ends.
func (s *Site) LimitsDraw() bool {
	_, ends := s.MaxITMW()
	return ends || s.ImportLimitMW.Given()
}

// MaxITMW returns the most IT power that the cooling serves; ok is false where
// there is no end.
func (c *Cooling) MaxITMW() (mw float64, ok bool) {
	if n := len(c.Pieces); n > 0 && c.Pieces[n-1].ITMW != nil {
		return *c.Pieces[n-1].ITMW, true
	}
	return 0, false
}
