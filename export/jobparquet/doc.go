// Package jobparquet writes the plan of every job as Apache Parquet: the rows of
// the report's tables jobs.csv, job_periods.csv and job_promises.csv, by their names, with
// types.
//
// Rows are streamed: a file's row group is all that is held, so that memory does
// not grow with the number of jobs.
package jobparquet
