package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// csvFile reads CSV (RFC 4180): the first row names the columns. White space before a field is no part of it. Lines may end with CR LF.
type csvFile struct {
	*reader
	*csv.Reader
	lines   []int // where each line of the file begins
	text    []byte
	columns []string
	key     int
}

func (r *reader) csv(text []byte) {
	f := &csvFile{reader: r, Reader: csv.NewReader(bytes.NewReader(text)), text: text, lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	f.Comma, f.FieldsPerRecord, f.TrimLeadingSpace, f.ReuseRecord = r.Delimiter, -1, true, true
	if !f.header() {
		return
	}
	for {
		record, err := f.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			f.torn(err)
			return
		}
		if !f.row(record) {
			return
		}
	}
}

// header reads the names of the columns, and finds the key among them.
func (f *csvFile) header() bool {
	record, err := f.Read()
	switch {
	case errors.Is(err, io.EOF):
		f.say(f.at(1, 1, 0), "No header row", fmt.Sprintf("%s is empty.", f.name), "Its first row names the columns: id,name,email.")
		return false
	case err != nil:
		f.torn(err)
		return false
	}
	for i, name := range record {
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			f.say(f.field(i, 1), "Unnamed column", fmt.Sprintf("Column %d has no name in the header row.", i+1), "Name it, or take it out.")
		case slices.Contains(f.columns, name):
			f.say(f.field(i, len(name)), "Duplicate column", fmt.Sprintf("Two columns are called %q.", name), "Give one of them another name.")
		}
		f.columns = append(f.columns, name)
	}
	f.key = slices.Index(f.columns, f.Key)
	if f.key < 0 && len(f.columns) == 1 {
		for _, other := range ",;\t|" {
			if other != f.Comma && strings.ContainsRune(f.columns[0], other) {
				f.say(f.field(0, len(f.columns[0])), "One column alone", fmt.Sprintf("No %q is in the header row, and that is what separates columns.", string(f.Comma)), fmt.Sprintf("Write delimiter = %q.", string(other)))
				return false
			}
		}
	}
	if f.key < 0 {
		f.column(f.columns)
	}
	return f.key >= 0 && !f.diags.HasErrors()
}

func (f *csvFile) row(record []string) bool {
	if len(record) != len(f.columns) {
		return f.say(f.field(0, 1), "Ragged row", fmt.Sprintf("The row has %d fields, and the header row names %d columns.", len(record), len(f.columns)),
			`Add what is missing, or put a field in quotes that has the delimiter in it: "a,b".`)
	}
	row := make(map[string]cty.Value, len(record))
	for i, field := range record {
		row[f.columns[i]] = cty.StringVal(field)
	}
	key := record[f.key]
	return f.add(key, row, f.field(f.key, max(1, len(key))))
}

// torn says why the reader cannot go on.
func (f *csvFile) torn(err error) {
	var parse *csv.ParseError
	if !errors.As(err, &parse) {
		f.say(f.at(1, 1, 0), "Invalid CSV", err.Error()+".", "Write the file anew.")
		return
	}
	cause, todo := "A quote stands inside a field that does not begin with one.", `Put the field in quotes, and write each quote in it twice: "5"" disk".`
	at := f.at(parse.Line, parse.Column, 1)
	if errors.Is(parse.Err, csv.ErrQuote) {
		cause, todo = "A field that begins with a quote does not end with one.", `Write the missing quote, and each quote inside the field twice: "5"" disk".`
		at = f.at(parse.StartLine, 1, 1)
	}
	f.say(at, "Invalid CSV", cause, todo)
}

// field is where a field of the last row is.
func (f *csvFile) field(i, length int) hcl.Range {
	line, column := f.FieldPos(i)
	return f.at(line, column, length)
}

// at is a line and a column, both from 1, the column in bytes.
func (f *csvFile) at(line, column, length int) hcl.Range {
	start := len(f.text)
	if line-1 < len(f.lines) {
		start = min(f.lines[line-1]+column-1, len(f.text))
	}
	end := min(start+length, len(f.text))
	return hcl.Range{Filename: f.name, Start: hcl.Pos{Line: line, Column: column, Byte: start}, End: hcl.Pos{Line: line, Column: column + end - start, Byte: end}}
}
