package model

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Fingerprint identifies what the case says: the SHA-256, in hexadecimal, of
// the case as JSON with every table resolved. A plan carries the fingerprint of
// its case. How the case was written down does not matter: YAML or JSON, series
// inline or in tables. A case that holds NaN or infinity has none: "".
func (c *Case) Fingerprint() string {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(c); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}
