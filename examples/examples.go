// Package examples holds the example cases, so that programs can read them from
// wherever they run.
package examples

import "embed"

// FS holds the cases and their tables, as in eight-hubs/summer.yaml.
//
//go:embed */*.yaml */*.csv */tables/*.csv
var FS embed.FS
