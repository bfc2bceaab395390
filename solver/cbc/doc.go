// Package cbc solves programs with the cbc program of COIN-OR (Debian package
// coinor-cbc, version 2.10) as a child process: a second opinion beside the
// default engine, and a fallback where that one cannot be loaded.
//
// Every solve writes the program as an MPS file into a private temporary
// directory, starts cbc there, reads its log as it runs and its files when it
// ends, and removes the directory. Values come from cbc's binary solution file,
// which holds doubles; its text file has eight digits.
//
// # What cbc says and what is made of it
//
// A status needs the first line of the solution file and the log to agree. A
// claim of optimality or infeasibility from a run that also says it ran out of
// time or nodes counts as the limit. "Unbounded" describes only the relaxation,
// so a second run without an objective decides whether there is a point at all.
// Integer bounds are rounded inwards before cbc sees them. Integer preprocessing
// is off: that of 2.10.8 loses optima, and cut off by a time limit it calls
// feasible programs infeasible. A second opinion has to be right before it is
// fast.
//
// cbc reports its bound only when it stops short, and with few digits; the
// bound given is rounded towards the safe side. When cbc calls a mixed-integer
// point optimal without a bound, Result.Bound is the objective less the gap
// that was allowed: all that the claim says.
//
// # Limits of this engine
//
// cbc has no way to hand out incumbents while it runs, so OnIncumbent is never
// called. Progress follows its log, which it writes about once a thousand nodes.
// WorkLimit counts simplex iterations of a linear program and nodes of a mixed-
// integer one; a program that presolve or the root node settles uses none.
// Cutoff, Target, NoHeuristics, NoRestart and StartBasis are ignored: programs are solved
// to their end. RootOnly and OnCuts are refused.
package cbc
