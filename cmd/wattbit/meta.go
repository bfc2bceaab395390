package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// meta is what the page tells of a run. Only what run.json holds goes in, so
// that the page made anew from a run folder is the same.
func (rec *runRecord) meta() report.Meta {
	s := rec.Seconds
	return report.Meta{
		Verified: true,
		Engine:   rec.Engine.Name, EngineVersion: rec.Engine.Version, Version: rec.Wattbit.Version,
		Timings: []report.Timing{
			{Step: "read", Seconds: s.Read}, {Step: "formulate", Seconds: s.Formulate},
			{Step: "first schedule", Seconds: s.FirstSchedule}, {Step: "search", Seconds: s.Search},
			{Step: "dispatch", Seconds: s.Dispatch}, {Step: "verify", Seconds: s.Verify},
		},
		Columns: rec.Size.Columns, Rows: rec.Size.Rows, Nonzeros: rec.Size.Nonzeros, Integers: rec.Size.Integers,
		Generated: rec.Started,
	}
}

// recordedMeta is what the page tells of a verified plan: what the run folder
// records, where the record is of this plan.
func recordedMeta(dir string, plan *model.Plan) report.Meta {
	bare := report.Meta{Verified: true, Version: thisBuild().Version}
	text, err := os.ReadFile(filepath.Join(dir, runFile))
	if err != nil {
		return bare
	}
	rec := new(runRecord)
	if json.Unmarshal(text, rec) != nil || rec.Format != runFormat || rec.CaseSHA256 != plan.CaseSHA256 ||
		rec.Objective == nil || *rec.Objective != plan.Objective {
		return bare
	}
	return rec.meta()
}
