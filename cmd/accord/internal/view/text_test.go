package view_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
)

func told(t *testing.T, opts view.Options, doc *plan.Document) string {
	t.Helper()
	return string(drawn(t, opts, func(v *view.View) error { return v.Plan(doc) }))
}

// Whatever items say, a line of text is as harmless as it looks: no controls but line breaks, no invisible characters, and no lines but those
// that a plan of harmless texts has.
func TestPlanIsHarmless(t *testing.T) {
	for _, hostile := range sample.HostileTexts() {
		doc := sample.Infested(hostile)
		for _, opts := range []view.Options{{}, {Verbose: true}, {JSON: true}} {
			got := told(t, opts, doc)
			for _, r := range got {
				if r != '\n' && r != '\u200d' && !unicode.IsGraphic(r) || r == unicode.ReplacementChar {
					t.Fatalf("%U of %q was written as it is with %+v", r, hostile, opts)
				}
			}
			if opts.JSON {
				continue
			}
			for line := range strings.Lines(got) {
				if len(line) > 5000 {
					t.Errorf("a line of %q has %d bytes with %+v", hostile, len(line), opts)
				}
			}
			want := structure(told(t, opts, sample.Infested("x y")))
			if got := structure(got); got != want {
				t.Errorf("%q changes the structure with %+v", hostile, opts)
			}
		}
	}
}

// structure is how lines begin. The lines of a diff are as many as the text has.
func structure(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		if strings.HasPrefix(line, "      |") {
			continue
		}
		fmt.Fprintf(&b, "%d", indent)
		if indent == 2 {
			b.WriteByte(line[2]) // the sign of an operation
		}
	}
	return b.String()
}

var ansi = regexp.MustCompile("\x1b\\[[0-9]+m")

func TestWidthIsRespected(t *testing.T) {
	for _, width := range []int{60, 80, 132} {
		got := ansi.ReplaceAllString(told(t, view.Options{ColorOut: true, WidthOut: width, Verbose: true}, sample.Everything()), "")
		for line := range strings.Lines(got) {
			if line = strings.TrimSuffix(line, "\n"); utf8.RuneCountInString(line) > width {
				t.Errorf("on %d columns a line has %d: %q", width, utf8.RuneCountInString(line), line)
			}
		}
		// Nothing but blanks and line breaks tells it from what is written to a file; lines of a diff are cut.
		if !strings.Contains(got, "…") && width == 60 {
			t.Error("no line of the diff was cut")
		}
	}
}

// uniform is n operations, made as they are read.
func uniform(n int, op func(i int) plan.Operation) *plan.Document {
	r := sample.Relationship("relationship.a")
	r.Operations = plan.Stream(n, func(yield func(plan.Operation, error) bool) {
		for i := range n {
			if !yield(op(i), nil) {
				return
			}
		}
	})
	return sample.Document(plan.Summary{}, r)
}

