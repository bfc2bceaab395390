//go:build unix

package main

import "os"

// interrupt asks a process to end with what it has.
func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
