package schema

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/encrypt"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/version"
)

var accordSchema = func() *hcl.BodySchema {
	s := scope.BodySchema([]string{"workspace", "required_version", "backup"}, []string{"workspace"}, "guard", "journal")
	s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: "state", LabelNames: []string{"type"}})
	return s
}()

// accord reads the accord block: the workspace's name, where its state is, how long the journal is kept, and the guards of a whole run.
func (l *loader) accord(blocks hcl.Blocks) {
	if len(blocks) == 0 {
		if !l.Torn && !l.Miswritten("accord") {
			l.Report(diagnose.Nowhere("No accord block", "The workspace has no name: it is part of every marker that Accord writes.",
				`Write accord { workspace = "NAME" } into one of its files.`))
		}
		return
	}
	for _, b := range blocks[1:] {
		l.DuplicateBlock(b, blocks[0].DefRange)
	}
	content := l.Content(blocks[0].Body, accordSchema)
	attrs := l.CompileAll(content.Attributes, 0)
	if name, ok := l.Required(attrs["workspace"], nil, `Write a name: workspace = "office".`); ok {
		l.workspace.Name = name
		if !nameForm.MatchString(name) {
			l.Refuse(attrs["workspace"], "Invalid name", fmt.Sprintf("%q is no name.", name), "A name has letters, digits, _ and - alone.")
		}
	}
	if text, ok := l.Text(attrs["required_version"], nil); ok {
		l.version(attrs["required_version"], text)
	}
	l.workspace.Backup = l.Boolean(attrs["backup"], nil, true)
	seen := map[string]hcl.Range{}
	for _, b := range content.Blocks {
		if first, twice := seen[b.Type]; twice {
			l.DuplicateBlock(b, first)
			continue
		}
		seen[b.Type] = b.DefRange
		switch b.Type {
		case "state":
			l.state(b)
			continue
		case "journal":
			l.journal(b)
			continue
		}
		limits := l.CompileAll(l.Content(b.Body, scope.BodySchema([]string{"max_deletes", "max_leavers"}, nil)).Attributes, 0)
		l.workspace.Guard = RunGuard{MaxDeletes: amount.LimitOf(l.Scope, limits["max_deletes"], nil), MaxLeavers: amount.LimitOf(l.Scope, limits["max_leavers"], nil)}
	}
}

func (l *loader) state(b *hcl.Block) {
	if b.Labels[0] != "pebble" {
		l.Report(diagnose.Mistake(b.LabelRanges[0], "Unknown state", fmt.Sprintf("There is no state %q.", b.Labels[0]), diagnose.DidYouMean(b.Labels[0], []string{"pebble"}, "")))
		return
	}
	attrs := l.CompileAll(l.Content(b.Body, scope.BodySchema([]string{"path"}, nil)).Attributes, 0)
	path, ok := l.Text(attrs["path"], nil)
	switch {
	case ok && strings.TrimSpace(path) == "":
		l.Refuse(attrs["path"], "Missing value", "path is empty.", `Leave it out for ".accord/state".`)
	case ok:
		l.workspace.StatePath = filepath.Clean(l.surroundings.Resolve(path))
	}
}

// journal reads how long what applies did is kept, and for whom.
func (l *loader) journal(b *hcl.Block) {
	attrs := l.CompileAll(l.Content(b.Body, scope.BodySchema([]string{"keep", "max_size", "recipients"}, nil)).Attributes, 0)
	j := &l.workspace.Journal
	const nothing = "Then nothing could be undone. Leave it out for what is usual."
	if keep, ok := amount.DurationOf(l.Scope, attrs["keep"], nil); ok {
		if j.Keep = keep; keep == 0 {
			l.Refuse(attrs["keep"], "Invalid duration", "keep is no time at all.", nothing)
		}
	}
	if size, ok := amount.SizeOf(l.Scope, attrs["max_size"], nil); ok {
		if j.MaxSize = size; size == 0 {
			l.Refuse(attrs["max_size"], "Invalid size", "max_size is nothing at all.", nothing)
		}
	}
	for _, text := range l.Texts(attrs["recipients"], nil) {
		recipient, err := encrypt.ParseRecipient(text)
		if err != nil {
			l.Sources.Hide(attrs["recipients"].Range()) // it may be a private key
			l.Refuse(attrs["recipients"], "Invalid recipient", "recipients: "+err.Error()+".", `Write recipients = ["age1…"].`)
			return
		}
		j.Recipients = append(j.Recipients, recipient)
	}
}

// version compares this Accord with required_version.
func (l *loader) version(a *scope.Attribute, text string) {
	fits, err := version.Fits(l.opts.Version, text)
	switch {
	case err != nil:
		l.Refuse(a, "Invalid version constraint", err.Error()+".", `Write for example ">= 0.1, < 2".`)
	case !fits:
		l.Refuse(a, "Another version is required", fmt.Sprintf("This is Accord %s, and the workspace requires %s.", l.opts.Version, text), "Use such a version, or change required_version.")
	}
}
