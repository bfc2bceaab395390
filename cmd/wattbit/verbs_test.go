package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestUsageErrors(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "case.yaml"), "format: wattbit-case/1\n")
	writeFile(t, filepath.Join(dir, "empty", "notes.txt"), "mine\n")
	small := smallCase(t)
	for _, c := range []struct {
		args string
		says string
	}{
		{"sovle " + small, `did you mean "solve"?`},
		{"frobnicate", "there are demo, init, validate, solve"},
		{"solve", "solve needs CASE"},
		{"solve " + small + " " + small, "is too much"},
		{"solve " + small + " --tme-limit 3", "did you mean --time-limit?"},
		{"solve --time-limt 3 " + small, "did you mean --time-limit?"},
		{"solve " + small + " --frobnicate", "unknown flag --frobnicate"},
		{"solve " + small + " --gap -1", "--gap: \"-1\" is not a gap"},
		{"solve " + small + " --gap NaN", "is not a gap"},
		{"solve " + small + " --time-limit 0", "is not a time above 0"},
		{"solve " + small + " --time-limit soon", "is not a time above 0"},
		{"solve " + small + " --threads 1.5", "is not a whole number"},
		{"solve " + small + " --seed", "flag needs an argument: --seed"},
		{"solve " + small + " --engine hihgs", "did you mean highs?"},
		{"solve " + small + " --engine gurobi", "there are highs, cbc"},
		{"solve " + small + " -o case.yaml", "is a file"},
		{"solve " + small + " -o empty", "notes.txt"},
		{"solve csae.yaml", "did you mean case.yaml?"},
		{"solve empty", "folder without a case.yaml"},
		{"validate", "validate needs CASE"},
		{"verify", "verify needs [CASE] PLAN"},
		{"verify " + small + " nowhere.json", "no such plan"},
		{"report", "report needs PLAN"},
		{"report empty", "without a plan.json"},
		{"engine", "list, install, check"},
		{"engine lsit", `did you mean "engine list"?`},
		{"engine list all", "is too much"},
		{"demo --day sumer", "did you mean summer?"},
		{"demo summer", "is too much"},
		{"init", "init needs DIR"},
		{"init .", "exists and is left as it is"},
		{"import", "pglib-uc, ucjl"},
		{"import pglib-uc", "import pglib-uc needs FILE"},
		{"import pglib-uc " + small, "name the folder of the case with -o"},
		{"import pglib-uc nowhere.json -o out", "no such file"},
		{"import ucjl empty -o out", "is a folder"},
		{"import pglib-uc " + small + " -o .", "exists and is left as it is"},
		{"import pglib-uc " + small + " -o out --single-bus", "unknown flag --single-bus"},
		{"export", "export needs one of: jobs, caps"},
		{"export caps " + small + " -o out", "name the scheduler with --for: kueue, volcano, slurm"},
		{"export caps " + small + " --for pbs -o out", "there are kueue, volcano, slurm"},
		{"export caps " + small + " --for slurm --window -1 -o out", "is no number of hours"},
		{"export caps " + small + " --for slurm", "name a new folder with -o"},
		{"export caps " + small + " --for slurm --map none.yaml -o out", "no such mapping"},
		{"export jobs", "export jobs needs PLAN"},
		{"export jobs " + small, "name a new folder with -o"},
		{"export jobs " + small + " -o empty", "exists and is left as it is"},
		{"version now", "is too much"},
		{"completion nosh", "unknown verb"},
		{"--frobnicate", "unknown flag --frobnicate"},
	} {
		e := wattbit(t, dir, exitUsage, strings.Fields(c.args)...)
		if !strings.Contains(e.stderr, c.says) {
			t.Errorf("wattbit %s does not say %q: %s", c.args, c.says, e)
		}
		if e.stdout != "" {
			t.Errorf("wattbit %s writes to standard output: %s", c.args, e)
		}
	}
	o := wattbit(t, dir, exitUsage, "solve", "nowhere.yaml", "--json").object(t)
	if o["status"] != "usage" || o["exit_code"] != 2.0 || o["error"] == nil {
		t.Errorf("result %v", o)
	}
	o = wattbit(t, dir, exitUsage, "solve", small, "--json", "--frobnicate").object(t)
	if o["status"] != "usage" {
		t.Errorf("result %v", o)
	}
	if files := filesBelow(t, dir); !slices.Equal(files, []string{"case.yaml", "empty", "empty/notes.txt"}) {
		t.Errorf("wrong usage wrote files: %v", files)
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{}, {"help"}, {"--help"}, {"-h"}} {
		e := wattbit(t, t.TempDir(), exitOK, args...)
		for _, verb := range []string{"demo", "init", "validate", "solve", "verify", "report", "export", "engine", "version", "completion"} {
			if !strings.Contains(e.stdout, "\n   "+verb) {
				t.Errorf("wattbit %v does not list %s: %s", args, verb, e)
			}
		}
	}
	wattbit(t, t.TempDir(), exitOK, "solve", "--help").mustSay(t, "--time-limit LIMIT", "--set PATH=VALUE", "-o FOLDER")
}

