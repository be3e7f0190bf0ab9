package ical

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// corpus are real files of other projects, which are not part of this one, put one behind the other: those that end where they should.
func corpus(t *testing.T, kind pim.Kind) string {
	t.Helper()
	root := os.Getenv("ACCORD_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus: set ACCORD_CORPUS to a directory of .ics and .vcf files")
	}
	var all bytes.Buffer
	files := 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.EqualFold(filepath.Ext(path), kind.Extension()) {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if x, err := scan(t.Context(), bytes.NewReader(text), kind, false); err != nil || x.damage != "" || bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			return nil
		}
		files++
		all.Write(text)
		if text[len(text)-1] != '\n' {
			all.WriteString("\n")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d octets", files, all.Len())
	return all.String()
}

// TestCorpusIsRewrittenWithoutLoss writes every item of a large mixed file as it is, and one with a change, and compares the octets.
func TestCorpusIsRewrittenWithoutLoss(t *testing.T) {
	for _, kind := range pim.Kinds() {
		t.Run(string(kind), func(t *testing.T) {
			before := corpus(t, kind)
			x := newFixture(t, kind)
			x.put(before)
			versions := x.list()
			items := map[string]*pim.Item{}
			unreadable := 0
			var writes []providers.Write
			for ref, version := range versions {
				got := x.fetchOne(ref)
				if got.Err != nil {
					if providers.ClassOf(got.Err) != providers.Refused {
						t.Fatal(got.Err)
					}
					unreadable++
					continue
				}
				items[ref] = got.Item
				writes = append(writes, providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: got.Item})
			}
			t.Logf("%d items, %d unreadable", len(versions), unreadable)
			if len(writes) == 0 {
				t.Fatal("no item was read")
			}
			refused := 0
			for i, out := range x.write(writes...) {
				if out.Class == providers.Refused {
					t.Logf("%q: %v", writes[i].Ref, out.Err)
					refused++
				} else if out.Class != providers.Done || out.Ref != writes[i].Ref || out.Version != writes[i].Version {
					t.Fatalf("%q: %+v", writes[i].Ref, out)
				}
			}
			if x.text() != before || x.rewrites != 1 {
				t.Fatalf("a rewrite without change made %d octets of %d", len(x.text()), len(before))
			}
			if refused*20 > len(writes) {
				t.Errorf("%d items of %d cannot be written back", refused, len(writes))
			}
			changeOne(t, x, versions, items)
		})
	}
}

// changeOne edits some items, one at a time: what is in front of an item's first component and behind its last stays, and so do all other items. Those that
// only their content tells from others are left out.
func changeOne(t *testing.T, x *fixture, versions map[string]string, items map[string]*pim.Item) {
	t.Helper()
	refs := slices.DeleteFunc(slices.Sorted(maps.Keys(items)), func(ref string) bool { return strings.Contains(ref, "#") })
	for i := 0; i < len(refs); i += 1 + len(refs)/10 {
		ref, it := refs[i], items[refs[i]]
		before := x.text()
		spans := x.kept.components(x.kept.entries[x.kept.byRef[ref]])
		first, last := spans[0], spans[len(spans)-1]
		marked := it.WithMarker(&pim.Marker{Workspace: "w", Status: pim.Live, UID: it.UID()})
		out := x.write(providers.Write{Kind: providers.Update, Ref: ref, Version: versions[ref], Item: marked})[0]
		if out.Class == providers.Refused {
			continue
		}
		after := x.text()
		if out.Class != providers.Done || len(after) <= len(before) || after[:first.from] != before[:first.from] || !strings.HasSuffix(after, before[last.to():]) {
			t.Errorf("%q changed what is not its own (%+v): %d octets, then %d", ref, out, len(before), len(after))
		}
		versions[ref] = out.Version
		if now := x.list(); !maps.Equal(now, versions) {
			t.Errorf("%q changed other items", ref)
		}
	}
}
