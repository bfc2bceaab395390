package model

// WaterUse is what a site uses at an outdoor temperature.
type WaterUse struct {
	// AmbientC outdoors, degrees Celsius.
	AmbientC float64 `json:"ambient_c"`
	// LPerKWh of IT energy, litres.
	LPerKWh float64 `json:"l_per_kwh"`
}

func (s *Site) waterUse(i int) (ambientC, lPerKWh float64) {
	return s.WaterByTemperature[i].AmbientC, s.WaterByTemperature[i].LPerKWh
}

// CountsWater says whether the site says what water it uses.
func (s *Site) CountsWater() bool { return s.WaterLPerKWh.Given() || len(s.WaterByTemperature) > 0 }

// WaterAtC returns what a site with water_by_temperature uses at an outdoor
// temperature, litres a kWh of IT energy.
func (s *Site) WaterAtC(ambientC float64) float64 {
	return byTemperature(ambientC, len(s.WaterByTemperature), s.waterUse)
}

// WaterAt returns the litres that the site uses a kWh of IT energy in period t.
func (s *Site) WaterAt(t int) float64 {
	if len(s.WaterByTemperature) > 0 {
		return s.WaterAtC(s.AmbientC.At(t, 0))
	}
	return s.WaterLPerKWh.At(t, 0)
}
