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
			kept = append(kept, d)
		}
		if d.Subject != nil {
			lines[d.Subject.Start.Line] = true
		}
		for _, endless := range []string{"Invalid multi-line", "Unterminated", "Unclosed"} {
			if strings.HasPrefix(d.Summary, endless) {
				return kept
			}
		}
	}
	return kept
}
