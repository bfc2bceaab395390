package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// machine is where something was measured.
type machine struct {
	Processor string `json:"processor,omitempty"`
	Cores     int    `json:"cores"`
	OS        string `json:"os"`
	Arch      string `json:"arch"`
}

func thisMachine() machine {
	m := machine{Cores: runtime.NumCPU(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	// Only Linux tells it in a file; elsewhere the name is left out.
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, v, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			m.Processor = printable(strings.TrimSpace(v))
			break
		}
	}
	return m
}

func (m machine) String() string {
	name := m.Processor
	if name == "" {
		name = "processor unknown"
	}
	return fmt.Sprintf("%s, %s, %s/%s", name, plural(m.Cores, "core"), m.OS, m.Arch)
}

// loadAverage is the load of the last 1, 5 and 15 minutes, where Linux tells it.
func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if len(fields) < 3 {
		return ""
	}
	return strings.Join(fields[:3], " ")
}
