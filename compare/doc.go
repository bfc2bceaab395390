// Package compare asks what moving work is worth: it plans a case as it is, and
// again with work that may not wait, may not leave home, or with wires that help
// no further. Each counterfactual is the same case with other data, planned and
// verified like any other. Its plan is then one of the case as it is: it is paid
// at that case's prices, and verified against that case too.
//
// The definitions are in docs/compare.md.
package compare
