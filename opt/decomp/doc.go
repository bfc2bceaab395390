// Package decomp plans programs whose assets meet only in shared rows, by
// pricing those rows: each asset answers prices on its own, a master finds the
// prices at which the answers fit together, and what is left undecided is small
// enough for branch and cut. It knows columns, rows and prices, and no kind of
// asset; docs/decomposition.md explains it.
package decomp