func TestFolds(t *testing.T) {
	room := func(to string) func(i int) plan.Operation {
		return func(i int) plan.Operation {
			return plan.Operation{Action: plan.Edit, Side: plan.Destination, UID: fmt.Sprint(i), Title: fmt.Sprint("Booking ", i), Reason: "changed_at_source",
				Fields: []plan.Field{{Name: "location", Before: "Room 4", After: strings.ReplaceAll(to, "#", fmt.Sprint(i))}}}
		}
	}
	add := func(i int) plan.Operation {
		return plan.Operation{Action: plan.Add, Side: plan.Destination, Title: "Lunch", Reason: "new_at_source",
			Fields: []plan.Field{{Name: "start", After: fmt.Sprintf("2027-%02d-04T10:00:00Z", 12-i%12)}}}
	}
	remove := func(i int) plan.Operation {
		return plan.Operation{Action: plan.Delete, Side: plan.Destination, Title: fmt.Sprint("Lunch ", i), Reason: "gone_at_source"}
	}
	const folded = "What is told of many items in one line, -v tells of each.\n"
	for _, c := range []struct {
		name  string
		n     int
		op    func(int) plan.Operation
		lines int // of operations
		want  string
	}{
		{"few edits alike", 4, room("Room 5"), 8, ""},
		{"edits alike", 412, room("Room 5"), 1, "  ~ edit location of 412 items: \"Room 4\" → \"Room 5\"; the original was changed (changed_at_source)\n"},
		{"edits that differ", 412, room("Room #"), 824, ""},
		{"some additions", 49, add, 49, ""},
		{"many additions", 412, add, 6, "  + add 407 more, 412 in all, from Mon 4 Jan 2027 to Sat 4 Dec 2027: new in the source (new_at_source)\n"},
		{"many deletes", 1000, remove, 1000, ""},
	} {
		got := told(t, view.Options{}, uniform(c.n, c.op))
		if n := strings.Count(got, "\n  "); n != c.lines || !strings.Contains(got, c.want) || strings.Contains(got, folded) != (c.want != "") {
			t.Errorf("%s: %d lines, want %d and %q:\n%s", c.name, n, c.lines, c.want, got[:min(len(got), 1000)])
		}
		if got := told(t, view.Options{Verbose: true}, uniform(c.n, c.op)); strings.Count(got, "Booking")+strings.Count(got, "Lunch") != c.n || strings.Contains(got, folded) {
			t.Errorf("%s: not every item is named with -v", c.name)
		}
	}
}

// Two of many different edits that are counted are folded; what comes after the last that is counted is told one by one.
func TestFoldsOfManyDifferentEdits(t *testing.T) {
	const different = 10000
	got := told(t, view.Options{}, uniform(different+20, func(i int) plan.Operation {
		op := plan.Operation{Action: plan.Edit, Title: "x", Reason: "changed_at_source", Fields: []plan.Field{{Name: "location", After: fmt.Sprint("Room ", i)}}}
		if i%1002 == 0 { // ten of them
			op.Fields[0].After = "Hall"
		}
		return op
	}))
	if strings.Count(got, "Hall") != 1 || !strings.Contains(got, `location of 10 items: (none) → "Hall"`) {
		t.Errorf("%d lines speak of the hall", strings.Count(got, "Hall"))
	}
	if n := strings.Count(got, "(none) → \"Room"); n != different+10 {
		t.Errorf("%d rooms are told", n)
	}
}

func TestOperationsThatCannotBeRead(t *testing.T) {
	broken := errors.New("the disk is gone")
	r := sample.Relationship("relationship.a")
	r.Operations = sample.Failing(broken)
	for _, opts := range []view.Options{{}, {JSON: true}, {Verbose: true}} {
		if err := view.New(io.Discard, io.Discard, opts).Plan(sample.Document(plan.Summary{}, r)); !errors.Is(err, broken) {
			t.Errorf("%+v: %v", opts, err)
		}
	}
}

// TestTextNeedsNoMemory reads many operations, and looks at what is alive when most of them were told.
func TestTextNeedsNoMemory(t *testing.T) {
	alive := func(n int) uint64 {
		var most uint64
		doc := sample.Many(n)
		source := doc.Relationships[0].Operations
		doc.Relationships[0].Operations = plan.Stream(n, func(yield func(plan.Operation, error) bool) {
			i := 0
			for op, err := range source.All() {
				if i++; i == n-1 {
					var m runtime.MemStats
					runtime.GC()
					runtime.ReadMemStats(&m)
					most = max(most, m.HeapAlloc)
				}
				if !yield(op, err) {
					return
				}
			}
		})
		if err := view.New(io.Discard, io.Discard, view.Options{}).Plan(doc); err != nil {
			t.Fatal(err)
		}
		return most
	}
	few, many := alive(2000), alive(200000)
	const slack = 1 << 20
	if many > few+slack {
		t.Errorf("%d bytes are alive with 200,000 operations, and %d with 2,000", many, few)
	}
}

func BenchmarkText(b *testing.B) {
	doc := sample.Many(10000)
	b.ReportAllocs()
	for b.Loop() {
		if err := view.New(io.Discard, io.Discard, view.Options{}).Plan(doc); err != nil {
			b.Fatal(err)
		}
	}
}
