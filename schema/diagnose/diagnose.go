// Package diagnose shows what is wrong with a configuration: file, line, the source with a caret below it, the cause and what to do.
package diagnose

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// Style is how Write writes.
type Style int

const (
	Color Style = iota + 1 // with ANSI colours
	JSON                   // one JSON object a line, each with "type": "diagnostic"
)

// Write writes each diagnostic with its file and line, the source line with a caret below it, what is wrong and what to do.
// What was marked sensitive is not shown. src may be nil.
func Write(w io.Writer, src *Sources, diags hcl.Diagnostics, styles ...Style) error {
	if src == nil {
		src = NewSources()
	}
	write := func(w io.Writer, s *Sources, d *hcl.Diagnostic) error { return writeText(w, s, d, false) }
	for _, style := range styles {
		switch style {
		case Color:
			write = func(w io.Writer, s *Sources, d *hcl.Diagnostic) error { return writeText(w, s, d, true) }
		case JSON:
			write = writeJSON
		}
	}
	for _, d := range diags {
		if err := write(w, src, d); err != nil {
			return fmt.Errorf("write diagnostics: %w", err)
		}
	}
	return nil
}

// remedy is what to do about a diagnostic. It is kept in Diagnostic.Extra.
type remedy string

// Mistake makes an error: a fixed summary, what is wrong here and why, and what to do.
func Mistake(at hcl.Range, summary, cause, todo string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: cause, Subject: at.Ptr(), Extra: remedy(todo)}
}

// Warning is like Mistake, for what need not be changed.
func Warning(at hcl.Range, summary, cause, todo string) *hcl.Diagnostic {
	d := Mistake(at, summary, cause, todo)
	d.Severity = hcl.DiagWarning
	return d
}

// Nowhere makes an error that no line of a file is to blame for.
func Nowhere(summary, cause, todo string) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: cause, Extra: remedy(todo)}
}

// Advise says what to do about a diagnostic that was made elsewhere.
func Advise(d *hcl.Diagnostic, todo string) { d.Extra = remedy(todo) }

// Remedy is what a diagnostic says is to be done, or "".
func Remedy(d *hcl.Diagnostic) string {
	r, _ := d.Extra.(remedy)
	return string(r)
}

func severity(d *hcl.Diagnostic) string {
	if d.Severity == hcl.DiagWarning {
		return "warning"
	}
	return "error"
}

func writeText(w io.Writer, src *Sources, d *hcl.Diagnostic, color bool) error {
	var b strings.Builder
	paint := func(code, s string) string {
		if !color {
			return s
		}
		return "\x1b[" + code + "m" + s + "\x1b[0m"
	}
	head := map[string]string{"error": paint("1;31", "Error"), "warning": paint("1;33", "Warning")}[severity(d)]
	fmt.Fprintf(&b, "%s: %s\n", head, paint("1", printable(d.Summary)))
	if d.Subject != nil {
		fmt.Fprintf(&b, "\n  on %s line %d", printable(d.Subject.Filename), d.Subject.Start.Line)
		if block := src.Block(*d.Subject); block != "" {
			fmt.Fprintf(&b, ", in %s", printable(block))
		}
		b.WriteString(":\n")
		if text, from, to, ok := src.line(*d.Subject); ok {
			label := fmt.Sprintf("  %4d: ", d.Subject.Start.Line)
			fmt.Fprintf(&b, "%s%s\n", label, printable(text))
			fmt.Fprintf(&b, "%s%s%s\n", strings.Repeat(" ", len(label)), blank(text[:from]), paint("1;4", strings.Repeat("^", max(1, columns(text[from:min(to, len(text))])))))
		}
	}
	if d.Detail != "" {
		fmt.Fprintf(&b, "\n%s\n", printable(d.Detail))
	}
	if r := Remedy(d); r != "" {
		fmt.Fprintf(&b, "%s\n", printable(r))
	}
	b.WriteString("\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// blank is as wide as s, tabs included, so that a caret stands below the right column.
func blank(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, s)
}

func columns(s string) int { return utf8.RuneCountInString(s) }

// printable keeps control characters of a file from reaching a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) && r != '\t' && r != '\n' {
			return '\uFFFD'
		}
		return r
	}, s)
}

// Missing is the summary about an attribute that a block lacks. Of all that are said about one place, only these differ.
const Missing = "Missing attribute"

// Tidy sorts by file and line, and keeps one of several that say the same about the same place (as each key of a for_each would).
func Tidy(diags hcl.Diagnostics) hcl.Diagnostics {
	type key struct {
		at      hcl.Range
		summary string
	}
	seen := map[key]bool{}
	var kept hcl.Diagnostics
	for _, d := range diags {
		k := key{summary: d.Summary}
		if d.Subject != nil {
			k.at = *d.Subject
		}
		if d.Subject == nil || d.Summary == Missing {
			k.summary += d.Detail
		}
		if !seen[k] {
			seen[k] = true
			kept = append(kept, d)
		}
	}
	at := func(d *hcl.Diagnostic) hcl.Range {
		if d.Subject == nil {
			return hcl.Range{}
		}
		return *d.Subject
	}
	sort.SliceStable(kept, func(i, j int) bool { return Before(at(kept[i]), at(kept[j])) })
	return kept
}

// Before reports whether a is written before b.
func Before(a, b hcl.Range) bool {
	if a.Filename != b.Filename {
		return a.Filename < b.Filename
	}
	return a.Start.Byte < b.Start.Byte
}
