package reconcile

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// The guards that are on when none is written down.
const (
	defaultPercent = 30 // of a side's replicas, or of a block's keys
	defaultFrom    = 10 // when there are at least so many
)

// census counts what guards measure against, as recorded.
type census struct {
	pairs   map[string]int      // live pairs with a replica, by relationship
	items   map[string]int      // items that belong to such pairs, by folder
	total   int                 // all of them
	keys    map[string]int      // for_each keys, by block
	left    map[string]int      // of these, how many left
	leavers map[string][]string // relationships of keys that left, by block
	agreed  map[string]bool     // relationships whose removal is counted elsewhere, or was said on purpose
	remade  map[string]bool     // relationships whose replicas are made again, and no guard for deletes is written for them
}

// tally counts what decisions do, for the guards.
type tally struct {
	deletes, edits, adds map[string]map[string]int // relationship → folder → count
	folder               map[string]map[string]int // folder → relationship → deletes under the default guard
	agreed               map[string]map[string]int // deletes that only the guard of the whole run holds: relationship → folder → count
	total                int                       // deletes
}

// deed is what guards want to know of a write.
type deed struct {
	relationship, folder string
	verb                 decide.Verb
	agreed               bool   // it is a delete that only the guard of the whole run holds
	follows              string // the other relationships whose writes it follows from, sorted, with a line break after each
}

// deeds counts writes that are alike to guards.
type deeds map[deed]int

// add counts the writes of one decision. They come after those that they need.
func (ds deeds) add(writes []*decide.Write, c census) {
	follows := map[*decide.Write]map[string]bool{}
	for _, w := range writes {
		why := w.Reasons[0]
		from := map[string]bool{}
		for _, need := range w.Needs {
			maps.Copy(from, follows[need])
			if other := need.Reasons[0].Pair.Relationship; other != why.Pair.Relationship {
				from[other] = true
			}
		}
		follows[w] = from
		if !slices.ContainsFunc(w.Reasons, func(r decide.Reason) bool { return r.Code != decide.Rehomed }) { // only a marker is written
			continue
		}
		one := deed{relationship: why.Pair.Relationship, folder: w.Folder, verb: w.Verb,
			agreed: w.Verb == decide.Delete && (why.Code == decide.RelationshipRemoved && c.agreed[why.Pair.Relationship] ||
				why.Code == decide.Resynced && c.remade[why.Pair.Relationship])}
		for _, address := range sortedKeys(from) {
			one.follows += address + "\n"
		}
		ds[one]++
	}
}

// tally counts the deeds that do not follow from those of a relationship that is blocked.
func (ds deeds) tally(blocked map[string]string) tally {
	t := tally{deletes: map[string]map[string]int{}, edits: map[string]map[string]int{}, adds: map[string]map[string]int{},
		folder: map[string]map[string]int{}, agreed: map[string]map[string]int{}}
	add := func(m map[string]map[string]int, a, b string, n int) {
		if m[a] == nil {
			m[a] = map[string]int{}
		}
		m[a][b] += n
	}
	for d, n := range ds {
		caused := false
		for address := range strings.Lines(d.follows) {
			caused = caused || blocked[strings.TrimSuffix(address, "\n")] != ""
		}
		switch {
		case caused:
		case d.agreed:
			add(t.agreed, d.relationship, d.folder, n)
			t.total += n
		case d.verb == decide.Delete:
			add(t.deletes, d.relationship, d.folder, n)
			add(t.folder, d.folder, d.relationship, n)
			t.total += n
		case d.verb == decide.Add:
			add(t.adds, d.relationship, d.folder, n)
		default:
			add(t.edits, d.relationship, d.folder, n)
		}
	}
	return t
}

// guard says which relationships have to be left alone, with the reason and the override, and of what they do too much. Where one does too much only because
// of what another brings about, it is the other.
func (e *Engine) guard(ds deeds, c census, allow []plan.Allowance) (blocked map[string]string, over map[string]plan.Action) {
	all := ds.tally(nil)
	covered := allowancesFor(allow, all)
	blocked, over = e.exceeding(all, all, c, covered)
	if causes, over := e.exceeding(ds.tally(blocked), all, c, covered); len(causes) > 0 {
		return causes, over
	}
	return blocked, over
}

