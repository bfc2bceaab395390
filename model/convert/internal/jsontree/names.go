package jsontree

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
)

// TopNames tells the names of the fields of the object that the text holds, in
// their order, until told enough. Text that is no object has none.
func TopNames(r io.Reader, more func(name string) bool) {
	buffered := bufio.NewReader(r)
	var text io.Reader = buffered
	if head, err := buffered.Peek(2); err == nil && bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(buffered)
		if err != nil {
			return
		}
		text = unpacked
	}
	plain := bufio.NewReader(io.LimitReader(text, MaxBytes))
	if mark, err := plain.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = plain.Discard(3)
	}
	d := json.NewDecoder(plain)
	depth, key := 0, true
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		delim, isDelim := token.(json.Delim)
		switch {
		case isDelim && (delim == '{' || delim == '['):
			if depth == 0 && delim == '[' || depth > maxDepth {
				return
			}
			depth++
			key = depth == 1
		case isDelim:
			depth--
			key = depth == 1
		case depth == 0:
			return
		case depth == 1 && key:
			name, _ := token.(string)
			if !more(name) {
				return
			}
			key = false
		case depth == 1:
			key = true
		}
	}
}

// Copy copies a file of at most MaxBytes.
func Copy(w io.Writer, r io.Reader) (int64, error) { return io.Copy(w, io.LimitReader(r, MaxBytes)) }
