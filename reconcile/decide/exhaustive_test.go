package decide_test

import (
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// small is a workspace small enough to try every edit of every item under every policy.
type small struct {
	name    string
	folders map[string]string // with the UIDs of their items before the first apply, a letter each; X is an item of UID x that says something else, and p, q, r are x under other UIDs
	rels    string            // source and destination, a letter each
	setting history.Rel       // filter, template and on_unmatched of all relationships
}

var smalls = []small{
	{"one way", map[string]string{"A": "x", "B": ""}, "AB", history.Rel{OnUnmatched: "delete"}},
	{"one way, filter", map[string]string{"A": "x", "B": ""}, "AB", history.Rel{OnUnmatched: "delete", Filter: true}},
	{"one way, filter that freezes", map[string]string{"A": "x", "B": ""}, "AB", history.Rel{OnUnmatched: "freeze", Filter: true}},
	{"one way, template", map[string]string{"A": "x", "B": ""}, "AB", history.Rel{OnUnmatched: "delete", Template: true}},
	{"both ways", map[string]string{"A": "x", "B": ""}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"both ways, filter", map[string]string{"A": "x", "B": ""}, "AB BA", history.Rel{OnUnmatched: "delete", Filter: true}},
	{"both ways, filter that freezes", map[string]string{"A": "x", "B": ""}, "AB BA", history.Rel{OnUnmatched: "freeze", Filter: true}},
	{"both ways, template", map[string]string{"A": "x", "B": ""}, "AB BA", history.Rel{OnUnmatched: "delete", Template: true}},
	{"one way, two originals", map[string]string{"A": "xy", "B": ""}, "AB", history.Rel{OnUnmatched: "delete"}},
	{"both ways, an original each", map[string]string{"A": "x", "B": "y"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"the same item in both", map[string]string{"A": "x", "B": "x"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"another item of the same UID in both", map[string]string{"A": "x", "B": "X"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"the same item under another UID in both", map[string]string{"A": "x", "B": "p"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"another item under another UID in both", map[string]string{"A": "x", "B": "P"}, "AB BA", history.Rel{OnUnmatched: "delete"}},
	{"the same items twice, one way", map[string]string{"A": "xp", "B": "qr"}, "AB", history.Rel{OnUnmatched: "delete"}},
	{"the same item in three", map[string]string{"A": "x", "B": "p", "C": "Q"}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "delete"}},
	{"shared by two", map[string]string{"A": "x", "B": "x", "C": ""}, "AC BC", history.Rel{OnUnmatched: "delete"}},
	{"shared by two, filter", map[string]string{"A": "x", "B": "x", "C": ""}, "AC BC", history.Rel{OnUnmatched: "delete", Filter: true}},
	{"shared by two, filter that freezes", map[string]string{"A": "x", "B": "X", "C": ""}, "AC BC", history.Rel{OnUnmatched: "freeze", Filter: true}},
	{"shared by two, one is there already", map[string]string{"A": "x", "B": "x", "C": "X"}, "AC BC", history.Rel{OnUnmatched: "delete", Template: true}},
	{"shared by two, one that is there copied on", map[string]string{"A": "x", "B": "x", "C": "q", "D": ""}, "AC BC CD", history.Rel{OnUnmatched: "delete"}},
	{"mesh of three", map[string]string{"A": "x", "B": "", "C": ""}, "AB AC BA BC CA CB", history.Rel{OnUnmatched: "delete"}},
}

// edits are what a person can do to an item.
var edits = []string{"none", "title", "note", "common title", "filter", "delete"}

// TestExhaustive tries every edit of every item of small workspaces under every combination of policies, and after each apply looks whether what must always
// hold does hold; then once more with other edits. ACCORD_EXHAUSTIVE=1 leaves no case out; another number tries one case in that many, and of workspaces that
// have very many fewer.
func TestExhaustive(t *testing.T) {
	oneIn := 97
	if n, err := strconv.Atoi(os.Getenv("ACCORD_EXHAUSTIVE")); err == nil && n > 0 {
		oneIn = n
	}
	policies := allPolicies()
	var total, tried atomic.Int64
	percent := debug.SetGCPercent(400) // hardly anything lives longer than a case
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		t.Logf("%d of %d cases, %d combinations of policies", tried.Load(), total.Load(), len(policies))
	})
	for _, w := range slices.Concat(smalls, actingSmalls()) {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			x := explorer{small: w, items: map[version]*pim.Item{}}
			bad := 0
			for n, p := range policies {
				if x.shared() && (p.DestinationEdit == "propagate" || p.DestinationDelete == "propagate" || p.DestinationDelete == "mark") {
					continue
				}
				x.reached = map[uint64]bool{}
				start, rels, wrong := x.start(p)
				if wrong != "" {
					t.Fatalf("%+v\nat the start: %s", p, wrong)
				}
				count := power(len(edits), len(places(start)))
				total.Add(int64(count))
				step := oneIn
				if oneIn > 1 {
					step *= 1 + count/many
				}
				for c := (step - n*count%step) % step; c < count; c += step {
					tried.Add(1)
					if wrong := x.try(start, rels, c); wrong != "" {
						if bad++; bad <= 3 {
							t.Errorf("%+v\n%s", p, wrong)
						}
					}
				}
			}
			if bad > 3 {
				t.Errorf("%d cases are wrong", bad)
			}
		})
	}
}

