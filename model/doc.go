// Package model is the case and the plan: plain typed data with units in the
// field names, their validation, reading and writing. It knows no solver.
//
// A Case states a horizon and, kind by kind, what may be decided over it: buses,
// loads, thermal units, renewables, hydro, storage, links, reserves, policy, and
// the computing side of latency classes, regions, sites, pools, data links,
// workloads, datasets, jobs, job groups and quotas. A Plan states what was decided, period by period.
//
// Conventions, shared by formulation and verifier:
//
//   - Powers are averages over a period, in MW. Commitments hold for whole
//     periods. Levels are at a period's end. The initial state is the state just
//     before period 0.
//   - A ramp between two periods is the limit in MW/h times the mean of their
//     lengths; the period before the first has the first one's length.
//   - A duration is met once the hours covered reach it within 1e-9 h. What
//     began before the horizon counts; what goes past its end is free.
//   - Names are unique within their section, and references are by name.
package model

//go:generate go run ../internal/casedoc -o ../docs/case-format.md
