// Package solvertest is the contract of solver.Solver as a test suite. An
// engine passes it from one test of its own:
//
//	func TestContract(t *testing.T) {
//		solvertest.Run(t, engine, solvertest.Features{Duals: true, Start: true})
//	}
//
// Every optimum in the suite is known without an engine: by hand, by
// enumeration, or, for random linear programs, because the duals prove it. And
// every result of every case passes the same audit: statuses, points, bounds
// and duals must fit together, and the program must come back unchanged.
//
// The package also holds Faulty, an engine that lies on purpose, for the tests
// of whoever has to notice.
package solvertest
