//go:build !unix

package cbc

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

// interrupt ends the child at once: there is no portable way to ask, so the
// best point is lost.
func interrupt(p *os.Process) error { return p.Kill() }

func killGroup(p *os.Process) error { return p.Kill() }
