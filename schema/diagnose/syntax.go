package diagnose

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Syntax leaves of a parser's messages those that come from a mistake of their own: one a line, and none behind a string or block
// that never ends.
func Syntax(diags hcl.Diagnostics) hcl.Diagnostics {
	var kept hcl.Diagnostics
	lines := map[int]bool{}
	for _, d := range diags {
		if d.Subject == nil || !lines[d.Subject.Start.Line] {
			kept = append(kept, plainly(d))
		}
		if d.Subject != nil {
			lines[d.Subject.Start.Line] = true
		}
		if endless[d.Summary] || strings.HasPrefix(d.Summary, "Unterminated") {
			return kept
		}
	}
	return kept
}

// Summaries of mistakes after which the parser goes on with something that nobody wrote.
const (
	BlockWithoutBraces = "Block without braces"
	SeveralOnOneLine   = "Several attributes on one line"
)

// endless are the summaries of what takes the rest of a file with it.
var endless = map[string]bool{"Invalid multi-line string": true, "Text without end": true, "Unclosed configuration block": true, "Block without end": true}

// plainly says in this project's words what a parser found, and what to do.
func plainly(d *hcl.Diagnostic) *hcl.Diagnostic {
	if d.Subject == nil {
		return d
	}
	words := map[string][3]string{
		"Invalid multi-line string":                {"Text without end", "The text does not end on its line.", `Write the missing quote; \n stands for a line break.`},
		"Unterminated template string":             {"Text without end", "The text that began with << has no end.", "Write the word that stands behind << on a line of its own, where the text ends."},
		"Unclosed configuration block":             {"Block without end", "The block that begins here has no closing brace.", "Write } where it ends."},
		"Invalid single-argument block definition": {"Several attributes on one line", "A block on one line has one attribute, or none.", "Put each attribute on a line of its own."},
		"Argument or block definition required":    {"No attribute and no block", "What stands here is neither an attribute nor a block.", `Write NAME = VALUE, or TYPE "NAME" { … }.`},
		"Unexpected comma after argument":          {"Comma after an attribute", "Attributes are on lines of their own, without commas.", "Take the comma out."},
		"Missing newline after argument":           {SeveralOnOneLine, "Something follows the value of an attribute.", "Put it on a line of its own, or in quotes when it belongs to a text."},
		"Missing newline after block definition":   {"Text after a block", "Something follows the closing brace of a block.", "Put it on a line of its own."},
		"Invalid block definition":                 {BlockWithoutBraces, "What begins this line has neither an equals sign nor braces.", `Write NAME = VALUE, or TYPE "NAME" { … }.`},
		"Attribute redefined":                      {"Duplicate attribute", "The block has this attribute already.", "Leave one of the two out."},
		"Missing expression":                       {"No value", "A value is missing.", "Write it, or take out what leads to it."},
	}[d.Summary]
	todo := words[2]
	switch {
	case words[0] != "":
		d.Summary, d.Detail = words[0], words[1]
	case strings.Contains(d.Detail, "Single quotes"):
		d.Detail, todo = "Single quotes begin no text.", `Write double quotes: "…".`
	case strings.Contains(d.Detail, "Curly quotes"):
		d.Detail, todo = "Curly quotes, as word processors write them, begin no text.", `Write straight double quotes: "…".`
	default:
		todo = "Look at the quotes, braces and equals signs of this line and of the one before."
	}
	return Mistake(*d.Subject, d.Summary, d.Detail, todo)
}
