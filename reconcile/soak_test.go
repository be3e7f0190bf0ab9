package reconcile_test

import (
	"context"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/providers/vdir"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// members are the folders of the mesh of a soak.
var members = []string{"a", "b", "c", "d"}

// member is a folder as the people of a soak see it.
type member interface {
	Items() []memory.Stored
	Put(*pim.Item) string
	Replace(ref string, it *pim.Item) bool
	Delete(ref string) bool
}

// soak is a mesh that people work in for a long time.
type soak struct {
	*testing.T
	ws      *schema.Workspace
	drivers map[string]providers.Driver
	at      map[string]member
	state   state.Store
	disk    string // where the state is; "": in memory
	now     time.Time
	random  *rand.Rand
	made    int

	items, pairs, applies, entries, bytes int // the most that there were
}

// TestSoak has people work in a mesh of four for as many rounds as ACCORD_SOAK says, in memory, and for a tenth of them in directories with a state on disk. Each
// round is an hour of the clock and an apply. After every tenth all members hold the same, and the state holds live pairs and what the journal is to keep.
func TestSoak(t *testing.T) {
	rounds := 40
	if n := os.Getenv("ACCORD_SOAK"); n != "" {
		var err error
		if rounds, err = strconv.Atoi(n); err != nil || rounds < 1 {
			t.Fatalf("ACCORD_SOAK is %q, and should be a number of rounds", n)
		}
	}
	t.Run("memory", func(t *testing.T) {
		o := newOffice(t)
		s := &soak{T: t, ws: o.ws, drivers: map[string]providers.Driver{"memory": memory.Driver{Stores: o.stores}}, at: map[string]member{}, state: o.state}
		for i, name := range members {
			s.at[name] = o.folder(name, []memory.Mode{memory.DAV(), memory.DAV(), memory.Graph(), memory.Table()}[i])
		}
		o.mesh("team", twoWay(), members...)
		s.live(rounds)
	})
	t.Run("vdir", func(t *testing.T) {
		newDirectories(t).live(max(10, rounds/10))
	})
}

// newDirectories is a mesh of four directories, with a state on disk.
func newDirectories(t *testing.T) *soak {
	dir := t.TempDir()
	s := &soak{T: t, drivers: map[string]providers.Driver{"vdir": vdir.Driver{}}, at: map[string]member{}, disk: filepath.Join(dir, "state")}
	text := "accord { workspace = \"office\" }\nprovider \"vdir\" \"here\" { path = \".\" }\nmesh \"team\" {\n  folders = [folder.a, folder.b, folder.c, folder.d]\n  profile = \"two_way\"\n}\n"
	for _, name := range members {
		s.must(os.Mkdir(filepath.Join(dir, name), 0o777))
		s.at[name] = directory{t, filepath.Join(dir, name)}
		text += fmt.Sprintf("folder %q {\n  provider = provider.vdir.here\n  kind     = \"calendar\"\n  path     = %q\n}\n", name, name)
	}
	s.must(os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o600))
	ws, _, diags := schema.Load(dir, schema.Options{Drivers: s.drivers})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	s.ws = ws
	return s
}

func (s *soak) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// live works and applies.
func (s *soak) live(rounds int) {
	const keep = 24
	s.ws.Journal = schema.Journal{Keep: keep * time.Hour}
	for _, r := range s.ws.Relations {
		r.Guard.MaxDeletes = schema.Limit{Set: true, Value: 1e6}
	}
	s.now, s.random = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), rand.New(rand.NewPCG(1, 2))
	if s.disk != "" {
		var err error
		s.state, err = state.Open(s.Context(), s.disk, state.Options{})
		s.must(err)
		defer func() { s.must(s.state.Close()) }()
	}
	early := 0 // bytes, when the journal was full for the first time
	for round := 1; round <= rounds; round++ {
		for range 1 + s.random.IntN(3) {
			s.work()
		}
		s.apply(round)
		s.now = s.now.Add(time.Hour)
		if round%10 == 0 || round == rounds {
			s.reopen()
			s.same(round)
			s.bounded(round, keep)
		}
		if round == 2*keep {
			early = s.bytes
		}
	}
	s.Logf("%d rounds: at most %d items, %d pairs, %d applies and %d entries in the journal, %d bytes on disk", rounds, s.items, s.pairs, s.applies, s.entries, s.bytes)
	if early > 0 && s.bytes > 3*early {
		s.Errorf("the state takes %d bytes, and took %d after %d rounds", s.bytes, early, 2*keep)
	}
}

// reopen has another process hold the state.
func (s *soak) reopen() {
	if s.disk == "" {
		return
	}
	s.must(s.state.Close())
	var err error
	s.state, err = state.Open(s.Context(), s.disk, state.Options{})
	s.must(err)
}

