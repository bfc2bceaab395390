// Package jobtrace makes the jobs of a case from the trace of a cluster or the
// export of a scheduler: a table of rows, the Standard Workload Format, or a list
// of Kubernetes objects.
//
// A Mapping, a small YAML file, says which columns hold a job's name, release,
// length and units, and gives the rest by rules. Presets are mappings for known
// traces, and a mapping of one's own may build on a preset.
//
// A trace is read row by row within bounded memory; only jobs in the window that
// is asked for are kept. No row is lost without a word: each one becomes a job,
// is counted as left out for a stated reason or as outside the window, or is
// rejected with its line, column and reason.
package jobtrace
