package state

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

var update = flag.Bool("update", false, "write the golden files anew")

// everything is a Batch with a record of each type, in the forms that they usually have.
func everything() *Batch {
	at := time.Date(2026, 3, 1, 12, 0, 0, 500, time.UTC)
	const (
		original = "0b5e8a52-0d0c-4b58-9c6a-2f6d8a4f6f5e"
		replica  = "accord-r-abcdefghijklmnopqrstuvwxya"
		version  = "AQHaBcDeFgE"
	)
	fields := pim.Digests{"summary": {1}, "attendees": {2, 3}, "override:2026-03-01": {4}}
	other := pim.Digests{"summary": {9}, "attendees": {2, 3}, "color": {5}}
	pair := Pair{
		Relationship: "relationship.r", Original: original, OriginalRef: original + ".ics", Replica: replica, ReplicaRef: replica + ".ics",
		Status: Active, Generation: 1, BaseOriginal: fields, BaseReplica: fields,
	}
	templated := pair
	templated.Original, templated.Status, templated.Adopted, templated.Refused = "ref:x", Waiting, true, 77
	templated.BaseReplica, templated.From, templated.To = other, at, at.Add(time.Hour)
	return &Batch{
		Workspace: "office",
		Folders:   []Folder{{Address: "folder.a", Location: "data/a", Identity: "i", Cursor: "c", Kind: pim.Calendar, Block: []byte("{}")}},
		Relationships: []Relationship{{
			Address: "relationship.r", Source: "folder.a", Destination: "folder.b", OnRemove: "delete", Existing: "adopt", Coalesce: true, Fingerprint: "f", Since: at,
			Block: "relationship.r", Key: "k",
		}},
		Items: []FolderItem{
			{"folder.a", Item{Ref: original + ".ics", Version: version, UID: original, Key: original}},
			{"folder.a", Item{Ref: "broken", Version: version + "." + version, Key: "ref:broken", Unreadable: "line 3: no colon"}},
			{"folder.b", Item{Ref: replica + ".ics", Version: version, UID: replica, Key: replica}},
		},
		Health: []Health{
			{Address: "folder.a", Problems: []Problem{{Kind: Unreadable, Address: "folder.a", Item: "broken", Cause: "c", Reason: "line 3: no colon", Since: at}}},
			{Address: "relationship.r", Synced: at, Pending: 2, Failure: Failure{At: at, Text: "folder.b: no answer"}},
		},
		Pairs: []Pair{pair, templated},
		Applies: []Apply{{Number: 1, Plan: "p", Started: at, Finished: at, By: "anna@here", Counts: map[string]int{"add": 1}, Wrote: map[string]map[string]int{"relationship.r": {"add": 1}}, Task: "undo 7", Key: []byte("k"), Size: 15,
			Forgot: Forgotten{Folders: []Folder{{Address: "folder.c", Kind: pim.Calendar}}, Relationships: []Relationship{{Address: "relationship.q", Source: "folder.a", Destination: "folder.c"}}}}},
		Entries: []Entry{
			{
				Apply: 1, Seq: 1, Relationship: "relationship.r", Folder: "folder.b", Kind: providers.Create, Original: original, Generation: 1,
				UID: replica, Digest: 6, Outcome: providers.Done, NewRef: replica + ".ics", NewVersion: version,
				Formerly: []Former{{PairKey: PairKey{"relationship.r", original}, Writes: []uint32{1}}, {PairKey: PairKey{"relationship.r", "ref:x"}, Pair: &templated, Writes: []uint32{1, 2}}},
			},
			{
				Apply: 1, Seq: 2, Relationship: "relationship.r", Folder: "folder.b", Kind: providers.Delete, Ref: replica + ".ics", Original: original,
				Images: []byte("BEGIN:VCALENDAR"), Reason: "gone_at_source",
			},
		},
	}
}

// TestFormatIsStable compares the bytes of every record with those of the format's golden file. A difference is a new [Format].
func TestFormatIsStable(t *testing.T) {
	m := &memory{values: map[string][]byte{}}
	s := newDB("memory", m)
	commit(t, s, everything())
	var text strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		fmt.Fprintf(&text, "%q\n\t%q\n", key, m.values[key])
	}
	golden := filepath.Join("testdata", fmt.Sprintf("format%d.golden", Format))
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("the records are written otherwise than format %d says:\n%s", Format, text.String())
	}
}
