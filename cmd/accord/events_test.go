package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"go/ast"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// lineType is a type of JSON line that a command writes.
type lineType struct {
	typ    string
	doc    string
	fields map[string]string // the meaning of each but type
	rare   map[string]string // likewise, of fields that only some drivers and items have
}

// seen is what a run wrote of one type: the names and kinds of its fields in their order, and one of the lines.
type seen struct {
	names   []string
	kinds   map[string]string
	example string
}

// eventsPage runs every command with -json, and describes the lines that they write. A field that is not described fails, and so does one that is and is
// not written.
func eventsPage(t *testing.T, w io.Writer) {
	written := conversation(t)
	fmt.Fprint(w, "# JSON lines\n\n"+
		"With `-json`, a command writes one JSON object a line to stdout and nothing to stderr. Each has a `type`. What is promised of them, and how to use them, is in\n"+
		"[scripting.md](../scripting.md). The lines shown here come from one run of every command.\n\n"+
		"| command | types, in the order in which they come |\n| --- | --- |\n")
	for _, v := range eventsOf {
		var types []string
		if v.verb == "apply" {
			types = append(types, "those of `accord plan`, then")
		}
		for _, e := range v.events {
			types = append(types, fmt.Sprintf("[`%s`](#%s)", e.typ, anchor(v.verb, e.typ)))
		}
		fmt.Fprintf(w, "| `accord %s` | %s |\n", v.verb, strings.Join(types, " "))
	}
	fmt.Fprint(w, "| all | [`diagnostic`](#plan-diagnostic), where something is wrong; also for a command line that is not understood |\n")
	for _, v := range eventsOf {
		for _, e := range v.events {
			writeEvent(t, w, v.verb, e, written[v.verb+" "+e.typ])
			delete(written, v.verb+" "+e.typ)
		}
	}
	for key := range written {
		t.Errorf("a line of %s is not described", key)
	}
}

func anchor(verb, typ string) string { return strings.ReplaceAll(verb+" "+typ, " ", "-") }

func writeEvent(t *testing.T, w io.Writer, verb string, e lineType, s *seen) {
	fmt.Fprintf(w, "\n## %s %s\n\n%s\n", verb, e.typ, e.doc)
	if s == nil {
		t.Errorf("%s: no line of type %s was written", verb, e.typ)
		return
	}
	if len(s.names) > 0 {
		fmt.Fprint(w, "\n| field | value | meaning |\n| --- | --- | --- |\n")
	}
	for _, name := range s.names {
		doc := cmp.Or(e.fields[name], e.rare[name])
		if doc == "" {
			t.Errorf("%s %s: the field %s is not described", verb, e.typ, name)
		}
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", name, s.kinds[name], doc)
	}
	for _, name := range slices.Sorted(maps.Keys(e.fields)) {
		if !slices.Contains(s.names, name) {
			t.Errorf("%s %s: the field %s is described, and no line had it", verb, e.typ, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.rare)) {
		if !slices.Contains(s.names, name) {
			fmt.Fprintf(w, "| `%s` | (sometimes) | %s |\n", name, e.rare[name])
		}
	}
	fmt.Fprintf(w, "\n```json\n%s\n```\n", s.example)
}

// conversation runs every command with -json in a workspace that has something of everything, and sorts what they write by command and type.
func conversation(t *testing.T) map[string]*seen {
	const guarded = "guard { max_adds = 1 }"
	p := newPlace(t, exitBlocks+oneWay("ab", "a", "b", "")+oneWay("cd", "c", "d", "")+oneWay("ef", "e", "f", guarded)+oneWay("mn", "m", "n", "")+
		"folder \"n\" {\n  provider = provider.vdir.local\n  kind = \"calendar\"\n  path = \"missing\"\n}\n"+
		strings.SplitAfter(blocks("x", "y"), "\"data\" }\n")[1]+"mesh \"both\" {\n  folders = [folder.x, folder.y]\n  profile = \"two_way\"\n}\n")
	for _, folder := range []string{"a", "b", "c", "d", "e", "f", "m", "x", "y"} {
		p.put("data/"+folder+"/.keep", "")
	}
	written := map[string]*seen{}
	run := func(verb string, args ...string) {
		t.Helper()
		takeDown(t, written, verb, jsonLines(t, p.dir, append(strings.Fields(verb), args...)...))
	}
	p.add("a", "Lunch", "Review")
	for _, name := range []string{"Lunch", "Review"} { // what was written just now has no version yet
		p.check(os.Chtimes(p.find("a", name), time.Time{}, time.Now().Add(-time.Hour)))
	}
	run("apply", "-auto-approve", "-only=relationship.ab")
	p.edit("a", "Lunch", "Paris", "Rome")
	worlds["torn"](p, runInProcess)
	worlds["blocked"](p, runInProcess)
	worlds["ambiguous"](p, runInProcess)
	run("conflicts")
	run("plan", "-out=saved.plan", "-allow-adds=relationship.ab:5")
	p.edit("b", "Lunch", "Paris", "Oslo")
	run("apply", "saved.plan")
	run("resolve", "relationship.ab", "Twice", "both", "-auto-approve")
	run("items resync", "relationship.ab", "-auto-approve")
	run("items view", "folder.b")
	run("items dedupe", "folder.b", "-auto-approve")
	run("items orphans", "-auto-approve")
	run("items delete", "folder.d", "-auto-approve")
	run("backup", "monday")
	run("restore", "monday", "-auto-approve")
	run("log")
	run("log", "1")
	run("undo", "-auto-approve")
	run("pause", "relationship.cd", "-reason=rooms are being rebuilt")
	run("ack", "relationship.*", "-for=14d", "-reason=it is known")
	run("status")
	run("ack", "-end")
	run("resume")
	run("state list", "-pairs")
	run("state rebind", "folder.a")
	run("state show", "folder.a")
	run("state show", "folder.a", "Review")
	run("state show", "relationship.ab")
	run("state show", "relationship.ab", "Lunch")
	release := p.hold()
	run("state unlock")
	release()
	run("check", "-probe")
	p.put("data/found/.keep", "")
	run("discover", "vdir.local")
	run("explain", "folder.b", "Review")
	run("explain", "folder.a", "e")
	run("graph")
	run("version")
	run("state doctor")
	run("state export", "state.jsonl")
	run("state import", "-replace", "state.jsonl")
	run("state mv", "relationship.cd", "relationship.dc")
	run("state rm", "relationship.dc")
	run("state rebuild", "-replace")
	run("man", "-into=man1")
	p.put("more.hcl", "policy \"x\" {\n  profle = \"one_way\"\n}\n")
	run("validate")
	p.put("loose.hcl", "policy \"y\" {\nprofile=\"one_way\"\n}\n")
	run("fmt", "-diff", "loose.hcl")
	takeDown(t, written, "init", jsonLines(t, t.TempDir(), "init"))
	return written
}

// jsonLines runs a command with -json, at a time that does not change.
func jsonLines(t *testing.T, dir string, args ...string) string {
	t.Helper()
	p := testProgram()
	p.now = func() time.Time { return time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC) }
	p.run(t.Context(), append([]string{"-chdir", dir, "-json"}, args...))
	if said := p.err.(*bytes.Buffer).String(); said != "" {
		t.Errorf("%q: stderr is not silent: %s", args, said)
	}
	return strings.ReplaceAll(p.out.(*bytes.Buffer).String(), dir, "/srv/office")
}

