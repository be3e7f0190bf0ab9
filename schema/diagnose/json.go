package diagnose

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// document is a diagnostic as JSON. Fields may be added to it; none is renamed or taken away.
type document struct {
	Type     string `json:"type"`
	Severity string `json:"severity"` // error, warning
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	Remedy   string `json:"remedy,omitempty"`
	Address  string `json:"address,omitempty"` // of the block that it is in
	*place
}

// place is where a diagnostic is. A line and a column count from 1, the column in characters; a byte counts from 0.
type place struct {
	Range struct {
		Filename string   `json:"filename"`
		Start    position `json:"start"`
		End      position `json:"end"`
	} `json:"range"`
	Snippet *snippet `json:"snippet,omitempty"`
}

type position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

// snippet is the line where a range begins. What is marked in it lies between two offsets, in characters from 0.
type snippet struct {
	Context        string `json:"context,omitempty"` // the block that it is in, as written
	Code           string `json:"code"`
	StartLine      int    `json:"start_line"`
	HighlightStart int    `json:"highlight_start_offset"`
	HighlightEnd   int    `json:"highlight_end_offset"`
}

func writeJSON(w io.Writer, src *Sources, d *hcl.Diagnostic) error {
	doc := document{Type: "diagnostic", Severity: severity(d), Summary: d.Summary, Detail: d.Detail, Remedy: Remedy(d)}
	if r := d.Subject; r != nil {
		doc.Address, doc.place = src.Address(*r), &place{}
		doc.Range.Filename = r.Filename
		doc.Range.Start = position{r.Start.Line, r.Start.Column, r.Start.Byte}
		doc.Range.End = position{r.End.Line, r.End.Column, r.End.Byte}
		if code, from, to, ok := src.line(*r); ok {
			doc.Snippet = &snippet{src.Block(*r), code, r.Start.Line, utf8.RuneCountInString(code[:from]), utf8.RuneCountInString(code[:to])}
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// Address is the address of the top-level block around a position, or "" where there is none or it has no address.
func (s *Sources) Address(rng hcl.Range) string {
	b := s.around(rng)
	if b == nil || len(b.Labels) == 0 {
		return ""
	}
	root := b.Type
	if root == "variable" {
		root = "var"
	}
	return strings.Join(append([]string{root}, b.Labels...), ".")
}