func TestInit(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "init", "new/case")
	file := filepath.Join(dir, "new", "case", "case.yaml")
	text := readFile(t, file)
	if text != initCase || !strings.Contains(text, "# ") {
		t.Error("the case is not the commented one")
	}
	writeFile(t, file, text+"# mine\n")
	wattbit(t, dir, exitUsage, "init", "new/case").mustSay(t, "left as it is")
	if readFile(t, file) != text+"# mine\n" {
		t.Error("init changed a case")
	}
	wattbit(t, dir, exitOK, "validate", "new/case").mustSay(t, "is valid", "24 periods")
	o := wattbit(t, dir, exitOK, "solve", "new/case", "--json").object(t)
	if o["verified"] != true || len(o["shortages"].([]any)) != 0 {
		t.Errorf("result %v", o)
	}
}

func TestValidate(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"storage-only", "edge-site", "green-base", "eight-hubs/summer.yaml", "eight-hubs/winter.yaml"} {
		wattbit(t, dir, exitOK, "validate", example(t, name)).mustSay(t, "is valid")
	}
	o := wattbit(t, dir, exitOK, "validate", smallCase(t), "--json").object(t)
	if o["status"] != "valid" || o["case"] != "storage-only" {
		t.Errorf("result %v", o)
	}
}

func TestVerify(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "solve", smallCase(t), "-o", "run")
	for _, args := range [][]string{
		{"verify", smallCase(t), "run/plan.json"}, {"verify", filepath.Dir(smallCase(t)), "run"},
		{"verify", "run"}, {"verify", "run/plan.json"},
	} {
		wattbit(t, dir, exitOK, args...).mustSay(t, "holds", "none breached")
	}
	o := wattbit(t, dir, exitOK, "verify", "run", "--json").object(t)
	if o["verified"] != true || o["objective"] == nil || o["verify_s"] == nil {
		t.Errorf("result %v", o)
	}

	var plan map[string]any
	text := readFile(t, dir, "run", "plan.json")
	if err := json.Unmarshal([]byte(text), &plan); err != nil {
		t.Fatal(err)
	}
	power := plan["thermal_units"].([]any)[0].(map[string]any)["power_mw"].([]any)
	power[2] = power[2].(float64) + 1
	forged, err := json.Marshal(plan)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "forged.json"), string(forged))
	writeFile(t, filepath.Join(dir, "cut.json"), text[:len(text)/2])
	e := wattbit(t, dir, exitUnverified, "verify", smallCase(t), "forged.json")
	e.mustSay(t, "breaches", "bus.balance", "in period 2 (2023-07-15 12:00)", "does not hold")
	o = wattbit(t, dir, exitUnverified, "verify", smallCase(t), "forged.json", "--json").object(t)
	if o["status"] != "unverified" || o["verified"] != false || len(o["violations"].([]any)) == 0 {
		t.Errorf("result %v", o)
	}
	wattbit(t, dir, exitUnverified, "verify", smallCase(t), "cut.json").mustSay(t, "ends before the plan does")
	wattbit(t, dir, exitUnverified, "verify", example(t, "edge-site"), "run").mustSay(t, "plan.")
	wattbit(t, dir, exitUnverified, "verify", "run", "--set", "loads[town].power_mw=100").mustSay(t, "does not hold")
	wattbit(t, dir, exitInvalid, "verify", testdata(t, "invalid.yaml"), "run")
	wattbit(t, dir, exitUsage, "verify", "forged.json").mustSay(t, "name the case too")
}

