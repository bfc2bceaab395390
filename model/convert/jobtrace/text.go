package jobtrace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// Limits of a trace. Its length is not limited.
const (
	// maxLineBytes of a row.
	maxLineBytes = 1 << 20
	// maxExpansion of a packed file: bytes unpacked for each byte read, once
	// freeBytes have been unpacked.
	maxExpansion = 500
	freeBytes    = 64 << 20
)

// unpacked reads a text, through gzip where it begins as gzip does.
func unpacked(r io.Reader) (io.Reader, error) {
	packed := &countedReader{r: r}
	buffered := bufio.NewReaderSize(packed, 1<<16)
	head, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read: %w", err)
	}
	if !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	z, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, fmt.Errorf("unpack: %w", err)
	}
	return &limitedExpansion{z: z, packed: packed}, nil
}

// countedReader counts the bytes read.
type countedReader struct {
	r io.Reader
	n int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// limitedExpansion ends with an error when a small packed text grows without
// end.
type limitedExpansion struct {
	z      *gzip.Reader
	packed *countedReader
	n      int64
}

func (l *limitedExpansion) Read(p []byte) (int, error) {
	n, err := l.z.Read(p)
	l.n += int64(n)
	if l.n > freeBytes && l.n > maxExpansion*l.packed.n {
		return n, fmt.Errorf("unpack: expands more than %d times, which no trace does", maxExpansion)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("unpack: %w", err)
	}
	return n, err
}

// lines reads a text line by line.
type lines struct {
	r *bufio.Reader
	// at is the line read last, from 1.
	at int
}

func newLines(r io.Reader) *lines {
	l := &lines{r: bufio.NewReaderSize(r, maxLineBytes)}
	if mark, err := l.r.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = l.r.Discard(3) // just seen
	}
	return l
}

// next returns a line without its end, valid until the next call; io.EOF after
// the last. A line that is too long is skipped, with a rowError.
func (l *lines) next() ([]byte, error) {
	text, err := l.r.ReadSlice('\n')
	if len(text) == 0 && err != nil {
		return nil, err
	}
	l.at++
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = l.r.ReadSlice('\n')
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, &rowError{reason: fmt.Sprintf("the line is longer than %d bytes", maxLineBytes)}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	text = bytes.TrimSuffix(text, []byte{'\n'})
	return bytes.TrimSuffix(text, []byte{'\r'}), nil
}
