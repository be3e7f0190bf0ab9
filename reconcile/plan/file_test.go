package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/encrypt"
)

// runLength is how many operations of a sample memory holds.
const runLength = 1000

// sample is a plan with so many operations, and as many writes.
func sample(t *testing.T, operations int) *Plan {
	t.Helper()
	b := NewBuilder(runLength)
	t.Cleanup(func() { b.Close() })
	for n := range operations {
		uid := fmt.Sprintf("u%07d", (n*7919)%operations)
		part := &Part{
			Writes: []Write{{Folder: "folder.b", Kind: providers.Create, Action: Add, UID: uid, Item: []byte("BEGIN:VCALENDAR")},
				{Folder: "folder.b", Kind: providers.Update, Action: Edit, Ref: uid, Needs: []int{0}}},
			Pairs: []Pair{{Key: state.PairKey{Relationship: "relationship.x", Original: uid}, New: &state.Pair{Original: uid}, Needs: []int{0, 1}, Original: -1, Replica: 1}},
			Items: []state.FolderItem{{Folder: "folder.b", Item: state.Item{Ref: uid}}},
			Gone:  []state.FolderRef{{Folder: "folder.b", Ref: uid}},
		}
		op := Operation{Action: Add, Side: Destination, UID: uid, Title: "Lunch", Fields: []Field{{Name: "summary", After: "Lunch"}}, Originals: []string{}}
		if err := b.Add(part, []Placed{{Relationship: n % 2, Operation: op}}); err != nil {
			t.Fatal(err)
		}
	}
	p, err := b.Finish(Document{FormatVersion: FormatVersion, Workspace: "office", PlanID: "p", CreatedAt: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		Relationships: []Relationship{{Address: "relationship.x", Status: OK}, {Address: "relationship.y", Status: OK}, {Address: "relationship.z", Status: OK}}}, Work{StateApply: 7})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// all is a plan as one value, for comparisons.
func all(t *testing.T, p *Plan) (operations [][]Operation, whole Part, work Work) {
	t.Helper()
	for _, r := range p.Document.Relationships {
		var list []Operation
		for op, err := range r.Operations.All() {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, op)
		}
		if len(list) != r.Operations.Len() {
			t.Errorf("%s has %d operations, and says %d", r.Address, len(list), r.Operations.Len())
		}
		operations = append(operations, list)
	}
	for part, err := range p.Parts() {
		if err != nil {
			t.Fatal(err)
		}
		whole.join(part)
	}
	return operations, whole, p.Work
}

