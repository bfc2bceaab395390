package compare

import (
	"github.com/wattbit/wattbit/model"
)

// Variant is one way to plan a case.
type Variant string

const (
	// AsIs: the case itself.
	AsIs Variant = "as is"
	// NoTime: every job runs as soon as it can.
	NoTime Variant = "no time shifting"
	// NoSpace: jobs and workloads stay at home.
	NoSpace Variant = "no space shifting"
	// Neither: work stays at home, and jobs run as soon as they can there.
	Neither Variant = "neither"
	// WattsOnly: power moves between places and work does not. It is the case of
	// NoSpace, named for the comparison with BitsOnly.
	WattsOnly Variant = "watts only"
	// BitsOnly: work moves, and no link carries more than in the plan of Neither,
	// in any period and direction.
	BitsOnly Variant = "bits only"
)

// Variants returns all of them in the order in which they are planned.
func Variants() []Variant {
	return []Variant{AsIs, NoTime, NoSpace, Neither, WattsOnly, BitsOnly}
}

// sameAs returns the variant whose case this one shares, itself for most.
func (v Variant) sameAs() Variant {
	if v == WattsOnly {
		return NoSpace
	}
	return v
}

// variantCase returns the case of a variant, which shares with c what it does not
// change, and remarks on what had to be decided. Neither is the plan of that
// variant, which BitsOnly needs.
func variantCase(c *model.Case, v Variant, neither *model.Plan) (*model.Case, []string) {
	switch v.sameAs() {
	case NoTime:
		return atOnce(c), nil
	case NoSpace:
		return atHome(c)
	case Neither:
		home, notes := atHome(c)
		return atOnce(home), notes
	case BitsOnly:
		return holdLinks(c, neither), nil
	}
	return c, nil
}