// work is one thing that a person does: there are never many more items than forty.
func (s *soak) work() {
	f := s.at[members[s.random.IntN(len(members))]]
	items := f.Items()
	if n := len(items); n < 20 || n < 40 && s.random.IntN(3) == 0 {
		s.made++
		f.Put(event(fmt.Sprintf("made-%d", s.made), fmt.Sprintf("Meeting %d", s.made)))
		return
	}
	it := items[s.random.IntN(len(items))]
	if s.random.IntN(3) == 0 {
		f.Delete(it.Ref)
		return
	}
	field := []string{"summary", "location", "description"}[s.random.IntN(3)]
	f.Replace(it.Ref, it.Item.WithFields(pim.Fields{field: value(pim.Calendar, field, fmt.Sprint("Changed ", s.random.IntN(1000)))}).Touch(s.now))
}

func (s *soak) engine() *reconcile.Engine {
	return reconcile.New(s.ws, s.drivers, reconcile.Options{Now: func() time.Time { return s.now }, By: "soak", Sleep: func(context.Context, time.Duration) error { return nil }})
}

func (s *soak) apply(round int) {
	p, err := s.engine().Plan(s.Context(), s.state, reconcile.Request{})
	s.must(err)
	result, err := s.engine().Apply(s.Context(), s.state, p)
	s.must(err)
	if len(result.Failures) > 0 {
		s.Fatalf("round %d: %v", round, result.Failures)
	}
	s.must(p.Close())
}

// same fails unless all members hold the same, and nothing is left to do.
func (s *soak) same(round int) {
	p, err := s.engine().Plan(s.Context(), s.state, reconcile.Request{})
	s.must(err)
	if n := p.Document.Summary.Changes(); n > 0 {
		s.Fatalf("round %d: %d changes are left to do:\n%s", round, n, describe(p))
	}
	s.must(p.Close())
	want := contents(s.at["a"])
	for _, name := range members[1:] {
		if got := contents(s.at[name]); !slices.Equal(got, want) {
			s.Fatalf("round %d: a holds\n%q\nand %s holds\n%q", round, want, name, got)
		}
	}
}

// contents are the digests of what a folder's items say, sorted.
func contents(f member) []string {
	var out []string
	for _, it := range f.Items() {
		out = append(out, fmt.Sprintf("%s %x", it.Item.Title(), it.Item.Fields().Digest()))
	}
	slices.Sort(out)
	return out
}

// bounded fails unless the state holds one record of each item, the pairs of a mesh, and an apply for each hour that the journal keeps.
func (s *soak) bounded(round, keep int) {
	items, pairs, entries := 0, 0, 0
	for _, name := range members {
		s.must(s.state.Items("folder."+name, func(state.Item) error { items++; return nil }))
	}
	for _, r := range s.ws.Relations {
		s.must(s.state.Pairs(r.Address, func(state.Pair) error { pairs++; return nil }))
	}
	applies, err := s.state.Applies()
	s.must(err)
	for _, a := range applies {
		s.must(s.state.Entries(a.Number, func(state.Entry) error { entries++; return nil }))
	}
	live := len(s.at["a"].Items())
	if items != len(members)*live || pairs != (len(members)-1)*live || len(applies) > keep+2 {
		s.Fatalf("round %d: each member holds %d items; the state holds %d items, %d pairs and %d applies", round, live, items, pairs, len(applies))
	}
	s.items, s.pairs, s.applies, s.entries = max(s.items, items), max(s.pairs, pairs), max(s.applies, len(applies)), max(s.entries, entries)
	if s.disk == "" {
		return
	}
	bytes := 0
	s.must(filepath.WalkDir(s.disk, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		bytes += int(info.Size())
		return err
	}))
	s.bytes = max(s.bytes, bytes)
}

// directory is a member on disk.
type directory struct {
	t   *testing.T
	dir string
}

func (d directory) Items() (list []memory.Stored) {
	files, err := filepath.Glob(filepath.Join(d.dir, "*.ics"))
	if err != nil {
		d.t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			d.t.Fatal(err)
		}
		it, err := pim.Parse(pim.Calendar, text)
		if err != nil {
			d.t.Fatal(err)
		}
		list = append(list, memory.Stored{Ref: file, Item: it})
	}
	return list
}

func (d directory) Put(it *pim.Item) string {
	file := filepath.Join(d.dir, it.UID()+".ics")
	d.Replace(file, it)
	return file
}

func (d directory) Replace(ref string, it *pim.Item) bool {
	if err := os.WriteFile(ref, it.Bytes(), 0o600); err != nil {
		d.t.Fatal(err)
	}
	return true
}

func (d directory) Delete(ref string) bool { return os.Remove(ref) == nil }
