//go:build !unix

package main

import "os"

// interrupt ends a process: this system has no signal that asks.
func interrupt(p *os.Process) error { return p.Kill() }
