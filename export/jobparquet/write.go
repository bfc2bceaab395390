package jobparquet

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/parquet-go/parquet-go"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// Files by the names that the command gives them.
const (
	JobsFile     = "jobs.parquet"
	PeriodsFile  = "job_periods.parquet"
	PromisesFile = "job_promises.parquet"
)

// Version of the columns, under the key wattbit.format of a file's metadata.
// Columns may be added within a version; none changes its name, type or unit.
const Version = "wattbit-jobs-parquet/1"

// rowGroup is the number of rows of a row group: what is held at once.
const rowGroup = 1 << 16

// batch is the number of rows handed to the writer at once.
const batch = 1 << 10

// WriteJobs writes a row for each job.
func WriteJobs(ctx context.Context, w io.Writer, p *model.Plan, rows *report.JobRows) error {
	return write(ctx, w, p, rows.Jobs, jobOf)
}

// WritePeriods writes a row for each period in which a job holds units or is sent
// data.
func WritePeriods(ctx context.Context, w io.Writer, p *model.Plan, rows *report.JobRows) error {
	return write(ctx, w, p, rows.Periods, periodOf)
}

// WritePromises writes a row for each period, job and product in which the job promises
// reserve, and for each in which units are kept spare for it.
func WritePromises(ctx context.Context, w io.Writer, p *model.Plan, rows *report.JobRows) error {
	return write(ctx, w, p, rows.Promises, promiseOf)
}

func write[Row, Column any](ctx context.Context, w io.Writer, p *model.Plan, rows iter.Seq[*Row], column func(*Row) Column) error {
	out := parquet.NewGenericWriter[Column](w, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(rowGroup),
		parquet.KeyValueMetadata("wattbit.format", Version),
		parquet.KeyValueMetadata("wattbit.case", p.Case), parquet.KeyValueMetadata("wattbit.case_sha256", p.CaseSHA256),
		parquet.KeyValueMetadata("wattbit.currency", p.Currency))
	buffer := make([]Column, 0, batch)
	flush := func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		_, err := out.Write(buffer)
		buffer = buffer[:0]
		return err
	}
	for r := range rows {
		if buffer = append(buffer, column(r)); len(buffer) == cap(buffer) {
			if err := flush(); err != nil {
				return fmt.Errorf("jobparquet: %w", err)
			}
		}
	}
	if err := flush(); err != nil {
		return fmt.Errorf("jobparquet: %w", err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("jobparquet: %w", err)
	}
	return nil
}
