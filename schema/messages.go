package schema

import (
	"io"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// Sources is the text of the files that were read, for showing diagnostics.
type Sources = diagnose.Sources

// Style is how WriteDiagnostics writes.
type Style = diagnose.Style

const (
	Color = diagnose.Color // with ANSI colours
	JSON  = diagnose.JSON  // one JSON object a line, each with "type": "diagnostic"
)

// WriteDiagnostics writes each diagnostic with its file and line, the source line with a caret below it, what is wrong and what to do.
// What was marked sensitive is not shown. src may be nil.
func WriteDiagnostics(w io.Writer, src *Sources, diags hcl.Diagnostics, styles ...Style) error {
	return diagnose.Write(w, src, diags, styles...)
}
