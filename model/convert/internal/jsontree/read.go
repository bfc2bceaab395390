package jsontree

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// Limits of a file.
const (
	// MaxBytes of the text, unpacked.
	MaxBytes = 256 << 20
	// maxValues of the text, maxDepth of their nesting.
	maxValues = 4_000_000
	maxDepth  = 20
)

// Text reads all text, unpacked when it begins as gzip does.
func Text(r io.Reader) ([]byte, error) {
	var head [2]byte
	n, err := io.ReadFull(r, head[:])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	whole := io.MultiReader(bytes.NewReader(head[:n]), r)
	if n == 2 && head == [2]byte{0x1f, 0x8b} {
		unpacked, err := gzip.NewReader(whole)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		whole = unpacked
	}
	text, err := io.ReadAll(io.LimitReader(whole, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read or unpack: %w", err)
	case len(text) > MaxBytes:
		return nil, fmt.Errorf("holds more than %d MiB", MaxBytes>>20)
	case !utf8.Valid(text):
		return nil, errors.New("is not UTF-8 text")
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), nil
}

// File opens a regular file.
func File(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	// A pipe would wait for a writer, and a device need not end.
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no regular file", name)
	}
	return os.Open(name)
}
