package model

import "fmt"

// busOrSite checks where an asset stands: at a bus, or behind a site's meter.
func (k *checker) busOrSite(bus, site string) {
	switch {
	case site == "":
		k.ref("bus", "buses", bus)
	case bus != "":
		k.fail("site", fmt.Sprintf("%s is given beside bus %s", clip(site), clip(bus)), "give one of the two: an asset behind a site's meter is at the site's bus")
	default:
		k.ref("site", "sites", site)
	}
}
