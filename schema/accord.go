package schema

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/scope"
)

var accordSchema = func() *hcl.BodySchema {
	s := scope.BodySchema([]string{"workspace", "required_version"}, []string{"workspace"}, "guard")
	s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: "state", LabelNames: []string{"type"}})
	return s
}()

// accord reads the accord block: the workspace's name, where its state is, and the guards of a whole run.
func (l *loader) accord(blocks hcl.Blocks) {
	if len(blocks) == 0 {
		if !l.Torn {
			l.Report(diagnose.Nowhere("No accord block", "The workspace has no name: it is part of every marker that Accord writes.",
				`Write accord { workspace = "NAME" } into one of its files.`))
		}
		return
	}
	for _, b := range blocks[1:] {
		l.Report(diagnose.Mistake(b.DefRange, "Duplicate block", fmt.Sprintf("Another accord block is at %s:%d.", blocks[0].DefRange.Filename, blocks[0].DefRange.Start.Line), "Put both into one."))
	}
	content := l.Content(blocks[0].Body, accordSchema)
	attrs := l.CompileAll(content.Attributes, 0)
	if name, ok := l.Text(attrs["workspace"], nil); ok {
		l.workspace.Name = name
		if !nameForm.MatchString(name) {
			l.Refuse(attrs["workspace"], "Invalid name", fmt.Sprintf("%q is no name.", name), "A name has letters, digits, _ and - alone.")
		}
	} else if a := attrs["workspace"]; a != nil && !a.Bad && l.Evaluate(a.Expression, nil).IsNull() {
		l.Refuse(a, "Missing value", "workspace is null, and it is required.", "")
	}
	if text, ok := l.Text(attrs["required_version"], nil); ok {
		l.version(attrs["required_version"], text)
	}
	seen := map[string]hcl.Range{}
	for _, b := range content.Blocks {
		if first, twice := seen[b.Type]; twice {
			l.Report(diagnose.Mistake(b.DefRange, "Duplicate block", fmt.Sprintf("Another %s block is at %s:%d.", b.Type, first.Filename, first.Start.Line), "Leave one of them out."))
			continue
		}
		seen[b.Type] = b.DefRange
		if b.Type == "state" {
			l.state(b)
			continue
		}
		limits := l.CompileAll(l.Content(b.Body, scope.BodySchema([]string{"max_deletes", "max_leavers"}, nil)).Attributes, 0)
		l.workspace.Guard = RunGuard{MaxDeletes: l.limit(limits["max_deletes"], nil), MaxLeavers: l.limit(limits["max_leavers"], nil)}
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

// version compares this Accord with required_version: constraints such as ">= 0.1, < 2".
func (l *loader) version(a *scope.Attribute, text string) {
	for _, constraint := range strings.Split(text, ",") {
		constraint = strings.TrimSpace(constraint)
		bare := strings.TrimLeft(constraint, "<>=!~ ")
		operator := strings.TrimSpace(constraint[:len(constraint)-len(bare)])
		wanted, ok := versionParts(bare)
		holds, known := map[string]func(c int) bool{
			"": func(c int) bool { return c == 0 }, "=": func(c int) bool { return c == 0 }, "!=": func(c int) bool { return c != 0 },
			">": func(c int) bool { return c > 0 }, ">=": func(c int) bool { return c >= 0 }, "<": func(c int) bool { return c < 0 }, "<=": func(c int) bool { return c <= 0 },
			"~>": func(c int) bool { return c >= 0 },
		}[operator]
		if !ok || !known {
			l.Refuse(a, "Invalid version constraint", fmt.Sprintf("%q is no version constraint.", constraint), `Write for example ">= 0.1, < 2".`)
			return
		}
		have, ok := versionParts(strings.TrimPrefix(l.opts.Version, "v"))
		if !ok {
			continue
		}
		fits := holds(compareVersions(have, wanted))
		if operator == "~>" {
			next := append([]int(nil), wanted[:max(1, len(wanted)-1)]...)
			next[len(next)-1]++
			fits = fits && compareVersions(have, next) < 0
		}
		if !fits {
			l.Refuse(a, "Another version is required", fmt.Sprintf("This is Accord %s, and the workspace requires %s.", l.opts.Version, text), "Use such a version, or change required_version.")
			return
		}
	}
}

// versionParts are the numbers of "1.2.3-rc1"; what follows a hyphen or plus is left out.
func versionParts(s string) ([]int, bool) {
	s, _, _ = strings.Cut(s, "+")
	s, _, _ = strings.Cut(s, "-")
	var parts []int
	for _, p := range strings.Split(s, ".") {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return nil, false
		}
		parts = append(parts, n)
	}
	return parts, true
}

func compareVersions(a, b []int) int {
	for i := range max(len(a), len(b)) {
		var x, y int
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}
