package model

func (d *Dataset) check(k *checker) {
	k.notNegative("gb", d.GB)
	if len(d.Regions) == 0 {
		k.fail("regions", "is empty: the dataset is nowhere", "name the regions that have it from the start")
	}
	k.refs("regions", "regions", d.Regions)
}
