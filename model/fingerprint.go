package model

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
)

// Fingerprint identifies what the case says: the SHA-256, in hexadecimal, of
// the case as JSON with every table resolved. A plan carries the fingerprint of
// its case. How the case was written down does not matter: YAML or JSON, series
// inline or in tables. A case that holds NaN or infinity has none: "".
func (c *Case) Fingerprint() string {
	h := sha256.New()
	out := bufio.NewWriterSize(h, 1<<16)
	err := jsonPieces(reflect.ValueOf(c).Elem(), func(piece []byte) error {
		_, err := out.Write(piece)
		return err
	})
	if err != nil {
		return ""
	}
	_ = out.WriteByte('\n') // errors stay in out, and a digest has none
	_ = out.Flush()
	return hex.EncodeToString(h.Sum(nil))
}
