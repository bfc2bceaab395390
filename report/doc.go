// Package report turns a plan into what people read: figures (Summarise), a
// summary for the terminal (Text), tables for a spreadsheet (Tables) and one
// offline page with charts (HTML). Of one plan New makes all of these with what they
// have in common worked out once.
//
// It takes a case and its plan as plain data and knows no solver. Both are
// checked against each other first: a plan that does not fit the case gives an
// error that lists what does not fit. Whether the plan keeps the case's limits
// is the verifier's question, not asked here.
//
// Everything is deterministic: the same case and plan give the same bytes.
package report
