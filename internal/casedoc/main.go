// Casedoc writes docs/case-format.md: an introduction, then every section and
// field of a case, from the types of package model and their doc comments.
package main

import (
	"bytes"
	_ "embed"
	"flag"
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("model", ".", "folder of package model")
	out := flag.String("o", "", "file to write")
	flag.Parse()
	text, err := generate(*dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := atomicfile.Write(*out, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		log.Fatal(err)
	}
}

//go:embed intro.md
var intro string

// generate returns the page for the package in the folder.
func generate(dir string) ([]byte, error) {
	structs, err := readTypes(dir)
	if err != nil {
		return nil, err
	}
	root, ok := structs["Case"]
	if !ok {
		return nil, fmt.Errorf("casedoc: %s has no type Case", dir)
	}
	p := &page{structs: structs}
	p.WriteString("<!-- Written by go generate ./model; change the doc comments there, or internal/casedoc/intro.md. -->\n\n")
	p.WriteString(intro)
	p.WriteString("\n## The case\n\n")
	if err := p.table(root); err != nil {
		return nil, err
	}
	for _, f := range root.fields {
		if nested := structs[f.elem]; nested != nil {
			if err := p.section(f, nested, f.json, "##"); err != nil {
				return nil, err
			}
		}
	}
	return p.Bytes(), nil
}

// structType is a type of the case, field is one of its fields.
type structType struct {
	name, doc string
	fields    []field
}

type field struct {
	name, json string
	required   bool
	// unless names the field that may be given in its place.
	unless string
	// form of the type in words; elem is the named type in it.
	form, elem string
	list       bool
	doc        string
}

func readTypes(dir string) (map[string]*structType, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("casedoc: %w: Go files in %s", fs.ErrNotExist, dir)
	}
	out := map[string]*structType{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, decl := range file.Decls {
			types, ok := decl.(*ast.GenDecl)
			if !ok || types.Tok != token.TYPE {
				continue
			}
			for _, spec := range types.Specs {
				s := spec.(*ast.TypeSpec)
				if body, ok := s.Type.(*ast.StructType); ok {
					out[s.Name.Name] = readStruct(s.Name.Name, types.Doc.Text(), body)
				}
			}
		}
	}
	return out, nil
}

func readStruct(name, doc string, body *ast.StructType) *structType {
	s := &structType{name: name, doc: doc}
	for _, f := range body.Fields.List {
		if f.Tag == nil {
			continue
		}
		tags, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		json, options, _ := strings.Cut(reflect.StructTag(tags).Get("json"), ",")
		if json == "" || json == "-" {
			continue
		}
		for _, n := range f.Names {
			out := field{name: n.Name, json: json, required: options == "", unless: reflect.StructTag(tags).Get("unless"), doc: f.Doc.Text()}
			out.form, out.elem, out.list = form(f.Type)
			s.fields = append(s.fields, out)
		}
	}
	return s
}

// form says in words what a field holds.
func form(t ast.Expr) (words, elem string, list bool) {
	switch t := t.(type) {
	case *ast.StarExpr:
		return form(t.X)
	case *ast.ArrayType:
		words, elem, _ := form(t.Elt)
		if words == "object" {
			return "list of objects", elem, true
		}
		return "list of " + words + "s", elem, true
	case *ast.SelectorExpr:
		return "time", "", false
	case *ast.Ident:
		switch t.Name {
		case "string", "JobShape", "Direction", "Place":
			return "text", "", false
		case "float64":
			return "number", "", false
		case "int":
			return "whole number", "", false
		case "bool":
			return "true or false", "", false
		case "Series":
			return "series", "", false
		}
		return "object", t.Name, false
	}
	return "", "", false
}

type page struct {
	bytes.Buffer
	structs map[string]*structType
}

func (p *page) section(f field, s *structType, path, level string) error {
	fmt.Fprintf(p, "\n%s %s\n\n", level, path)
	p.WriteString(p.prose(s, s.doc))
	p.WriteString("\n")
	if err := p.table(s); err != nil {
		return err
	}
	for _, inner := range s.fields {
		if nested := p.structs[inner.elem]; nested != nil {
			if err := p.section(inner, nested, path+"."+inner.json, "###"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *page) table(s *structType) error {
	p.WriteString("| field | holds | meaning |\n| --- | --- | --- |\n")
	before := field{}
	for _, f := range s.fields {
		holds := f.form
		switch {
		case !f.required:
			holds += ", may be left out"
		case f.unless != "":
			holds += fmt.Sprintf(", unless `%s` is given", f.unless)
		}
		meaning := strings.Join(strings.Fields(p.prose(s, f.doc)), " ")
		if meaning == "" {
			meaning = usual[f.json]
		}
		if meaning == "" && mentions(before.doc, f) {
			meaning = fmt.Sprintf("See `%s`.", before.json)
		}
		if nested := p.structs[f.elem]; meaning == "" && nested != nil {
			first, _, _ := strings.Cut(strings.Join(strings.Fields(p.prose(nested, nested.doc)), " "), ". ")
			meaning = strings.TrimSuffix(first, ".") + "."
		}
		if meaning == "" {
			return fmt.Errorf("casedoc: %s.%s has no doc comment", s.name, f.name)
		}
		fmt.Fprintf(p, "| `%s` | %s | %s |\n", f.json, holds, strings.ReplaceAll(meaning, "|", `\|`))
		if f.doc != "" {
			before = f
		}
	}
	return nil
}

// usual are the meanings of fields that mean the same everywhere.
var usual = map[string]string{
	"name":   "Unique in its section.",
	"bus":    "Name of the bus.",
	"site":   "Name of the site.",
	"region": "Name of the region.",
	"from":   "Name of the one end.",
	"to":     "Name of the other end.",
}

var word = regexp.MustCompile(`[A-Za-z0-9]+`)

// mentions says whether the doc comment of one field speaks of another too.
func mentions(doc string, f field) bool {
	return slices.Contains(word.FindAllString(doc, -1), f.name) || slices.Contains(fileName.FindAllString(doc, -1), f.json)
}

var fileName = regexp.MustCompile(`\b(?:[a-z]+\.)?[a-z0-9]+(?:_[a-z0-9]+)+\b`)

// prose turns a doc comment into Markdown that names fields as files do.
func (p *page) prose(s *structType, doc string) string {
	if doc == "" {
		return ""
	}
	text := string(new(comment.Printer).Markdown(new(comment.Parser).Parse(doc)))
	text = strings.ReplaceAll(text, `\_`, "_")
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "\t") {
			continue // a formula
		}
		line = fileName.ReplaceAllString(line, "`$0`")
		lines[i] = word.ReplaceAllStringFunc(line, func(w string) string {
			for _, f := range s.fields {
				if f.name == w && strings.ContainsFunc(w[1:], func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
					return "`" + f.json + "`"
				}
			}
			if p.structs[w] != nil {
				return spaced(w)
			}
			return w
		})
	}
	return strings.Join(lines, "")
}

// spaced writes a type's name as words: ThermalUnit is thermal unit, with the
// first letter as it is.
func spaced(name string) string {
	var b strings.Builder
	for i, r := range name {
		upper := 'A' <= r && r <= 'Z'
		if i > 0 && upper && !('A' <= name[i-1] && name[i-1] <= 'Z') {
			b.WriteString(" " + strings.ToLower(string(r)))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
