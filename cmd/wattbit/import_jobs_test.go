package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const dayTrace = "arrival_time,length,cpus\n0,1,8\n1.5,2,4\n1.5,2,4\n30,1,1\n"

// TestImportJobs: from a trace to a case that is valid with its jobs.
func TestImportJobs(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "trace.csv"), dayTrace)
	wattbit(t, dir, exitOK, "init", "my-case")
	text := readFile(t, dir, "my-case", "case.yaml")
	before, rest, found := strings.Cut(text, "\njobs:\n")
	_, after, more := strings.Cut(rest, "\n\n")
	if !found || !more {
		t.Fatalf("the case of init has no jobs:\n%s", text)
	}
	// Without -o it looks and writes nothing.
	wattbit(t, dir, exitOK, "import", "jobs", "--preset", "gaia", "--region", "x", "trace.csv").
		mustSay(t, "Read 4 rows from trace.csv.", "4  jobs, 25 unit-hours", "from hour 0 to hour 30 of the trace", "Nothing was written")
	region := firstName(t, text, "\nregions:")
	e := wattbit(t, dir, exitOK, "import", "jobs", "--preset", "gaia", "--region", region, "--hours", "24", "--step", "1", "--merge", "trace.csv", "-o", "my-case/work")
	e.mustSay(t, "3  jobs in the window of 24 h", "1  released after the window", "(2 rows)")
	if fragment := readFile(t, dir, "my-case", "work", "jobs.yaml"); !strings.HasSuffix(fragment, "jobs: {csv: jobs.csv}\n") {
		t.Errorf("fragment %q", fragment)
	}
	writeFile(t, filepath.Join(dir, "my-case", "case.yaml"), before+"\njobs: {csv: work/jobs.csv}\n\n"+after)
	wattbit(t, dir, exitOK, "validate", "my-case").mustSay(t, "3 jobs")
	// With the case, the fragment names the table from where the case is.
	wattbit(t, dir, exitOK, "import", "jobs", "--preset", "gaia", "--region", region, "--case", "my-case", "trace.csv", "-o", "my-case/again").
		mustSay(t, "jobs: {csv: again/jobs.csv}")
	wattbit(t, dir, exitUsage, "import", "jobs", "--preset", "gaia", "--region", region, "--hours", "24", "trace.csv", "-o", "my-case/work").
		mustSay(t, "jobs.csv: file already exists; give another folder")
}

// firstName is the first name in a section of a case's text.
func firstName(t *testing.T, text, section string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, section)
	_, rest, named := strings.Cut(rest, "name: ")
	if !ok || !named {
		t.Fatalf("no name in %s", section)
	}
	return rest[:strings.IndexAny(rest, ",}\n #")]
}

// TestImportJobsRejects: rows that are no jobs are listed, and the exit code says
// so.
func TestImportJobsRejects(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "trace.csv"), dayTrace+"2,one,1\n3,1\n")
	e := wattbit(t, dir, exitPartial, "import", "jobs", "--preset", "gaia", "--region", "x", "--hours", "24", "trace.csv", "-o", "day")
	e.mustSay(t, "2  rejected:", `trace.csv:6: "one"`, "2 rows did not become a job; each is listed in "+filepath.Join("day", "rejects.csv"))
	if rejects := readFile(t, dir, "day", "rejects.csv"); strings.Count(rejects, "\n") != 3 {
		t.Errorf("rejects:\n%s", rejects)
	}
}

// TestImportJobsRefuses: wrong usage and wrong mappings write nothing.
func TestImportJobsRefuses(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "trace.csv"), dayTrace)
	writeFile(t, filepath.Join(dir, "bad.yaml"), "format: wattbit-jobs/1\nrules: [{job: {shap: rigid}}]\n")
	for _, c := range []struct {
		code exitCode
		args []string
		say  string
	}{
		{exitUsage, []string{"trace.csv"}, "say what the trace is with --preset (swf, sacct, pai, openb, gaia, kueue) or --map"},
		{exitUsage, []string{"--preset", "gia", "trace.csv"}, "there is no preset"},
		{exitUsage, []string{"--show-preset", "gia"}, "there is no preset"},
		{exitUsage, []string{"--preset", "gaia", "tarce.csv"}, "did you mean trace.csv?"},
		{exitUsage, []string{"--preset", "gaia", "--region", "x", "trace.csv", "-o", "day"}, "--hours"},
		{exitUsage, []string{"--preset", "gaia", "--hours", "-1", "trace.csv"}, "--hours -1 is not the length of a horizon"},
		{exitUsage, []string{"--preset", "gaia", "--from", "noon", "trace.csv"}, "neither hours"},
		{exitUsage, []string{"--preset", "gaia", "--past-end", "keep", "trace.csv"}, "past-end"},
		{exitUsage, []string{"--preset", "gaia", "--map", "none.yaml", "trace.csv"}, "none.yaml"},
		{exitInvalid, []string{"--preset", "gaia", "--map", "bad.yaml", "trace.csv"}, "bad.yaml:2: rules[0].job.shap: is not a field of the format; did you mean shape?"},
		{exitInvalid, []string{"--preset", "gaia", "--hours", "24", "trace.csv", "-o", "day"}, "give --region"},
		{exitInvalid, []string{"--preset", "openb", "--region", "x", "--hours", "24", "trace.csv", "-o", "day"}, "the trace has no column creation_time"},
	} {
		wattbit(t, dir, c.code, append([]string{"import", "jobs"}, c.args...)...).mustSay(t, c.say)
	}
	if files := filesBelow(t, dir); len(files) != 2 {
		t.Errorf("wrong input wrote files: %v", files)
	}
	wattbit(t, dir, exitOK, "import", "jobs", "--show-preset", "sacct").mustSay(t, "format: wattbit-jobs/1", "sacct -a -X -P")
	if _, err := os.Stat(filepath.Join(dir, "day")); err == nil {
		t.Error("a failed import made its folder")
	}
}
