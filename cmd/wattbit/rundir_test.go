package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"eight-hubs-summer": "eight-hubs-summer", "First Case / 2": "first-case-2", "../../etc": "etc", "東数西算": "東数西算", "...": "case", "": "case",
	} {
		if got := slug(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// fakeRun writes what a run folder may hold.
func fakeRun(t *testing.T, dir, mark string, names ...string) {
	t.Helper()
	writeFile(t, filepath.Join(dir, runFile), `{"format": "wattbit-run/1"}`)
	for _, name := range names {
		writeFile(t, filepath.Join(dir, name), mark)
	}
}

func TestCheckFolder(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	fakeRun(t, at("run"), "", planFile, caseCopy, jobsCopy, reportFile, "tables/costs.csv", ".DS_Store")
	fakeRun(t, at("notes"), "", planFile, "notes.txt")
	fakeRun(t, at("tables"), "", "tables/costs.xlsx")
	writeFile(t, at("other/plan.json"), "{}")
	writeFile(t, at("other-run/run.json"), `{"format": "else"}`)
	if err := os.Mkdir(at("empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{
		"new": true, "new/deep": true, "empty": true, "run": true,
		"notes": false, "tables": false, "other": false, "other-run": false, "notes/notes.txt": false, "run/plan.json/x": false,
	} {
		if err := checkFolder(at(name)); (err == nil) != ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStage(t *testing.T) {
	dir := t.TempDir()
	put := func(target, mark string, names ...string) {
		t.Helper()
		s, err := newStage(target)
		if err != nil {
			t.Fatal(err)
		}
		defer s.discard()
		fakeRun(t, s.dir, mark, names...)
		if err := s.commit(); err != nil {
			t.Fatal(err)
		}
	}
	target := filepath.Join(dir, "deep", "run")
	put(target, "first", planFile, reportFile, "tables/old.csv")
	put(target, "second", planFile, "tables/new.csv")
	want := []string{"plan.json", "run.json", "tables", "tables/new.csv"}
	if got := filesBelow(t, target); !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
	if readFile(t, target, planFile) != "second" {
		t.Error("the earlier plan stayed")
	}
	// What is discarded leaves nothing, beside a folder or in it.
	for _, target := range []string{target, filepath.Join(dir, "deep", "never")} {
		s, err := newStage(target)
		if err != nil {
			t.Fatal(err)
		}
		fakeRun(t, s.dir, "third", planFile)
		s.discard()
	}
	if got := filesBelow(t, filepath.Join(dir, "deep")); len(got) != len(want)+1 {
		t.Errorf("left over: %v", got)
	}
}

func TestProbeLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := probe(filepath.Join(dir, "a", "b")); err != nil {
		t.Fatal(err)
	}
	if files := filesBelow(t, dir); len(files) > 0 {
		t.Errorf("left over: %v", files)
	}
}
