// Package verify checks a plan against its case by arithmetic alone. It imports
// the data model only, shares no code with the formulation, and recomputes every
// limit, balance and cost from the case and the plan as read back from disk.
package verify