// exceeding says which relationships exceed their guards by what t counts. The overrides that it prints and that are given cover all that they do.
func (e *Engine) exceeding(t, all tally, c census, allow allowances) (map[string]string, map[string]plan.Action) {
	blocked, actions := map[string]string{}, map[string]plan.Action{}
	explicit := map[string]bool{}
	guards := map[string]schema.Guard{} // of a relationship that left, none is written
	for address := range c.pairs {
		guards[address] = schema.Guard{}
	}
	for _, r := range e.ws.Relations {
		guards[r.Address] = r.Guard
		explicit[r.Address] = r.Guard.MaxDeletes.Set
	}
	var over []excess
	for _, address := range sortedKeys(guards) {
		guard := guards[address]
		limits := []struct {
			kind, verb string
			counts     map[string]int
			total      int
			limit      schema.Limit
			standing   bool // there is a guard when none is written
		}{
			{"deletes", "delete", t.deletes[address], sum(all.deletes[address]), guard.MaxDeletes, true},
			{"edits", "edit", t.edits[address], sum(all.edits[address]), guard.MaxEdits, false},
			{"adds", "add", t.adds[address], sum(all.adds[address]), guard.MaxAdds, false},
		}
		for _, l := range limits {
			for _, folder := range sortedKeys(l.counts) {
				n, of := l.counts[folder], c.pairs[address]
				if exceeded, why := exceeds(l.limit, l.standing, n, of); exceeded && !allow.cover(l.kind, address, l.total) {
					over = append(over, excess{address, l.kind, fmt.Sprintf("it would %s in %s, and its guard allows %s", share(l.verb, n, of), folder, why), l.total})
					actions[address] = plan.Action(l.verb)
				}
			}
		}
	}
	allow.explain(over, blocked)
	for _, folder := range sortedKeys(t.folder) {
		e.guardFolder(blocked, folder, t, all, c, explicit, allow)
	}
	e.guardPartitions(blocked, t, all, c, explicit, allow)
	if limit := e.ws.Guard.MaxDeletes; limit.Set {
		if over, why := exceeds(limit, false, t.total, c.total); over {
			for _, address := range sortedKeys(guards) {
				if n := sum(all.deletes[address]) + sum(all.agreed[address]); n > 0 && blocked[address] == "" && !allow.cover("deletes", address, n) {
					blocked[address] = fmt.Sprintf("this run would delete %d of %d items%s, and the workspace's guard allows %s. To allow this part of it: %s",
						t.total, c.total, inMany(all), why, override("deletes", address, n))
				}
			}
		}
	}
	for address := range blocked {
		if actions[address] == "" {
			actions[address] = plan.Delete
		}
	}
	return blocked, actions
}

// inMany says in how many relationships a run deletes something, where they are several.
func inMany(t tally) string {
	in := map[string]bool{}
	for _, deletes := range []map[string]map[string]int{t.deletes, t.agreed} {
		for address := range deletes {
			in[address] = true
		}
	}
	if len(in) < 2 {
		return ""
	}
	return fmt.Sprintf(" of %d relationships", len(in))
}

// share says how many items it is about, of how many replicas. What is added is none of them.
func share(verb string, n, of int) string {
	if verb == "add" {
		return fmt.Sprintf("add %d items to the %d", n, of)
	}
	return fmt.Sprintf("%s %d of %d items", verb, n, of)
}

// guardFolder counts the deletes of all relationships in one folder: twenty that each take a little can empty it.
func (e *Engine) guardFolder(blocked map[string]string, folder string, t, all tally, c census, explicit map[string]bool, allow allowances) {
	n := 0
	var part []string
	for _, address := range sortedKeys(t.folder[folder]) {
		if explicit[address] || allow.cover("deletes", address, sum(all.deletes[address])) {
			continue
		}
		n += t.folder[folder][address]
		part = append(part, address)
	}
	if over, why := exceeds(schema.Limit{}, true, n, c.items[folder]); over && len(part) > 1 {
		for _, address := range part {
			if blocked[address] == "" {
				blocked[address] = fmt.Sprintf("together with %s it would delete %d of %d items in %s, and the guard allows %s. To allow its part: %s",
					others(part, address), n, c.items[folder], folder, why, override("deletes", address, sum(all.deletes[address])))
			}
		}
	}
}

