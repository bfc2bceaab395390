// Package opt turns a case into a mixed-integer program, has an engine solve
// it, and returns a verified plan with its prices.
//
// Each kind of asset has one file, which opens with its mathematics, and is an
// Ingredient in the ordered Catalog. Kinds never meet each other: they meet in
// shared rows, which a Model keeps, each with one verb:
//
//	Inject   power into the balance of a bus
//	Use      units of a pool, and through it power of a site
//	Provide  megawatts towards a reserve product
//	Send     gigabytes over a data link
//	Count    tonnes and megawatt-hours in the accounts of policy
//
// Every column and row knows the asset that owns it; rows that no asset owns are
// the coupling rows.
//
// Notation in the files' openings: t is a period, h_t its length in hours, H_t
// the mean length of periods t-1 and t (h_0 for the first). Index -1 is the
// initial state. W(t, D) is the set of periods s <= t such that a duration D that
// begins with s still binds in t: sum of h_s..h_{t-1} < D.
package opt
