//go:build !race

package enginetest

// Raced says that the tests look for races.
const Raced = false
