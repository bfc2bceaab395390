package model

import (
	"errors"
	"reflect"
	"strings"
)

// ReadDocument decodes a YAML text, or JSON where the file's name ends in .json,
// into a struct by its json tags, as strictly as a case: unknown, missing and
// repeated fields, null and values of another kind are errors. The struct may
// hold what a case holds, and JobFields. The error is Findings with everything
// that is wrong, each with file and line.
func ReadDocument[T any](file string, text []byte, into *T) error {
	if strings.TrimSpace(string(text)) == "" {
		return Findings{{File: file, Problem: "is empty"}}
	}
	root, err := parse(file, text)
	if err != nil {
		f := Finding{File: file, Problem: err.Error()}
		var syntax *syntaxError
		if errors.As(err, &syntax) {
			f.Line, f.Problem, f.Remedy = syntax.line, syntax.problem, syntax.remedy
		}
		return Findings{f}
	}
	d := &decoder{source: &source{file: file, root: root, spoiled: map[itemKey]bool{}}, index: -1}
	if root.kind != objectNode {
		d.wrongType(root, "", objectNode)
	} else {
		d.object(root, reflect.ValueOf(into).Elem(), "", d.value)
	}
	return d.findings.err()
}