// Operations stand as a calendar has its items, whether memory holds them or not: what has no time first.
func TestOperationsStandInOrderOfTime(t *testing.T) {
	at := func(name, start string) []Field {
		return []Field{{Name: "summary", After: "Lunch"}, {Name: name, After: start}, {Name: "start", Occurrence: "2020-01-01", After: "2020-01-01"}}
	}
	ops := []Operation{
		{Action: CreateFolder, Side: Destination, Title: "folder.b"},
		{Action: Edit, Side: Destination, UID: "9", Title: "Art", Start: "2026-01-05T09:00:00Z"},
		{Action: Add, Side: Destination, UID: "8", Title: "Biology", Fields: at("start", "2026-01-05T09:00:00Z")},
		{Action: Delete, Side: Destination, UID: "7", Title: "Art", Fields: []Field{{Name: "start", Before: "2026-01-06"}}},
		{Action: Add, Side: Destination, UID: "6", Title: "Art", Fields: at("due", "2026-01-07")},
		{Action: Edit, Side: Destination, UID: "5", Title: "Chemistry", Start: "2026-01-08"},
		{Action: Edit, Side: Destination, UID: "6", Title: "Chemistry", Start: "2026-01-08"},
	}
	for _, most := range []int{1, 100} {
		b := NewBuilder(most)
		for i := range ops {
			if err := b.Add(&Part{}, []Placed{{Operation: ops[(i*3+2)%len(ops)]}}); err != nil {
				t.Fatal(err)
			}
		}
		p, err := b.Finish(Document{Relationships: []Relationship{{Address: "relationship.x"}}}, Work{})
		if err != nil {
			t.Fatal(err)
		}
		got, _, _ := all(t, p)
		if !slices.EqualFunc(got[0], ops, func(a, b Operation) bool { return a.UID == b.UID && a.Title == b.Title && a.Action == b.Action }) {
			t.Errorf("%+v", got[0])
		}
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A plan that memory holds, one of many blocks and one that was read from a file say the same, in order, and any number of times.
func TestFileKeepsThePlan(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3 * runLength} {
		path := filepath.Join(t.TempDir(), "office.plan")
		want := sample(t, n)
		if err := WriteFile(path, want, nil); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v: a plan holds what items say, and is for its owner alone", info.Mode(), err)
		}
		got, err := ReadFile(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Saved {
			t.Error("it was read from a file, and does not say so")
		}
		for range 2 {
			wantOps, wantPart, wantWork := all(t, want)
			gotOps, gotPart, gotWork := all(t, got)
			if fmt.Sprint(gotOps) != fmt.Sprint(wantOps) {
				t.Fatalf("%d: the operations differ", n)
			}
			if fmt.Sprintf("%+v", gotPart.Writes) != fmt.Sprintf("%+v", wantPart.Writes) || len(gotPart.Pairs) != n || len(gotPart.Items) != n || len(gotPart.Gone) != n {
				t.Fatalf("%d: the parts differ", n)
			}
			if gotWork.StateApply != wantWork.StateApply || gotWork.Writes["folder.b"] != 2*n || gotWork.Records != 3*n {
				t.Fatalf("%d: work %+v, want %+v", n, gotWork, wantWork)
			}
			for i, pair := range gotPart.Pairs {
				if gotPart.Writes[pair.Replica].Ref != pair.Key.Original || !slices.Equal(pair.Needs, []int{2 * i, 2*i + 1}) {
					t.Fatalf("pair %d is %+v", i, pair)
				}
			}
			for _, list := range gotOps {
				if !slices.IsSortedFunc(list, func(a, b Operation) int { return strings.Compare(a.UID, b.UID) }) {
					t.Fatalf("%d: operations are out of order", n)
				}
			}
		}
		if err := got.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A document is written operation by operation as encoding/json writes it as a whole.
func TestWriteJSON(t *testing.T) {
	for _, n := range []int{0, 3} {
		doc := sample(t, n).Document
		doc.Diagnostics = []Diagnostic{{Severity: "info", Summary: "a \"b\" <c>"}}
		var stream bytes.Buffer
		if err := doc.WriteJSON(&stream); err != nil {
			t.Fatal(err)
		}
		whole, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if json.Unmarshal(stream.Bytes(), &a) != nil || json.Unmarshal(whole, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("streamed\n%s\nas a whole\n%s", stream.Bytes(), whole)
		}
	}
}

// A file that is cut short anywhere, changed in any byte, or longer than it was, is refused.
func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "office.plan")
	if err := WriteFile(path, sample(t, 1), nil); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what string, at int, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadFile(path, nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s %d: %v", what, at, err)
		}
	}
	for n := range whole {
		refused("cut after byte", n, whole[:n])
		changed := append([]byte(nil), whole...)
		changed[n] ^= 1
		refused("changed in byte", n, changed)
	}
	refused("longer than", len(whole), append(append([]byte(nil), whole...), 0))
}

// A plan for recipients is read by them alone, and shows nothing to others.
func TestEncryptedFile(t *testing.T) {
	anna, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "office.plan")
	want := sample(t, 3*runLength)
	if err := WriteFile(path, want, encrypt.Recipients{anna.Recipient()}); err != nil {
		t.Fatal(err)
	}
	got, err := ReadFile(path, encrypt.Identities{anna})
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	operations, whole, _ := all(t, want)
	readOperations, readWhole, _ := all(t, got)
	if !reflect.DeepEqual(operations, readOperations) || !reflect.DeepEqual(whole, readWhole) {
		t.Error("the plan that was read is another one")
	}
	if _, err := ReadFile(path, nil); !errors.Is(err, encrypt.ErrNoIdentity) {
		t.Errorf("nobody reads it: %v", err)
	}
	sealed, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, sealed[:len(sealed)-70000], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path, encrypt.Identities{anna}); !errors.Is(err, ErrDamaged) {
		t.Errorf("it was cut short: %v", err)
	}
}
