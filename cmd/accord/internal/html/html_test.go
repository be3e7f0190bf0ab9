package html_test

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/html"
	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile/plan"
)

var update = flag.Bool("update", false, "write the golden files anew")

// written is a plan as a page.
func written(t testing.TB, doc *plan.Document) string {
	t.Helper()
	var out bytes.Buffer
	if err := html.Plan(&out, doc, html.Options{File: "office.plan"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPlan(t *testing.T) {
	for name, doc := range map[string]*plan.Document{
		"everything": sample.Everything(),
		"hostile":    sample.Hostile(),
		"university": sample.University(60),
		"nothing":    sample.Document(plan.Summary{Unchanged: 12}, sample.Relationship("relationship.a")),
	} {
		t.Run(name, func(t *testing.T) {
			got := written(t, doc)
			path := filepath.Join("testdata", name+".html")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s differs (run with -update when it should), first in\n%s", path, firstDifference(got, string(want)))
			}
		})
	}
}

// firstDifference is the first line of a text that another has not.
func firstDifference(got, want string) string {
	other := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(other) || line != other[i] {
			return line
		}
	}
	return "(the end)"
}

func TestHiddenSaysNothingOfItems(t *testing.T) {
	got := written(t, review.Hide(sample.Everything()))
	for _, private := range []string{"Team lunch", "Farewell", "Supplier visit", "Room 5", "Budget of the first"} {
		if strings.Contains(got, private) {
			t.Errorf("%q is shown", private)
		}
	}
	if !strings.Contains(got, "(private)") {
		t.Error("nothing is hidden")
	}
}

func TestBrokenListIsAnError(t *testing.T) {
	broken := errors.New("the disk is gone")
	r := sample.Relationship("relationship.a")
	for reads, all := range []plan.Operations{sample.Failing(broken), failingLater(broken)} {
		r.Operations = all
		err := html.Plan(io.Discard, sample.Document(plan.Summary{}, r), html.Options{})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "relationship.a") {
			t.Errorf("after %d reads: %v", reads, err)
		}
	}
}

// failingLater is a list that can be read once.
func failingLater(err error) plan.Operations {
	reads := 0
	return plan.Stream(1, func(yield func(plan.Operation, error) bool) {
		if reads++; reads > 1 {
			yield(plan.Operation{}, err)
			return
		}
		yield(plan.Operation{Action: plan.Add}, nil)
	})
}

func TestFailingWriterIsAnError(t *testing.T) {
	full, into := io.Pipe()
	full.Close()
	if err := html.Plan(into, sample.Everything(), html.Options{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

// heldWhile is a writer that measures the live memory while a long plan passes through it.
type heldWhile struct {
	passed, looked int
	most           uint64
}

func (h *heldWhile) Write(b []byte) (int, error) {
	const every = 4 << 20
	if h.passed += len(b); h.passed-h.looked > every {
		h.looked = h.passed
		h.most = max(h.most, live())
	}
	return len(b), nil
}

func live() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestMemoryDoesNotGrow(t *testing.T) {
	doc := sample.Many(200_000)
	before := live()
	var out heldWhile
	if err := html.Plan(&out, doc, html.Options{}); err != nil {
		t.Fatal(err)
	}
	held := int64(out.most) - int64(before)
	t.Logf("200,000 operations: %d bytes written, at most %d bytes held", out.passed, held)
	if const8MiB := int64(8 << 20); held > const8MiB || out.looked == 0 {
		t.Errorf("%d bytes of memory held at most", held)
	}
}

func BenchmarkPlan(b *testing.B) {
	doc := sample.Many(10_000)
	b.ReportAllocs()
	for b.Loop() {
		if err := html.Plan(io.Discard, doc, html.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
