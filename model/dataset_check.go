package model

import "fmt"

func (d *Dataset) check(k *checker) {
	k.notNegative("gb", d.GB)
	if len(d.Regions) == 0 {
		k.fail("regions", "is empty: the dataset is nowhere", "name the regions that have it from the start")
	}
	k.refs("regions", "regions", d.Regions)
	k.residency("regions", d.AllowedRegions, d.ForbiddenRegions)
	for i, region := range d.Regions {
		if !d.MayBeIn(region) {
			k.fail(fmt.Sprintf("regions[%d]", i), fmt.Sprintf("%s has a copy from the start, and the dataset may not be there", clip(region)),
				"leave the copy out, or let allowed_regions and forbidden_regions have it")
		}
	}
}
