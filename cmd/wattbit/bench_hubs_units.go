package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/internal/hubunits"
	"github.com/wattbit/wattbit/model"
)

// setQuarterHours makes a day of 96 periods of one in hours.
const setQuarterHours = "horizon.periods=[{count: 96, hours: 0.25}]"

// defaultHubCases are the cases measured where none are named: all days in hours,
// two in quarter hours; of single units two days in both.
func defaultHubCases(units string) []string {
	days := demoDays()
	hours := days
	if units != "" {
		hours = days[:2]
	}
	var cases []string
	for _, day := range hours {
		cases = append(cases, day+units)
	}
	for _, day := range days[:2] {
		cases = append(cases, day+units+quarterHours)
	}
	return cases
}

// complete checks the flags against each other and fills in the cases.
func (f *hubsFlags) complete() error {
	if err := f.engine.check(); err != nil {
		return err
	}
	if len(f.cases) == 0 {
		f.cases = defaultHubCases("")
		if f.units != "" {
			f.cases = defaultHubCases(singleUnits)
		}
	}
	if f.units == "" {
		for _, name := range f.cases {
			if strings.Contains(name, singleUnits) {
				return usage("bench hubs: %s needs the table of the units: --units FILE", name)
			}
		}
		return nil
	}
	if _, err := os.Stat(f.units); err != nil {
		return usage("bench hubs: --units: %w", err)
	}
	return nil
}

// hubCase makes a case of the bench; units is the table of single ones.
func hubCase(name, units string) (*model.Case, error) {
	day, fine := strings.CutSuffix(name, quarterHours)
	day, single := strings.CutSuffix(day, singleUnits)
	var o model.ReadOptions
	if fine {
		o.Set = []string{setQuarterHours}
	}
	c, _, err := model.ReadCase(examples.FS, "eight-hubs/"+day+".yaml", o)
	if err != nil || !single {
		return c, err
	}
	return withUnits(units, func(table []hubunits.Unit) (*model.Case, error) { return hubunits.Replace(c, table) })
}

// withUnits makes a case from the table of single units.
func withUnits(units string, replace func(table []hubunits.Unit) (*model.Case, error)) (*model.Case, error) {
	table, err := hubunits.ReadTableFile(units)
	if err != nil {
		return nil, &failure{code: exitInvalid, err: err}
	}
	c, err := replace(table)
	if err != nil {
		return nil, &failure{code: exitInvalid, err: err}
	}
	_, err = c.Validate()
	return c, err
}

// writeCase writes a case of the bench to a folder of its own.
func (f *hubsFlags) writeCase(name, dir string) error {
	c, err := hubCase(name, f.units)
	if err != nil {
		return err
	}
	return writeCaseFolder(dir, c)
}

func writeCaseFolder(dir string, c *model.Case) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return model.WriteCaseFiles(filepath.Join(dir, caseCopy), jobsCopy, c)
}

// writeHubs writes the cases for people to look at, and replaces no file.
func (a *app) writeHubs(f *hubsFlags) error {
	for _, name := range slices.Compact(slices.Sorted(slices.Values(f.cases))) {
		dir := filepath.Join(f.write, name)
		file := filepath.Join(dir, caseCopy)
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			return usage("bench hubs: %s is there already", file)
		}
		if err := f.writeCase(name, dir); err != nil {
			return fmt.Errorf("bench hubs: %s: %w", name, err)
		}
		a.print("%s", file)
	}
	return nil
}

// hubsSaving compares the plan by single units with the clusters' plan.
type hubsSaving struct {
	// Clustered is the cost of the clusters' plan as the clusters see it,
	// Followed that of the same commitment carried out by single units.
	Clustered float64 `json:"clustered"`
	Followed  float64 `json:"followed"`
	// Saved is Followed less the cost of the plan by single units, in money and
	// as a share of Followed.
	Saved      float64 `json:"saved"`
	SavedShare float64 `json:"saved_share"`
	// AtLeast and AtMost enclose what best plans would save: from the bound on
	// carrying out the commitment less the cost of the plan by units, to Followed
	// less the bound by units; null without a bound.
	AtLeast *float64 `json:"at_least"`
	AtMost  *float64 `json:"at_most"`
}

func (s *hubsSaving) String() string {
	text := fmt.Sprintf("the clusters' plan costs %s, carried out by single units %s; ", money(s.Clustered), money(s.Followed))
	if s.Saved >= 0 {
		text += fmt.Sprintf("planning by units saves %s (%s)", money(s.Saved), percent(s.SavedShare))
	} else {
		text += fmt.Sprintf("the plan by units found here costs %s more (%s)", money(-s.Saved), percent(-s.SavedShare))
	}
	if s.AtLeast != nil && s.AtMost != nil {
		text += fmt.Sprintf("; best plans would save %s to %s", money(*s.AtLeast), money(*s.AtMost))
	}
	return text
}

// newSaving states the saving from what the three solves recorded.
func newSaving(clustered, followed, units *runRecord) *hubsSaving {
	s := &hubsSaving{Clustered: *clustered.Objective, Followed: *followed.Objective}
	s.Saved = s.Followed - *units.Objective
	s.SavedShare = s.Saved / s.Followed
	if followed.Bound != nil {
		// The commitment carried out is a plan by units too: no less than nothing.
		least := max(0, *followed.Bound-*units.Objective)
		s.AtLeast = &least
	}
	if units.Bound != nil {
		most := s.Followed - *units.Bound
		s.AtMost = &most
	}
	return s
}

// compare plans the clustered day, fixes the single units to its commitment, and
// plans what is left free.
func (f *hubsFlags) compare(ctx context.Context, name string, gap float64, units *runRecord) (*hubsSaving, error) {
	clusteredName := strings.Replace(name, singleUnits, "", 1)
	folder, followed := filepath.Join(f.where, "clustered"), filepath.Join(f.where, "followed")
	defer os.RemoveAll(folder)
	defer os.RemoveAll(followed)
	args, err := f.planArgs(clusteredName)
	if err != nil {
		return nil, err
	}
	clusteredRun, _, err := f.planOnce(ctx, args, gap, folder)
	if err != nil {
		return nil, err
	}
	if clusteredRun.Objective == nil {
		return nil, errors.New("the clustered day has no plan")
	}
	plan, err := model.ReadPlanFile(filepath.Join(folder, planFile))
	if err != nil {
		return nil, err
	}
	clustered, err := hubCase(clusteredName, f.units)
	if err != nil {
		return nil, err
	}
	c, err := withUnits(f.units, func(table []hubunits.Unit) (*model.Case, error) { return hubunits.Follow(clustered, table, plan) })
	if err != nil {
		return nil, err
	}
	if err := writeCaseFolder(followed, c); err != nil {
		return nil, err
	}
	followedRun, _, err := f.planOnce(ctx, []string{"solve", followed}, gap, filepath.Join(followed, "run"))
	if err != nil {
		return nil, err
	}
	if followedRun.Objective == nil {
		return nil, errors.New("the clusters' commitment has no plan")
	}
	return newSaving(clusteredRun, followedRun, units), nil
}