func TestReport(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	wattbit(t, dir, exitOK, "solve", smallCase(t), "-o", "run")
	page := filepath.Join(dir, "run", "report.html")
	before, costs := readFile(t, page), readFile(t, dir, "run", "tables", "costs.csv")
	if err := os.Remove(page); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "run", "tables")); err != nil {
		t.Fatal(err)
	}
	wattbit(t, dir, exitOK, "report", "run").mustSay(t, "storage-only", "Verified", filepath.Join("run", "report.html"))
	if readFile(t, page) != before || readFile(t, dir, "run", "tables", "costs.csv") != costs {
		t.Error("the report made anew differs")
	}
	// A plan away from its run needs its case, and replaces nothing of others.
	plan := readFile(t, dir, "run", "plan.json")
	writeFile(t, filepath.Join(dir, "away", "plan.json"), plan)
	wattbit(t, dir, exitUsage, "report", "away").mustSay(t, "name the case")
	wattbit(t, dir, exitOK, "report", "away", "--case", smallCase(t), "-o", "page")
	if !strings.Contains(readFile(t, dir, "page", "report.html"), "</html>") {
		t.Error("no page")
	}
	writeFile(t, filepath.Join(dir, "away", "report.html"), "mine")
	wattbit(t, dir, exitUsage, "report", "away", "--case", smallCase(t)).mustSay(t, "is not of a run")
	if readFile(t, dir, "away", "report.html") != "mine" {
		t.Error("a file that is not of a run was replaced")
	}
	o := wattbit(t, dir, exitOK, "report", "run", "--json").object(t)
	if o["report"] != filepath.Join("run", "report.html") || o["verified"] != true {
		t.Errorf("result %v", o)
	}
	writeFile(t, filepath.Join(dir, "run", "plan.json"), strings.Replace(plan, `"objective": `, `"objective": 1`, 1))
	wattbit(t, dir, exitUnverified, "report", "run")
}

func TestEngine(t *testing.T) {
	needEngine(t)
	dir := t.TempDir()
	e := wattbit(t, dir, exitOK, "engine", "check")
	e.mustSay(t, "highs 1.", "works")
	wattbit(t, dir, exitOK, "engine", "list").mustSay(t, "highs", "cbc")
	var lines []engineLine
	if err := json.Unmarshal([]byte(wattbit(t, dir, exitOK, "engine", "list", "--json").stdout), &lines); err != nil {
		t.Fatal(err)
	}
	if len(lines) < 2 || lines[0].Name != "highs" || !lines[0].Available || lines[0].Path == nil {
		t.Errorf("engines %+v", lines)
	}
	// A file that is no library is refused with its name.
	writeFile(t, filepath.Join(dir, "fake.so"), "no library")
	wattbit(t, dir, exitInternal, "engine", "check", "--engine-path", "fake.so").mustSay(t, "fake.so")
}

// TestEngineInstallWheel: what is not the pinned wheel is not installed.
func TestEngineInstallWheel(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, filepath.Join(dir, "cache"))
	}
	writeFile(t, filepath.Join(dir, "fake.whl"), "no wheel")
	wattbit(t, dir, exitInternal, "engine", "install", "--wheel", "fake.whl").mustSay(t, "fake.whl")
	if files := filesBelow(t, dir); slices.ContainsFunc(files, func(f string) bool { return strings.Contains(f, "libhighs") }) {
		t.Errorf("installed: %v", files)
	}
}

func TestVersion(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if e := wattbit(t, dir, exitOK, args...); !strings.HasPrefix(e.stdout, "wattbit ") || !strings.Contains(e.stdout, "go1.") {
			t.Errorf("%v: %s", args, e)
		}
	}
	o := wattbit(t, dir, exitOK, "version", "--json").object(t)
	for _, field := range []string{"version", "go", "os", "arch"} {
		if v, ok := o[field].(string); !ok || v == "" {
			t.Errorf("%s is %v", field, o[field])
		}
	}
}

func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	for shell, word := range map[string]string{"bash": "complete ", "zsh": "compdef", "fish": "complete "} {
		if e := wattbit(t, dir, exitOK, "completion", shell); !strings.Contains(e.stdout, word) || !strings.Contains(e.stdout, "wattbit") {
			t.Errorf("%s: %s", shell, e)
		}
	}
	// What the scripts ask the program.
	wattbit(t, dir, exitOK, "so", "--generate-shell-completion").mustSay(t, "solve")
	wattbit(t, dir, exitOK, "solve", "--ti", "--generate-shell-completion").mustSay(t, "--time-limit")
}

func TestVerbose(t *testing.T) {
	needEngine(t)
	for _, args := range [][]string{{"-v", "solve", smallCase(t)}, {"solve", smallCase(t), "--verbose"}} {
		e := wattbit(t, t.TempDir(), exitOK, args...)
		if !strings.Contains(e.stderr, "opened engine") || strings.Contains(e.stdout, "level=") {
			t.Errorf("%v: %s", args, e)
		}
	}
}

func TestVerboseTellsTheSteps(t *testing.T) {
	needEngine(t)
	wattbit(t, t.TempDir(), exitOK, "-v", "solve", example(t, "green-base/case.yaml"), "--method", "decomposition").mustSay(t, "msg=step")
}
