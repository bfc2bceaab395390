module github.com/wattbit/wattbit

go 1.26

require (
	github.com/ebitengine/purego v0.11.3
	go.yaml.in/yaml/v3 v3.0.6 // indirect
)