// ordinary replaces what differs between machines and runs.
var ordinary = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`"(plan_id|fingerprint|cursor)":"[^"]*"`), `"$1":"0f1e2d3c4b5a"`},
	{regexp.MustCompile(`("type":"item".*"version"):"[^"]*"`), `$1:"0f1e2d3c4b5a"`},
	{regexp.MustCompile(`"by":"[^"]*"`), `"by":"svc@office"`},
	{regexp.MustCompile(`"bytes":[0-9]+`), `"bytes":5600`},
	{regexp.MustCompile(`"go":"[^"]*","platform":"[^"]*"`), `"go":"go1.26.0","platform":"linux/amd64"`},
}

// takeDown notes the fields of every line, and keeps the longest line of each type for an example that does not change.
func takeDown(t *testing.T, written map[string]*seen, verb, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		for _, o := range ordinary {
			line = o.what.ReplaceAllString(line, o.with)
		}
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil || fields["type"] == nil {
			t.Fatalf("%s: %q is no line with a type: %v", verb, line, err)
		}
		typ := fields["type"].(string)
		key := verb + " " + typ
		if verb == "resolve" || verb == "restore" || strings.HasPrefix(verb, "items ") && verb != "items view" || verb == "undo" { // they plan and apply
			verb = "apply"
		}
		if (verb == "apply" || verb == "log") && slices.ContainsFunc(planEvents, func(e lineType) bool { return e.typ == typ }) {
			key = "plan " + typ
		}
		s := written[key]
		if s == nil {
			s = &seen{kinds: map[string]string{}}
			written[key] = s
		}
		for _, name := range namesIn(t, line) {
			if name == "type" {
				continue
			}
			if !slices.Contains(s.names, name) {
				s.names = append(s.names, name)
			}
			s.kinds[name] = kindOf(s.kinds[name], fields[name])
		}
		if len(line) > len(s.example) {
			s.example = line
		}
	}
}

// namesIn are the names of an object's fields in their order.
func namesIn(t *testing.T, line string) (names []string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err == nil {
			err = d.Decode(&value)
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
	}
	return names
}

// kindOf is what a field's values are, with what they were before.
func kindOf(before string, value any) string {
	kind := "null"
	switch value.(type) {
	case string:
		kind = "text"
	case float64:
		kind = "number"
	case bool:
		kind = "true or false"
	case []any:
		kind = "list"
	case map[string]any:
		kind = "object"
	}
	switch {
	case before == "" || before == kind:
		return kind
	case strings.Contains(before, kind):
		return before
	case before == "null":
		return kind + " or null"
	case kind == "null":
		return before + " or null"
	}
	return before + " or " + kind
}

// TestEveryTypeOfLineIsDescribed reads the sources for the types of lines that they write.
func TestEveryTypeOfLineIsDescribed(t *testing.T) {
	described := map[string]bool{}
	for _, v := range eventsOf {
		for _, e := range v.events {
			described[e.typ] = true
		}
	}
	found := 0
	for name, file := range sources(t) {
		if !strings.HasPrefix(path.Dir(name), "cmd/accord") {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			callee, at := "", 0
			switch f := call.Fun.(type) {
			case *ast.SelectorExpr:
				callee = f.Sel.Name
			case *ast.Ident:
				callee = f.Name
			}
			if callee == "writeLine" {
				at = 1
			} else if !slices.Contains([]string{"Line", "Listed", "record"}, callee) {
				return true
			}
			if len(call.Args) <= at {
				return true
			}
			if literal, ok := call.Args[at].(*ast.BasicLit); ok {
				found++
				if typ, err := strconv.Unquote(literal.Value); err != nil || !described[typ] {
					t.Errorf("%s writes lines of type %s, which no table of events describes", filepath.Base(name), literal.Value)
				}
			}
			return true
		})
	}
	if found < 12 {
		t.Errorf("%d types were found", found)
	}
}
