package view_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// drawn is what a view writes to its first stream.
func drawn(t *testing.T, opts view.Options, draw func(*view.View) error) []byte {
	t.Helper()
	var out, errors bytes.Buffer
	if err := draw(view.New(&out, &errors, opts)); err != nil {
		t.Fatal(err)
	}
	if errors.Len() > 0 {
		t.Errorf("wrote to the stream of errors: %q", errors.String())
	}
	return out.Bytes()
}

func TestPlan(t *testing.T) {
	documents := map[string]*plan.Document{
		"everything": sample.Everything(), "hostile": sample.Hostile(), "nothing": sample.Document(plan.Summary{Unchanged: 12}, sample.Relationship("relationship.a")),
	}
	for name, doc := range documents {
		show := func(v *view.View) error { return v.Plan(doc) }
		for as, opts := range map[string]view.Options{"txt": {}, "ansi": {ColorOut: true, WidthOut: 80}} {
			t.Run(name+"."+as, func(t *testing.T) { golden(t, name+"."+as, drawn(t, opts, show)) })
		}
		t.Run(name+" as JSON", func(t *testing.T) {
			got := drawn(t, view.Options{JSON: true, ColorOut: true, WidthOut: 80}, show)
			last := ""
			lines := bufio.NewScanner(bytes.NewReader(got))
			lines.Buffer(nil, 1<<20)
			for lines.Scan() {
				var line struct{ Type string }
				if err := json.Unmarshal(lines.Bytes(), &line); err != nil || line.Type == "" {
					t.Fatalf("%q is no JSON object with a type: %v", lines.Text(), err)
				}
				last = line.Type
			}
			if last != "plan" {
				t.Errorf("the last line is of type %q", last)
			}
			golden(t, name+".jsonl", got)
		})
	}
}

func TestPlanVerbose(t *testing.T) {
	golden(t, "everything-verbose.txt", drawn(t, view.Options{Verbose: true}, func(v *view.View) error { return v.Plan(sample.Everything()) }))
}

func TestResult(t *testing.T) {
	doc := sample.Document(plan.Summary{Add: 4, Edit: 1, Adopt: 2, Unchanged: 3})
	result := &reconcile.Result{
		Apply:    7,
		Summary:  plan.Summary{Add: 3, Edit: 1, Adopt: 2, Stale: 1, Unreadable: 1},
		Requests: []plan.Sent{{Provider: "provider.caldav.office", Requests: 5}, {Provider: "provider.caldav.town", Requests: 24}},
		Failures: []plan.Diagnostic{
			{Severity: "warning", Address: "relationship.a", Ref: "x.ics", Summary: "it was changed since the plan was made; nothing was written"},
			{Severity: "error", Address: "folder.b", Summary: "the disk is full"},
		},
		Started: sample.Made(), Finished: sample.Made().Add(83 * time.Second),
	}
	show := func(v *view.View) error { return v.Result(doc, result) }
	golden(t, "result.txt", drawn(t, view.Options{}, show))
	golden(t, "result.jsonl", drawn(t, view.Options{JSON: true}, show))
}

func TestErrorsGoWhereTheyAreReadFrom(t *testing.T) {
	var out, stderr bytes.Buffer
	view.New(&out, &stderr, view.Options{}).Error(errors.New("a\x1b[31m\nb"))
	if got := stderr.String(); got != "Error: a\\u001b[31m b\n" || out.Len() > 0 {
		t.Errorf("as text: %q on stderr, %q on stdout", got, out.String())
	}
	out.Reset()
	stderr.Reset()
	view.New(&out, &stderr, view.Options{JSON: true}).Error(errors.New("a\nb"))
	if got := out.String(); got != `{"type":"diagnostic","severity":"error","summary":"a\nb"}`+"\n" || stderr.Len() > 0 {
		t.Errorf("as JSON: %q on stdout, %q on stderr", got, stderr.String())
	}
}

// TestRemarks: warnings about the configuration take one line, however many there are.
func TestRemarks(t *testing.T) {
	at := &hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 12}}
	for _, c := range []struct {
		warnings hcl.Diagnostics
		want     string
	}{
		{nil, ""},
		{hcl.Diagnostics{{Severity: hcl.DiagWarning, Summary: "Lone two_way", Subject: at}}, "Warning: Lone two_way at main.hcl:12. To see what to do: accord validate\n"},
		{hcl.Diagnostics{{Summary: "Lone two_way", Subject: at}, {Summary: "x"}, {Summary: "y"}},
			"Warning: Lone two_way at main.hcl:12, and 2 more about the configuration. To see what to do: accord validate\n"},
	} {
		var out, stderr bytes.Buffer
		view.New(&out, &stderr, view.Options{}).Remarks(c.warnings)
		if got := stderr.String(); got != c.want || out.Len() > 0 {
			t.Errorf("%q, want %q; and on stdout %q", got, c.want, out.String())
		}
	}
}
