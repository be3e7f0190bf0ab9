// Package named reads SQL statements in which parameters are written :name, and makes of them what each kind of database takes. It asks no database.
package named

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Statement is SQL text in which parameters are :name.
type Statement struct {
	syntax *Syntax
	text   string
	params []param
	gives  bool
}

// param is one use of a parameter: text[from:to].
type param struct {
	name     string
	from, to int
}

// Parse finds the parameters of a statement. An error names line and column.
func Parse(text string, s *Syntax) (Statement, error) {
	c := scanner{Syntax: s, text: text}
	for c.at < len(text) {
		if err := c.next(); err != nil {
			return Statement{}, err
		}
	}
	return Statement{s, text, c.params, c.gives}, nil
}

// Names are the parameters, each once, in the order of their first use.
func (s Statement) Names() []string {
	var names []string
	for _, p := range s.params {
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// Uses reports whether a parameter is in the statement.
func (s Statement) Uses(name string) bool { return s.first(name) >= 0 }

// Place is line and column of a parameter's first use.
func (s Statement) Place(name string) string { return place(s.text, s.params[s.first(name)].from) }

func (s Statement) first(name string) int {
	return slices.IndexFunc(s.params, func(p param) bool { return p.name == name })
}

// Gives reports whether the statement says returning or output: rows come of it though it writes.
func (s Statement) Gives() bool { return s.gives }

// Bound is a statement as the database takes it.
type Bound struct {
	Text   string
	Args   []any
	of     Statement
	starts []int // where in Text the marks of of.params begin
	ends   []int // and end
}

// Bind gives the parameters their values. A parameter without one is an error that names it and those there are.
func (s Statement) Bind(values map[string]any) (Bound, error) {
	b := Bound{of: s}
	var out strings.Builder
	marks := map[string]string{}
	end := 0
	for _, p := range s.params {
		v, ok := values[p.name]
		if !ok {
			return Bound{}, fmt.Errorf("%s: the parameter :%s has no value; %s", place(s.text, p.from), p.name, listed(values))
		}
		out.WriteString(s.text[end:p.from])
		b.starts = append(b.starts, out.Len())
		mark, again := marks[p.name]
		if !again || !s.syntax.once {
			b.Args = append(b.Args, v)
			mark = s.syntax.mark(len(b.Args))
			marks[p.name] = mark
		}
		out.WriteString(mark)
		b.ends = append(b.ends, out.Len())
		end = p.to
	}
	out.WriteString(s.text[end:])
	b.Text = out.String()
	return b, nil
}

func listed(values map[string]any) string {
	if len(values) == 0 {
		return "no parameters are given"
	}
	return "those that have one are :" + strings.Join(slices.Sorted(maps.Keys(values)), ", :")
}

// Place is line and column of the statement as it was written, for an offset in Text.
func (b Bound) Place(offset int) string {
	offset = min(max(offset, 0), len(b.Text))
	shift := 0
	for i, p := range b.of.params {
		if offset < b.starts[i] {
			break
		}
		if offset < b.ends[i] {
			return place(b.of.text, p.from)
		}
		shift = p.to - b.ends[i]
	}
	return place(b.of.text, offset+shift)
}

// place is line and column of an offset in a text; columns count characters.
func place(text string, offset int) string {
	before := text[:min(offset, len(text))]
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	return "line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column)
}
