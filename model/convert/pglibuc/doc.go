// Package pglibuc reads unit commitment instances of the Power Grid Lib
// (https://github.com/power-grid-lib/pglib-uc): thermal generators with ramps,
// start-up categories and convex costs, renewables with minimum and maximum,
// one demand and one spinning reserve, in hourly periods.
//
// # The case
//
// An instance becomes a case with one bus, one load, an upward reserve product
// that shares the ramp (where any is required), a thermal unit for each thermal
// generator and a renewable for each renewable generator, in the order of their
// names. Two powers differ in meaning: the instance's equations are in power
// above the minimum, the case's in power.
//
//   - The start-up limit is min(SU, Pmin + RU), because equations (8) and (19)
//     bound output and reserve of a unit that starts by its ramp too.
//   - The shut-down limit is SD. Equations (9) and (20) would bound the output of
//     a unit that stops by Pmin + RD as well, but not its reserve, which a case
//     cannot say: an instance with Pmin + RD < SD is refused. No published file
//     has one.
//   - A ramp of at least Pmax - Pmin cannot bind and is left out.
//   - Equation (10) keeps a unit on whose initial power is above SD: it must run
//     in the first period.
//   - A cost curve that rounding made concave by less than a millionth is lifted
//     to a convex one; a curve that is more than that is refused.
//   - A generator with minimum times of 0 that starts and stops in the same hour has
//     not run: read literally, (13) and (14) let it, and pay a start to be warm for
//     the next. A case has no such starts.
//
// The instance knows no shortage: its plans meet demand exactly and have all
// reserve. A case has prices for shortage, so that each has a plan. They are a
// hundred times what the dearest unit asks for a MWh (see Instance.Penalty), far
// above what any MWh can be worth; a plan of the case is a solution of the
// instance exactly when it has neither shortage nor surplus. Check tells, equation by
// equation.
//
// # Equation (7)
//
// Read literally, equation (7) of the published model keeps a unit that is off
// before the horizon from a hot start up to hour TS-1 of the category after it,
// even from one that follows a later stop within the horizon. The published
// reference implementations (EGRET, psst) allow it, since the unit has then been
// off for few hours only, and so does this package: a start is in category s
// when the unit has been off for at least TS(s) hours and less than TS(s+1),
// hours before the horizon counted where it has not run since.
package pglibuc