// many is how many cases of a workspace under one combination of policies are tried in full measure: all edits of four items.
const many = 6 * 6 * 6 * 6

func power(base, exponent int) int {
	out := 1
	for range exponent {
		out *= base
	}
	return out
}

// allPolicies are all combinations, but for those of which every workspace has one.
func allPolicies() []history.Rel {
	var out []history.Rel
	for c := range combinations {
		if c[dimO]|c[dimR]|c[dimPlace]|c[dimAgreement]|c[dimModified]|c[dimKind]|c[dimOnUnmatched]|c[dimAdoptOnDelete] == 0 {
			out = append(out, history.Rel{SourceEdit: c.value(dimSourceEdit), SourceDelete: c.value(dimSourceDelete), DestinationEdit: c.value(dimDestinationEdit),
				DestinationDelete: c.value(dimDestinationDelete), Conflict: c.value(dimConflict), Existing: "adopt"})
		}
	}
	return out
}

// version is what makes one content another.
type version struct {
	uid      string
	fields   history.Fields
	modified int
}

// explorer tries the cases of one small workspace.
type explorer struct {
	small
	items   map[version]*pim.Item
	acted   bool            // something acts on the relationships besides their policies
	reached map[uint64]bool // states after an apply under the policies that are being tried
}

// shared reports whether the relationships coalesce.
func (x *explorer) shared() bool { return strings.HasPrefix(x.name, "shared") }

func (x *explorer) event(v version) *pim.Item {
	it := x.items[v]
	if it == nil {
		if it = timed(v.uid, v.fields, v.modified); x.shared() {
			it = sequenced(v.uid, v.fields, v.modified)
		}
		x.items[v] = it
	}
	return it
}

// start is the workspace after its first apply, and what is wrong with that.
func (x *explorer) start(p history.Rel) (s *sim, rels []*decide.Relationship, wrong string) {
	for _, ends := range strings.Fields(x.rels) {
		r := p
		r.Name, r.Source, r.Destination = ends, ends[:1], ends[1:]
		r.OnUnmatched, r.Filter, r.Template = x.setting.OnUnmatched, x.setting.Filter, x.setting.Template
		rels = append(rels, relationship(r))
		rels[len(rels)-1].Policies.Coalesce = x.shared() && r.Destination == "C"
	}
	s = newSim(slices.Collect(maps.Keys(x.folders)))
	for _, r := range rels {
		x.acted = x.act(r, s.clock)
	}
	for folder, uids := range x.folders {
		for _, uid := range strings.Split(uids, "") {
			f := history.Fields{Title: uid, Note: "note", Category: "k"}
			if lower := strings.ToLower(uid); lower != uid {
				uid, f.Title, f.Note = lower, lower, ""
			}
			if strings.Contains("pqr", uid) && uid != "" {
				f.Title = "x"
			}
			s.put(folder, x.event(version{uid, f, 0}))
		}
	}
	wrong, _ = x.settle(s, rels)
	return s, rels, wrong
}

