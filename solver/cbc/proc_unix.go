//go:build unix

package cbc

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts the child into a process group of its own: a Ctrl-C at the
// terminal then reaches it only through the context, and a wrapper script ends
// together with the cbc that it started.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func interrupt(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGINT) }

func killGroup(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }
