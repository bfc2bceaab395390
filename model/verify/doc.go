// Package verify checks a plan against its case by arithmetic alone. It imports
// the data model only, shares no code with the formulation, and recomputes every
// limit, balance and cost from the case and the plan as read back from disk.
//
// Every limit is a Rule with a stable name; Rules lists them. A plan is data
// from outside: whatever it holds, Check answers with violations, never with a
// panic. The case must have passed its own validation.
package verify
