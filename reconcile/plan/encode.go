package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes the whole document as one JSON object and a line break. It is written operation by operation: however many there are, memory is that of
// one. Each call of w.Write has whole characters.
func (d *Document) WriteJSON(w io.Writer) error {
	type omitted *struct{}
	out := &encoder{w: w}
	out.open(struct {
		*Document
		Relationships omitted `json:"relationships,omitempty"`
		Diagnostics   omitted `json:"diagnostics,omitempty"`
	}{Document: d})
	out.text(`,"relationships":[`)
	for i, r := range d.Relationships {
		out.comma(i)
		out.relationship(r)
	}
	out.text(`],"diagnostics":[`)
	for i, diagnostic := range d.Diagnostics {
		out.comma(i)
		out.value(diagnostic)
	}
	out.text("]}\n")
	return out.err
}

// encoder writes JSON piece by piece. It keeps its first error.
type encoder struct {
	w   io.Writer
	err error
}

func (e *encoder) relationship(r Relationship) {
	e.open(struct {
		Relationship
		Operations *struct{} `json:"operations,omitempty"`
	}{Relationship: r})
	e.text(`,"operations":[`)
	n := 0
	for op, err := range r.Operations.All() {
		if err != nil {
			e.err = fmt.Errorf("%s: %w", r.Address, err)
		}
		if e.err != nil {
			return
		}
		e.comma(n)
		e.value(op)
		n++
	}
	e.text(`]}`)
}

// open writes the object of a value without its closing brace: more fields follow.
func (e *encoder) open(v any) { e.write(bytes.TrimSuffix(e.encode(v), []byte("}"))) }

func (e *encoder) value(v any) { e.write(e.encode(v)) }

func (e *encoder) comma(i int) {
	if i > 0 {
		e.text(",")
	}
}

func (e *encoder) text(s string) { e.write([]byte(s)) }

func (e *encoder) write(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
}

func (e *encoder) encode(v any) []byte {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	if err := j.Encode(v); err != nil && e.err == nil {
		e.err = err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
