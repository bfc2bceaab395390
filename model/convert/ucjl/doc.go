// Package ucjl reads unit commitment instances of UnitCommitment.jl
// (https://github.com/ANL-CEEESA/UnitCommitment.jl), format versions 0.2 to 0.4.
//
// # Read
//
// Buses with their loads; thermal generators with cost curves, start-up costs and
// delays, ramps, start-up and shut-down limits, minimum times, initial state,
// must-run and commitment status; profiled generators; storage units;
// price-sensitive loads; spinning reserves; the power balance penalty; time steps
// of a divisor of an hour. A file without a version is one of 0.2.
//
// # Refused
//
// Transmission lines, unless Options.SingleBus leaves them out with their
// contingencies; scenarios; flexiramp and non-spinning reserve; investment;
// shut-down costs; daily limits; cost curves, costs of profiled generators,
// penalties, and limits of storage that change over time. A file without lines is
// a single bus in UnitCommitment.jl too, whatever buses it has.
//
// # The case
//
// UnitCommitment.jl charges every cost once a time step, and limits ramps from
// one step to the next; a case has costs and ramps per hour, so both are divided
// by the step's length. Further:
//
//   - The start-up limit is min(startup limit, Pmin + ramp up), the shut-down
//     limit min(shutdown limit, Pmin + ramp down): the ramp equations of the
//     default formulation bound a unit that starts or stops too. A generator
//     whose shutdown limit is below its minimum can never stop: it must run if
//     it is on, and else has a minimum up time of the whole horizon.
//   - Reserve shares the ramp upwards. The default formulation of
//     UnitCommitment.jl also counts the reserve of the step before where output
//     falls, p(t-1) + r(t-1) - p(t) <= ramp down; a case cannot say that, so that
//     it allows a little more where falling ramps bind and reserve is short.
//   - Initial power above the shut-down limit keeps a generator on in the first
//     step.
//   - A price-sensitive load is a load at a bus of its own, whose shedding costs
//     the revenue. The case's cost is that of UnitCommitment.jl plus the revenue
//     of all such load.
//   - A storage unit that pays for charging stands at a bus of its own, behind a
//     link for each direction that has the price. It never charges and discharges
//     in the same period, also where the file would allow it.
//   - Shedding costs the power balance penalty. Surplus, and shortage of a reserve
//     with a negative or no penalty, which UnitCommitment.jl does not allow at
//     all, cost ten times the dearest figure of the file.
package ucjl
