package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// BenchmarkStatus shows what is recorded of 100,000 pairs in two relationships, of which one was never written to since the first apply.
func BenchmarkStatus(b *testing.B) {
	const pairs = 100_000
	dir := b.TempDir()
	check := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	check(os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(blocks("a", "b", "c")+oneWay("ab", "a", "b", "")+oneWay("ac", "a", "c", "")), 0o666))
	began := time.Date(2027, 1, 4, 9, 0, 0, 0, time.UTC)
	store, err := state.Open(b.Context(), filepath.Join(dir, ".accord", "state"), state.Options{})
	check(err)
	first := &state.Batch{Workspace: "crash", Applies: []state.Apply{{Number: 1, Plan: "1", Started: began, Finished: began}, {Number: 2, Plan: "2", Started: began, Finished: began}}}
	for _, name := range []string{"ab", "ac"} {
		first.Relationships = append(first.Relationships, state.Relationship{Address: "relationship." + name, Source: "folder.a", Destination: "folder." + name[1:], Since: began})
	}
	check(store.Commit(first))
	for from := 0; from < pairs; from += 5000 {
		batch := &state.Batch{}
		for i := from; i < from+5000; i++ {
			r, uid := first.Relationships[i%2].Address, fmt.Sprintf("%08d-0d0c-4b58-9c6a-2f6d8a4f6f5e", i)
			base := pim.Digests{"summary": {uint64(i)}, "start": {2}, "end": {3}}
			batch.Pairs = append(batch.Pairs, state.Pair{Relationship: r, Original: uid, OriginalRef: uid + ".ics", Replica: "r" + uid, ReplicaRef: "r" + uid + ".ics",
				Status: state.Active, BaseOriginal: base, BaseReplica: base})
			batch.Entries = append(batch.Entries, state.Entry{Apply: 1, Seq: uint32(i + 1), Relationship: r, Folder: "folder.b", Kind: providers.Create, Original: uid, UID: "r" + uid,
				Outcome: providers.Done, NewRef: "r" + uid + ".ics", NewVersion: "1"})
		}
		check(store.Commit(batch))
	}
	check(store.Close())
	b.ReportAllocs()
	for b.Loop() {
		p := testProgram()
		code := p.run(b.Context(), []string{"-chdir", dir, "status"})
		if out := p.out.(*bytes.Buffer).String(); code != 0 || !strings.Contains(out, "50000 pairs") || !strings.Contains(out, "last written by apply 1") {
			b.Fatalf("%d: %s", code, out)
		}
	}
}