// guardPartitions counts the deletes of all relationships that have their originals from partitions of one folder: a query that lacks half of its rows takes a
// little from each of many people.
func (e *Engine) guardPartitions(blocked map[string]string, t, all tally, c census, explicit map[string]bool, allow allowances) {
	type source struct {
		n, of int
		part  []*schema.Relationship
	}
	sources := map[string]*source{}
	for _, r := range e.ws.Relations {
		if r.Source.Config.Partition == nil || explicit[r.Address] {
			continue
		}
		block := r.Source.Block()
		if sources[block] == nil {
			sources[block] = &source{}
		}
		s := sources[block]
		s.of += c.pairs[r.Address]
		if n := sum(t.deletes[r.Address]); n > 0 && !allow.cover("deletes", r.Address, sum(all.deletes[r.Address])) {
			s.n += n
			s.part = append(s.part, r)
		}
	}
	for _, block := range sortedKeys(sources) {
		s := sources[block]
		over, why := exceeds(schema.Limit{}, true, s.n, s.of)
		if !over || len(s.part) < 2 {
			continue
		}
		for _, r := range s.part {
			if blocked[r.Address] == "" {
				blocked[r.Address] = fmt.Sprintf("with %d other relationships it would delete %d of %d items that come from %s, and the guard allows %s. To allow all that %s would delete: %s",
					len(s.part)-1, s.n, s.of, block, why, r.Block, override("deletes", r.Block, allow.does["deletes"][r.Block]))
			}
		}
	}
}

// exceeds reports whether n of a number of items is more than a limit allows, and says what it allows. A limit that is written down applies at any size.
func exceeds(l schema.Limit, standing bool, n, of int) (bool, string) {
	switch {
	case l.Set && l.Percent:
		return float64(n) > l.Value/100*float64(of), fmt.Sprintf("%s %% (%d)", number(l.Value), int(math.Floor(l.Value/100*float64(of))))
	case l.Set:
		return float64(n) > l.Value, number(l.Value)
	case standing && of >= defaultFrom:
		return n*100 > defaultPercent*of, fmt.Sprintf("%d %% (%d)", defaultPercent, defaultPercent*of/100)
	}
	return false, ""
}

// guardLeavers blocks the removal of for_each keys when too many leave one block.
func (e *Engine) guardLeavers(c census, allow []plan.Allowance) map[string]string {
	blocked := map[string]string{}
	for _, block := range sortedKeys(c.leavers) {
		n, of := c.left[block], c.keys[block]
		if over, why := exceeds(e.ws.Guard.MaxLeavers, true, n, of); over && !(allowances{given: allow}).cover("leavers", "", n) {
			replicas := 0
			for _, address := range c.leavers[block] {
				replicas += c.pairs[address]
			}
			for _, address := range c.leavers[block] {
				blocked[address] = fmt.Sprintf("%d of %d %s left %s, with %d replicas, and the guard allows %s. To allow exactly this: -allow-leavers=%d",
					n, of, members(block), block, replicas, why, n)
			}
		}
	}
	return blocked
}

// members are what the keys of a block stand for.
func members(block string) string {
	if strings.HasPrefix(block, "mesh.") {
		return "members"
	}
	return "people (keys of its for_each)"
}

func sum(m map[string]int) int {
	n := 0
	for _, v := range m {
		n += v
	}
	return n
}

func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}

// others names the first few beside one, and how many more there are.
func others(all []string, one string) string {
	const most = 5
	some := slices.DeleteFunc(slices.Clone(all[:min(len(all), most+1)]), func(a string) bool { return a == one })
	some = some[:min(len(some), most)]
	if more := len(all) - 1 - len(some); more > 0 {
		some = append(some, fmt.Sprintf("%d more", more))
	}
	return strings.Join(some, ", ")
}
