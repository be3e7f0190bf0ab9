package variable

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// typeNames are the words that a type begins with.
var typeNames = []string{"any", "bool", "list", "map", "number", "object", "optional", "set", "string", "tuple"}

// plainTypes says in this project's words what is wrong with a type.
func plainTypes(src *diagnose.Sources, diags hcl.Diagnostics) hcl.Diagnostics {
	const forms = "Write string, number, bool, any, list(string), set(string), map(string) or object({ name = string })."
	for i, d := range diags {
		if d.Subject == nil {
			continue
		}
		written := string(src.Text(*d.Subject))
		bare := strings.Trim(written, `"`)
		cause, todo := d.Detail, forms
		switch {
		case bare != written && (bare == "string" || bare == "number" || bare == "bool" || bare == "any"):
			cause, todo = fmt.Sprintf("%s is a text, and a type has no quotes.", written), fmt.Sprintf("Write type = %s.", bare)
		case strings.HasPrefix(d.Detail, "The keyword "):
			cause, todo = fmt.Sprintf("%q is no type.", bare), diagnose.DidYouMean(bare, typeNames, forms)
		case strings.Contains(d.Detail, "requires one argument"):
			cause, todo = fmt.Sprintf("%s alone does not say of what.", bare), fmt.Sprintf("Write %s(string), %s(number) or %s(any).", bare, bare, bare)
		}
		diags[i] = diagnose.Mistake(*d.Subject, "Invalid type", cause, todo)
	}
	return diags
}
