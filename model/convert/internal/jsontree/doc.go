// Package jsontree reads the JSON files of public benchmarks strictly: a field
// that is unknown, missing or given twice, a value of another kind and a number
// that is none are findings, each with the line and the path of what is wrong,
// and all of them are found at once. It unpacks gzip, told by the content, and
// limits what a file may ask for.
package jsontree
