// Package convert reads the files of public benchmarks as cases: pglib-uc (see
// package pglibuc) and UnitCommitment.jl (see package ucjl), plain or packed by
// gzip. Which one a file is in is told by its content.
package convert

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/internal/jsontree"
	"github.com/wattbit/wattbit/model/convert/pglibuc"
	"github.com/wattbit/wattbit/model/convert/ucjl"
)

// Format is a format of benchmark files.
type Format string

// The formats that are read, by the names that the command line knows.
const (
	PGLibUC Format = "pglib-uc"
	UCJL    Format = "ucjl"
)

// Formats lists them.
func Formats() []Format { return []Format{PGLibUC, UCJL} }

// Options say what to make of a file.
type Options struct {
	// SingleBus leaves transmission lines of UnitCommitment.jl out.
	SingleBus bool
}

// Detect tells the format of a file, "" when it is none of these. It reads no
// further than the names at the file's top.
func Detect(path string) (Format, error) {
	f, err := jsontree.File(path)
	if err != nil {
		return "", fmt.Errorf("recognise the format: %w", err)
	}
	defer f.Close()
	var found Format
	jsontree.TopNames(f, func(name string) bool {
		switch name {
		case "time_periods", "demand", "thermal_generators", "renewable_generators":
			found = PGLibUC
		case "Parameters", "Generators", "Buses":
			found = UCJL
		case "format", "horizon", "buses":
		default:
			return true
		}
		return false
	})
	return found, nil
}

// ReadFile reads a file of the format as a valid case, named after the file. The
// error is model.Findings, all that is wrong at once, when the file can be read.
func ReadFile(path string, format Format, o Options) (*model.Case, *model.ReadReport, error) {
	var c *model.Case
	var err error
	switch format {
	case PGLibUC:
		c, err = pglibuc.ReadFile(path)
	case UCJL:
		c, err = ucjl.ReadFile(path, ucjl.Options{SingleBus: o.SingleBus})
	default:
		err = fmt.Errorf("%q is not a format that is read", format)
	}
	if err != nil {
		return nil, nil, err
	}
	input, err := inputFile(path)
	if err != nil {
		return nil, nil, err
	}
	warnings, err := c.Validate()
	if err != nil {
		return nil, nil, err
	}
	return c, &model.ReadReport{Inputs: []model.InputFile{input}, Warnings: warnings}, nil
}

func inputFile(path string) (model.InputFile, error) {
	f, err := jsontree.File(path)
	if err != nil {
		return model.InputFile{}, err
	}
	defer f.Close()
	digest := sha256.New()
	n, err := jsontree.Copy(digest, f)
	if err != nil {
		return model.InputFile{}, fmt.Errorf("read %s: %w", path, err)
	}
	return model.InputFile{Path: filepath.Base(path), SHA256: hex.EncodeToString(digest.Sum(nil)), Bytes: n}, nil
}
