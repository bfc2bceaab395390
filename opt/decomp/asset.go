package decomp

import "github.com/wattbit/wattbit/solver"

// Asset is a part of a program that meets the rest only in shared rows: a run of
// columns, the rows that touch none but them, and an oracle that knows both by
// heart.
type Asset struct {
	// Name for messages.
	Name string
	// First is the first of its Cols columns, which stand in one run.
	First solver.Col
	Cols  int
	// Decisions are the integer columns, counted from First, that determine the
	// asset's others once they are fixed, as a unit's commitment does its starts
	// and stops. Stages says in which period each of them decides.
	Decisions []int32
	Stages    []int32
	// Implied are integer columns, counted from First, that come out whole in
	// some best point when the other integers are: searches may relax them.
	Implied []int32
	// Copies says that the asset is so many identical ones: a sum of as many
	// schedules of one copy is a schedule of the asset, and the oracle's answers
	// have all copies do the same. 0 means 1.
	Copies int
	// Oracle solves the asset's own program.
	Oracle Oracle
}

// Oracle solves the program of one asset at any costs. What couples the asset
// with others is in the costs: an oracle never sees a price or a shared row.
//
// An oracle is called by one goroutine at a time, with the scratch of that
// goroutine; different oracles are called at once. Slices have one value a
// column of the asset, in the order of the columns.
type Oracle interface {
	// Scratch identifies the memory that Price and Regrets need. Oracles that
	// return the same value share it: one a goroutine, made by New.
	Scratch() Scratcher
	// Price writes into x the cheapest point at these costs, whole where
	// columns are integer, and returns a lower bound on its cost: the cost
	// itself where the oracle is exact. The bounds are those of the asset's
	// columns at present, perhaps tighter than the program's; an oracle may
	// overlook some of what it could conclude from them (its bound then stays
	// valid, and x may breach them), but holds columns fixed in both. ok is
	// false when it finds no point within them.
	Price(cost, lower, upper, x []float64, scratch any) (bound float64, ok bool)
}

// Regretter is an oracle that also knows what deviating from its choice costs.
type Regretter interface {
	Oracle
	// Regrets writes x as Price does, and for every integer column lower bounds
	// on how much dearer the cheapest point is in which the column is at
	// least one below (fall) or one above (rise) its value in x; +Inf where
	// there is no such point. Regret is convex: k below costs at least k times
	// as much. Values of columns that are not integer are not looked at.
	Regrets(cost, lower, upper, x, fall, rise []float64, scratch any) (bound float64, ok bool)
}

// Scratcher makes the working memory of one goroutine for the oracles that share
// it. Values are compared, so they are pointers.
type Scratcher interface {
	New() any
}
