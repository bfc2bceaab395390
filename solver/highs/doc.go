// Package highs is the HiGHS engine, loaded at run time through its C interface:
// no cgo, no compiler, one shared library of version 1.15 or later (below 2).
// Older versions are refused: their option names differ and the tests here
// never ran on them.
//
// Open looks for the library in the place it is given; otherwise in the
// environment variable WATTBIT_HIGHS, in the user's cache folder (where package
// install puts it) and in the usual system folders. The working directory is
// never searched.
//
// # Gaps and tolerances
//
// HiGHS's own feasibility tolerances stand: 1e-7 for rows and columns of linear
// programs, 1e-6 for mixed-integer ones. Its default relative gap of 1e-4 does
// not: a zero Options.RelGap is a relative gap of zero. A zero Options.AbsGap
// leaves HiGHS's 1e-6, the tolerance it calls equal. HiGHS takes coefficients
// of magnitude 1e-9 or less for zero and bounds of 1e20 or more for infinite.
// Bounds of integer columns are moved inwards to integers before HiGHS sees
// them; version 1.15.1 makes mistakes with others.
//
// Options.WorkLimit counts branch-and-bound nodes of a mixed-integer program;
// of a linear one, simplex iterations, or interior-point iterations where
// MethodInterior is asked for. Options.Start is used for mixed-integer programs
// only: simplex has no use for a point without a basis.
//
// # Presolve
//
// Presolve of HiGHS 1.15 may lose a row: where it enumerates a row's binaries
// and so fixes all but one of a set that sums to one, it drops that set as
// redundant (ERGO-Code/HiGHS issue 3216). The search then proves optima that are
// none, or finds every point broken and calls the program infeasible. So that
// rule is off below version 1.16. Whatever the version, a search that finds a
// point which breaks limits once presolve is undone is stopped, nothing that it
// proved is believed, and it runs again without presolve.
//
// # Cutoff, target, root and basis
//
// Options.Cutoff is HiGHS's objective_bound. In a mixed-integer program it
// prunes the tree, with a margin for rounding; a linear program stops once its
// dual simplex, the one method that looks at it, is past it. What HiGHS says at the end of a pruned tree is put right: version 1.15.1
// calls a known point optimal although it lies beyond the cutoff and better
// ones were pruned unseen. Options.Target is objective_target, for
// mixed-integer programs only. A maximisation with either is handed over as
// the minimisation of its negative.
//
// Options.RootOnly stops HiGHS at its first look after it has shown its cuts,
// which comes before the heuristics that cost the most. A root node with
// presolve may restart several times before that. Options.NoHeuristics leaves
// roundings of the relaxation and of its analytic centre, which have no switch.
//
// Result.Basis and Options.StartBasis are HiGHS's own bases. With a start basis
// HiGHS skips presolve of a linear program.
//
// # Threads
//
// HiGHS keeps a pool of workers in thread-local storage, sized by the first
// solve of that thread; a later solve there with another number of threads
// fails. So every solve runs in a goroutine of its own that locks its operating
// system thread and ends without unlocking it: the thread dies with the solve,
// and its pool with it. Nothing is reused, so solves cannot disturb each other.
//
// # Cancelling
//
// HiGHS looks at the cancel request between simplex iterations, interior-point
// iterations and steps of the tree search, which is nearly always within
// milliseconds. Some of its steps, such as presolving or crossover of a large
// program, run longer without looking. When a second has almost passed Solve
// returns all the same, with the best point seen so far; the engine's thread
// then goes on until its next look, frees its memory and ends. In that time it
// still uses a processor and the memory of its copy of the program, but neither
// the Problem nor any callback. There is no way to stop it earlier: killing a
// thread would leave the process in an undefined state.
package highs
