// Package packed reads tables that may be packed by gzip.
package packed

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

// Reader returns a reader of r's text, unpacked if it is packed.
func Reader(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return bufio.NewReader(z), nil
}
