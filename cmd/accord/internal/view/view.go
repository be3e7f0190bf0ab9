// Package view draws what the engine says, as text or as JSON lines, from the same values. Nothing that an item, a server or a file says
// can change the structure of what is drawn.
package view

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// Options say how to draw.
type Options struct {
	JSON               bool // one JSON object a line, all of them on the out stream
	ColorOut, ColorErr bool // ANSI colours on either stream; JSON has none
	WidthOut, WidthErr int  // columns of the terminal that a stream is; 0: it is none
	Verbose            bool // each operation is told, also where many are alike
}

// View draws on two streams: what was asked for on out, errors and warnings on err.
type View struct {
	out, err io.Writer
	opts     Options
}

// New makes a View.
func New(out, err io.Writer, opts Options) *View {
	return &View{out: out, err: err, opts: opts}
}

// Error shows an error that is not about a line of the configuration.
func (v *View) Error(err error) {
	v.Diagnostic(plan.Diagnostic{Severity: "error", Summary: err.Error()})
}

// Diagnostic shows one diagnostic that is not part of a plan. There is no one to tell when it cannot be written.
func (v *View) Diagnostic(d plan.Diagnostic) {
	if v.opts.JSON {
		_ = v.Line("diagnostic", d)
		return
	}
	out := bufio.NewWriter(v.err)
	t := &text{out: out, paint: painter(v.opts.ColorErr), width: v.opts.WidthErr}
	t.diagnostic(d)
	_ = out.Flush()
}

// text draws for people on the out stream.
func (v *View) text(out *bufio.Writer) *text {
	return &text{out: out, paint: painter(v.opts.ColorOut), width: v.opts.WidthOut, verbose: v.opts.Verbose}
}

// Configuration shows diagnostics of the configuration, with the lines that they are about.
func (v *View) Configuration(src *schema.Sources, diags hcl.Diagnostics) error {
	switch {
	case v.opts.JSON:
		var lines bytes.Buffer
		err := schema.WriteDiagnostics(&lines, src, diags, schema.JSON)
		_, failed := v.out.Write(plainJSON(lines.Bytes()))
		return errors.Join(err, failed)
	case v.opts.ColorErr:
		return schema.WriteDiagnostics(v.err, src, diags, schema.Color)
	}
	return schema.WriteDiagnostics(v.err, src, diags)
}

// Remarks tells in one line that there are warnings about the configuration, for whoever asked for something else.
func (v *View) Remarks(warnings hcl.Diagnostics) {
	if len(warnings) == 0 {
		return
	}
	first := warnings[0]
	said := first.Summary
	if first.Subject != nil {
		said += fmt.Sprintf(" at %s:%d", first.Subject.Filename, first.Subject.Start.Line)
	}
	if more := len(warnings) - 1; more > 0 {
		said += fmt.Sprintf(", and %d more about the configuration", more)
	}
	v.Diagnostic(plan.Diagnostic{Severity: "warning", Summary: said + ". To see what to do: accord validate"})
}

// Say writes a sentence for people. JSON has no use for it.
func (v *View) Say(format string, args ...any) error {
	if v.opts.JSON {
		return nil
	}
	_, err := fmt.Fprintf(v.out, format+"\n", args...)
	return err
}

// Line writes one JSON object: the fields of value, which must be a struct or a map, after its type.
func (v *View) Line(typ string, value any) error { return writeLine(v.out, typ, value) }

func writeLine(w io.Writer, typ string, value any) error {
	text, err := encode(value)
	if err != nil {
		return err
	}
	comma := ","
	if string(text) == "{}\n" {
		comma = ""
	}
	_, err = fmt.Fprintf(w, `{"type":%q%s%s`, typ, comma, text[1:])
	return err
}

// Document writes the whole document of a plan as one JSON object.
func Document(w io.Writer, doc *plan.Document) error {
	return doc.WriteJSON(plainWriter{w})
}

// plainWriter passes JSON on with every character that is not harmless written as its escape.
type plainWriter struct{ w io.Writer }

func (p plainWriter) Write(text []byte) (int, error) {
	if _, err := p.w.Write(plainJSON(text)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// encode is a value as JSON, with a line break at its end.
func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return nil, err
	}
	return plainJSON(text.Bytes()), nil
}

// paint wraps a text in the ANSI code that a name stands for, or leaves it as it is.
type paint func(as, text string) string

const (
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	bold   = "1"
	faint  = "2"
)

func painter(colors bool) paint {
	if !colors {
		return func(_, text string) string { return text }
	}
	return func(as, text string) string { return "\x1b[" + as + "m" + text + "\x1b[0m" }
}
