package main

import (
	"bytes"
	"strings"
)

// watched is a buffer that says when a word has come by.
type watched struct {
	buffer *bytes.Buffer
	word   string
	seen   chan struct{}
	done   bool
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.buffer.Write(b)
	if !w.done && strings.Contains(w.buffer.String(), w.word) {
		w.done = true
		close(w.seen)
	}
	return n, err
}
