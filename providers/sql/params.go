package sql

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// statement is SQL text in which parameters are :name.
type statement struct {
	text   string
	params []param
	gives  bool // it says returning or output: rows come of it
}

// param is one use of a parameter: text[from:to].
type param struct {
	name     string
	from, to int
}

// parse finds the parameters of a statement. An error names line and column.
func parse(text string, s *syntax) (statement, error) {
	c := scanner{syntax: s, text: text}
	for c.at < len(text) {
		if err := c.next(); err != nil {
			return statement{}, err
		}
	}
	return statement{text, c.params, c.gives}, nil
}

// names are the parameters, each once, in the order of their first use.
func (s statement) names() []string {
	var names []string
	for _, p := range s.params {
		if !slices.Contains(names, p.name) {
			names = append(names, p.name)
		}
	}
	return names
}

// uses reports whether a parameter is in the statement.
func (s statement) uses(name string) bool {
	return slices.ContainsFunc(s.params, func(p param) bool { return p.name == name })
}

// bound is a statement as the database takes it.
type bound struct {
	text   string
	args   []any
	of     statement
	starts []int // where in text the marks of of.params begin
	ends   []int // and end
}

// bind gives the parameters their values. A parameter without one is an error that names it and those there are.
func (s statement) bind(x *syntax, values map[string]any) (bound, error) {
	b := bound{of: s}
	var out strings.Builder
	marks := map[string]string{}
	end := 0
	for _, p := range s.params {
		v, ok := values[p.name]
		if !ok {
			return bound{}, fmt.Errorf("%s: the parameter :%s has no value; %s", place(s.text, p.from), p.name, listed(values))
		}
		out.WriteString(s.text[end:p.from])
		b.starts = append(b.starts, out.Len())
		mark, again := marks[p.name]
		if !again || !x.once {
			b.args = append(b.args, v)
			mark = x.mark(len(b.args))
			marks[p.name] = mark
		}
		out.WriteString(mark)
		b.ends = append(b.ends, out.Len())
		end = p.to
	}
	out.WriteString(s.text[end:])
	b.text = out.String()
	return b, nil
}

func listed(values map[string]any) string {
	if len(values) == 0 {
		return "no parameters are given"
	}
	return "those that have one are :" + strings.Join(slices.Sorted(maps.Keys(values)), ", :")
}

// place is line and column of the statement as it was written, for an offset in the text that the database was given.
func (b bound) place(offset int) string {
	offset = min(max(offset, 0), len(b.text))
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
