package view

import (
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
)

// matches tells by what an adopted replica was recognised, or what of the destination could have been the item and why it is or is not.
func (t *text) matches(r reconcile.ExplainedRelationship) {
	if len(r.Matches) == 0 {
		return
	}
	if r.Matches[0].Adopted {
		t.line("  It was adopted: " + likeness(r.Matches[0]) + ".")
		return
	}
	said := "  " + words.Sentence(r.Destination) + " holds what could be the same:"
	if r.Matches[0].By == "" {
		said = "  Nothing in " + words.Sentence(r.Destination) + " is the same. The nearest:"
	}
	t.line(said)
	for _, m := range r.Matches {
		name := words.Title(m.Title)
		if m.Hidden {
			name = m.Title
		}
		line := name + " (" + words.Sentence(m.Ref) + "): " + likeness(m)
		if m.Paired {
			line += "; it belongs to another pair, and is no candidate"
		}
		t.indented(line)
	}
}

// likeness says in what an item is like an original.
func likeness(m reconcile.ExplainedMatch) string {
	differ := ""
	if len(m.Differ) > 0 {
		differ = "; other " + strings.Join(m.Differ, ", ")
	}
	switch {
	case m.By == "uid":
		return "the same UID" + differ
	case len(m.Same) == 0:
		return "nothing of what it is known by is the same by now"
	}
	as := ""
	if m.Made {
		as = ", as the template has it"
	}
	return "the same " + strings.Join(m.Same, ", ") + as + differ
}
