//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakMB is the largest resident set of a process that has ended, in MiB.
func peakMB(s *os.ProcessState) float64 {
	usage, ok := s.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	unit := 1024.0 // the unit of ru_maxrss is KiB
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		unit = 1 // there it is bytes
	}
	return float64(usage.Maxrss) * unit / (1 << 20)
}
