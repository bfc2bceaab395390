package model

import (
	"fmt"
	"reflect"
	"slices"
)

// JobFields are some fields of a job, as a rule for many jobs gives them. Which
// ones are given is remembered, so that zero can be given too.
type JobFields struct {
	job   Job
	given []int // fields of Job
}

// jobFields decodes an object with any of a job's fields.
func (d *decoder) jobFields(n *node, v reflect.Value, path string) {
	if n.kind != objectNode {
		d.wrongType(n, path, objectNode)
		return
	}
	var f JobFields
	d.someFields(n, reflect.ValueOf(&f.job).Elem(), path, d.value, true)
	for i, field := range d.layout(reflect.TypeFor[Job]()) {
		if n.field(field.name) != nil {
			f.given = append(f.given, i)
		}
	}
	v.Set(reflect.ValueOf(f))
}

// Gives says whether the field, by its name in files, is given.
func (f *JobFields) Gives(name string) bool {
	return slices.ContainsFunc(f.given, func(i int) bool {
		given, _ := tag(reflect.TypeFor[Job]().Field(i))
		return given == name
	})
}

// Apply sets the given fields of a job and leaves the others. Jobs that it is
// applied to share what the fields point to.
func (f *JobFields) Apply(j *Job) {
	from, to := reflect.ValueOf(&f.job).Elem(), reflect.ValueOf(j).Elem()
	for _, i := range f.given {
		to.Field(i).Set(from.Field(i))
	}
}

// JobField is a field of a job that is set from text, as a cell of a table holds
// it.
type JobField struct {
	index int
	cells *cellReader
}

// NewJobField returns the field with the name that it has in files; the error is
// that there is none.
func NewJobField(name string) (*JobField, error) {
	t := reflect.TypeFor[Job]()
	var known []string
	for i, f := range layout(t) {
		if f.name == name {
			return &JobField{index: i, cells: newCellReader()}, nil
		}
		known = append(known, f.name)
	}
	return nil, fmt.Errorf("%s is not a field of a job; %s", clip(name), didYouMean(name, known))
}

// Set sets the field of a job. The error is that the text is no value of it.
func (f *JobField) Set(j *Job, text string) error {
	v := reflect.ValueOf(j).Elem().Field(f.index)
	d := &decoder{source: &source{spoiled: map[itemKey]bool{}}, index: -1}
	d.value(f.cells.cell(text, v.Type(), new(node)), v, "")
	if all := d.findings.all(); len(all) > 0 {
		return fmt.Errorf("%s", all[0].Problem)
	}
	return nil
}
