package caps

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// maxName is the length of a label of RFC 1123, and of the value of a label in
// Kubernetes.
const maxName = 63

// valid returns names that are labels of RFC 1123 (lower-case letters, digits and
// dashes, at most 63, neither first nor last a dash), one for each wanted and no two
// alike. A name that is valid, and that no other one would become too, stays as it is;
// where several become the same each gets a mark of its own, which hangs on its key
// alone, so that names are the same from day to day whatever else there is. Equal keys
// are equal things and share a name.
func valid(wanted, keys []string) []string {
	out := make([]string, len(wanted))
	first := make(map[string]string) // key that has the name
	shared := make(map[string]bool)
	for i, name := range wanted {
		out[i] = label(name)
		if key, taken := first[out[i]]; taken && key != keys[i] {
			shared[out[i]] = true
		}
		first[out[i]] = keys[i]
	}
	for i, name := range out {
		if shared[name] {
			out[i] = marked(name, keys[i])
		}
	}
	return out
}

// marked puts a mark of the key behind a name.
func marked(name, key string) string {
	sum := sha256.Sum256([]byte(key))
	mark := "-" + hex.EncodeToString(sum[:5])
	return strings.TrimRight(name[:min(len(name), maxName-len(mark))], "-") + mark
}

// label is the name nearest to a text. What has no letter or digit of ASCII, or is too
// long, gets a mark.
func label(text string) string {
	var b strings.Builder
	lost := false
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			lost = lost || r > 127
			if s := b.String(); s != "" && s[len(s)-1] != '-' {
				b.WriteByte('-')
			}
		}
	}
	name := strings.Trim(b.String(), "-")
	if name == "" {
		name, lost = "x", true
	}
	if lost || len(name) > maxName {
		return marked(name, text)
	}
	return name
}
