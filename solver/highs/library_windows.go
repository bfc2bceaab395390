package highs

import (
	"fmt"
	"syscall"
	"unsafe"
)

// What the library itself needs is looked for beside it and in the system
// folders, never in the working directory.
const (
	loadLibrarySearchDLLLoadDir  = 0x00000100
	loadLibrarySearchDefaultDirs = 0x00001000
)

func openLibrary(path string) (uintptr, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return 0, err
	}
	proc := syscall.NewLazyDLL("kernel32.dll").NewProc("LoadLibraryExW")
	if err := proc.Find(); err != nil {
		return 0, err
	}
	handle, _, err := proc.Call(uintptr(unsafe.Pointer(name)), 0, loadLibrarySearchDLLLoadDir|loadLibrarySearchDefaultDirs)
	if handle == 0 {
		return 0, fmt.Errorf("LoadLibraryEx: %w", err)
	}
	return handle, nil
}

func lookup(handle uintptr, name string) (uintptr, error) {
	return syscall.GetProcAddress(syscall.Handle(handle), name)
}
