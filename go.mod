module github.com/wattbit/wattbit

go 1.26.0

require (
	github.com/ebitengine/purego v0.11.3
	github.com/urfave/cli/v3 v3.14.0
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/term v0.48.0
)

require golang.org/x/sys v0.50.0 // indirect
