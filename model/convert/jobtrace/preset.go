package jobtrace

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed presets/*.yaml
var presetFiles embed.FS

// Presets lists the names of the presets.
func Presets() []string { return []string{"swf", "sacct", "pai", "openb", "gaia", "kueue"} }

// PresetText returns the mapping file of a preset, to read or to build on.
func PresetText(name string) ([]byte, error) {
	text, err := presetFiles.ReadFile("presets/" + name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no preset %q; there are %s", name, strings.Join(Presets(), ", "))
	}
	return text, nil
}

// Preset returns a preset.
func Preset(name string) (*Mapping, error) {
	text, err := PresetText(name)
	if err != nil {
		return nil, err
	}
	return ReadMapping(name+".yaml", text)
}