// try makes the edits of a case, applies, and does so once more with edits that follow from the case's number. It says what is wrong then.
func (x *explorer) try(start *sim, rels []*decide.Relationship, c int) string {
	s := start.clone()
	s.clock.now = noon
	log := x.edit(s, c, c%3)
	wrong, again := x.settle(s, rels)
	if wrong != "" {
		return log + "\n" + wrong
	}
	if !again {
		return ""
	}
	next := c*7919 + 31
	if next%2 == 0 {
		s.clock.pass(3 * time.Hour)
	}
	if s.folders["A"]["x"] == nil && next%3 == 0 {
		s.put("A", x.event(version{"x", history.Fields{Title: "put back", Note: "note", Category: "k"}, 50}))
	}
	log += ", then " + x.edit(s, next, next%5)
	if wrong, _ = x.settle(s, rels); wrong != "" {
		return log + "\n" + wrong
	}
	return ""
}

// settle applies, and says what is wrong. A state that was reached before is not looked at again.
func (x *explorer) settle(s *sim, rels []*decide.Relationship) (wrong string, again bool) {
	c := settled(s, rels)
	if !x.setting.Filter && !x.setting.Template && !x.acted && equivalent(rels) {
		c.equal()
	}
	key := s.fingerprint()
	if x.reached[key] {
		return strings.Join(c.wrong, "\n"), false
	}
	x.reached[key] = true
	c.converged(rels)
	c.survivesLoss(rels)
	return strings.Join(c.wrong, "\n"), true
}

// places are where the items of a workspace are, in order.
func places(s *sim) [][2]string {
	var out [][2]string
	for _, folder := range slices.Sorted(maps.Keys(s.folders)) {
		for _, key := range slices.Sorted(maps.Keys(s.folders[folder])) {
			out = append(out, [2]string{folder, key})
		}
	}
	return out
}

// edit makes the edits that a case's number stands for: its digits to the base of the number of edits, an item each. order says which edits came later.
func (x *explorer) edit(s *sim, c, order int) string {
	var log []string
	at := places(s)
	for i, p := range at {
		folder, key := p[0], p[1]
		what := edits[c%len(edits)]
		c /= len(edits)
		log = append(log, fmt.Sprintf("%s/%s %s", folder, key, what))
		before := s.folders[folder][key]
		f := fieldsOf(before.Content)
		switch what {
		case "none":
			continue
		case "delete":
			delete(s.folders[folder], key)
			continue
		case "title":
			f.Title = fmt.Sprint("title ", i, len(at), order)
		case "note":
			f.Note = fmt.Sprint("note ", i, len(at), order)
		case "common title":
			f.Title = "common"
		case "filter":
			f.Category = map[string]string{"k": "-", "-": "k"}[f.Category]
		}
		modified := 100 + [...]int{i, -i, 0, i, 0}[order]
		it := *before
		it.Content = x.event(version{before.Content.UID(), f, modified})
		s.folders[folder][key] = &it
	}
	return strings.Join(log, ", ")
}

// put gives a folder an ordinary item.
func (s *sim) put(folder string, content *pim.Item) {
	s.folders[folder][content.UID()] = &decide.Item{Key: content.UID(), Ref: content.UID() + ".ics", Content: content, Since: s.clock.now}
}

func (s *sim) clone() *sim {
	out := &sim{clock: s.clock, touches: s.touches, folders: make(map[string]map[string]*decide.Item, len(s.folders)), pairs: maps.Clone(s.pairs), recorded: s.recorded}
	for folder, items := range s.folders {
		out.folders[folder] = maps.Clone(items)
	}
	return out
}

// forget loses the state.
func (s *sim) forget() {
	s.pairs, s.recorded = map[state.PairKey]state.Pair{}, nil
}

// fingerprint is a hash of all that Decide sees.
func (s *sim) fingerprint() uint64 {
	var sum uint64
	var b []byte
	for folder, items := range s.folders {
		for key, it := range items {
			b = append(append(append(b[:0], folder...), key...), it.Content.Bytes()...)
			if it.Marker != nil {
				b = fmt.Append(b, *it.Marker)
			}
			sum += xxhash.Sum64(b)
		}
	}
	for _, p := range s.pairs {
		b = fmt.Append(b[:0], s.clock.now, p.Relationship, " ", p.Original, " ", p.Replica, " ", p.Status, p.Generation, p.Adopted, p.Rest, p.Late, p.Until, p.From)
		one := xxhash.Sum64(b)
		for side, base := range []pim.Digests{p.BaseOriginal, p.BaseReplica} {
			for name, digest := range base {
				b = fmt.Append(append(b[:0], name...), side, digest)
				one += xxhash.Sum64(b)
			}
		}
		sum += one * 0x9e3779b97f4a7c15
	}
	return sum
}
