package decide

import (
	"cmp"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// Decide runs six steps over all relationships, each finished before the next: end the relationships that left, recognise
// what is already there, bring back what replicas changed, end pairs, start pairs, carry forward what originals say.
// The last ends with what depends on all pairs: the names of the items that replicas refer to, and what those hold that share one.
// Within a step the order is that of addresses and keys, so that the same input gives the same decision.
func Decide(in *Input) *Decision {
	d := newDecider(in)
	d.endRelationships()
	d.recognise()
	d.back()
	d.endPairs()
	d.startPairs()
	d.forward()
	d.rename()
	d.tellFollowers()
	return d.decision()
}

// place names an item of a folder.
type place struct{ folder, key string }

// ends are the two folders that a pair joins.
type ends struct{ source, destination string }

// decider holds the folders as they will be, and what is known of the pairs on the way there.
type decider struct {
	in     *Input
	rels   []*Relationship // by address
	inTurn []*Relationship // likewise, a folder being a destination before it is a source
	byRel  map[string]*Relationship
	ends   map[string]ends // of the configuration's relationships, and until step 1 is over of recorded ones

	view  map[string]map[string]*Item
	pairs map[state.PairKey]*state.Pair

	replicas  map[place]int              // pairs that have the item as replica
	owner     map[place]state.PairKey    // a pair that has the item as replica
	originals map[place]int              // pairs that have it as original, but for ignored ones
	keys      map[string]int             // pairs by the original's key, in whatever folder
	uids      map[string]map[string]bool // by folder, the UIDs of its items when the plan began

	wait      map[state.PairKey]bool          // nothing is done for these pairs
	conflicts map[state.PairKey]bool          // of them, those that wait for a person
	fresh     map[state.PairKey]bool          // matched by `existing`, not yet settled
	how       map[state.PairKey]Code          // pairs recognised in this plan, by what
	rebuilt   map[state.PairKey]bool          // recognised by a marker, without a base
	woken     map[state.PairKey]bool          // retired until now: the replica is reset from its original
	lost      map[state.PairKey]bool          // the replica holds the last version of an original that cannot be made again
	frozen    map[state.PairKey]bool          // out of the filter or window: nothing flows
	again     map[state.PairKey]bool          // to be made again after a release
	started   map[state.PairKey]bool          // made in this plan: there is nothing to carry
	held      map[place]bool                  // an ambiguity's original and candidates: nobody copies or adopts them
	beside    map[state.PairKey]bool          // a person chose that none of the candidates is the original
	alone     map[place]bool                  // of these: it is no other relationship's candidate either
	handed    map[state.PairKey]bool          // they lead a shared replica from now on
	leaders   map[state.PairKey]state.PairKey // of pairs that share a replica and follow: the one that leads
	inherited map[place]*state.Pair           // by shared replica: the pair of a relationship that left and led
	together  map[state.PairKey][]place       // of pairs that end: items that must be written before they do
	joining   map[ends][]*Relationship        // by the folders that they join, by address
	sharing   map[string][]*Relationship      // by destination: those that coalesce, by address
	used      map[state.PairKey]bool          // choices that something was decided by
	apart     []apart

	reasons  map[place][]Reason
	notices  []Notice
	problems []Problem
	refused  int
	recorded []state.Relationship
	first    map[string]bool // relationships that the state does not know

	marked   map[string]map[pim.Marker]string // by folder: keys of the items that carried a marker when the plan began
	twins    map[string]*twins                // by folder: the ordinary items, by what they are found by
	soughtAs map[derived][]uint64             // match keys of what replicas would say
	keyed    map[reading][]uint64
	rendered map[derived]*pim.Item
	matched  map[derived]bool
	stayed   map[derived]stay
	failed   map[derived]bool
	told     map[failure]bool
}

// derived is a question asked of an original's content for one relationship.
type derived struct {
	rel     string
	content *pim.Item
}

// failure is a question that could not be answered of an original: several may have the same content.
type failure struct {
	derived
	original string
}

// apart is a replica's version that is to be kept beside it.
type apart struct {
	pair    state.PairKey
	content *pim.Item
}

func newDecider(in *Input) *decider {
	d := &decider{
		in: in, rels: slices.Clone(in.Relationships),
		byRel: map[string]*Relationship{}, ends: map[string]ends{},
		view: map[string]map[string]*Item{}, pairs: map[state.PairKey]*state.Pair{},
		replicas: map[place]int{}, owner: map[place]state.PairKey{}, originals: map[place]int{}, keys: map[string]int{}, uids: map[string]map[string]bool{},
		wait: map[state.PairKey]bool{}, conflicts: map[state.PairKey]bool{}, fresh: map[state.PairKey]bool{}, how: map[state.PairKey]Code{},
		rebuilt: map[state.PairKey]bool{}, frozen: map[state.PairKey]bool{}, woken: map[state.PairKey]bool{}, lost: map[state.PairKey]bool{}, again: map[state.PairKey]bool{}, started: map[state.PairKey]bool{}, held: map[place]bool{},
		beside: map[state.PairKey]bool{}, alone: map[place]bool{}, handed: map[state.PairKey]bool{}, leaders: map[state.PairKey]state.PairKey{},
		inherited: map[place]*state.Pair{}, together: map[state.PairKey][]place{}, sharing: map[string][]*Relationship{}, joining: map[ends][]*Relationship{}, used: map[state.PairKey]bool{}, twins: map[string]*twins{}, soughtAs: map[derived][]uint64{}, keyed: map[reading][]uint64{},
		reasons: map[place][]Reason{}, first: map[string]bool{},
		marked: map[string]map[pim.Marker]string{}, rendered: map[derived]*pim.Item{}, matched: map[derived]bool{}, stayed: map[derived]stay{}, failed: map[derived]bool{}, told: map[failure]bool{},
	}
	slices.SortFunc(d.rels, func(a, b *Relationship) int { return cmp.Compare(a.Address, b.Address) })
	turns := in.Turns
	if turns == nil {
		turns = Turns(in.Relationships)
	}
	d.inTurn = slices.Clone(d.rels)
	slices.SortStableFunc(d.inTurn, func(a, b *Relationship) int { return cmp.Compare(turns[a.Address], turns[b.Address]) })
	for address, f := range in.Folders {
		d.view[address] = map[string]*Item{}
		maps.Copy(d.view[address], f.Items)
	}
	for _, r := range in.Recorded {
		d.ends[r.Address] = ends{r.Source, r.Destination}
	}
	for _, r := range d.rels {
		d.byRel[r.Address] = r
		d.joining[ends{r.Source, r.Destination}] = append(d.joining[ends{r.Source, r.Destination}], r)
		if r.Policies.Coalesce {
			d.sharing[r.Destination] = append(d.sharing[r.Destination], r)
		}
		if _, known := d.ends[r.Address]; !known {
			d.ends[r.Address] = ends{r.Source, r.Destination}
			d.first[r.Address] = true
		}
	}
	for _, p := range in.Pairs {
		d.set(p)
	}
	return d
}

// set records a pair as it will be.
func (d *decider) set(p state.Pair) {
	k := keyOf(&p)
	d.drop(k)
	d.pairs[k] = &p
	d.count(&p, +1)
}

// drop ends a pair.
func (d *decider) drop(k state.PairKey) {
	if p := d.pairs[k]; p != nil {
		d.count(p, -1)
		delete(d.pairs, k)
	}
}

func (d *decider) count(p *state.Pair, by int) {
	e := d.ends[p.Relationship]
	d.keys[p.Original] += by
	if p.Replica != "" {
		d.replicas[place{e.destination, p.Replica}] += by
		d.owner[place{e.destination, p.Replica}] = keyOf(p)
	}
	if p.Replica != "" || p.Status != state.Ignored {
		d.originals[place{e.source, p.Original}] += by
	}
}

func keyOf(p *state.Pair) state.PairKey {
	return state.PairKey{Relationship: p.Relationship, Original: p.Original}
}

// sortedPairs are the keys of all pairs, by relationship and original.
func (d *decider) sortedPairs() []state.PairKey {
	return slices.SortedFunc(maps.Keys(d.pairs), ComparePairs)
}

// ComparePairs orders pairs by relationship and original.
func ComparePairs(a, b state.PairKey) int {
	return cmp.Or(cmp.Compare(a.Relationship, b.Relationship), cmp.Compare(a.Original, b.Original))
}

// live reports whether a pair is one that content flows through.
func live(p *state.Pair) bool { return p.Status == state.Active || p.Status == state.Waiting }

// original and replica are the two items of a pair as they will be; nil: not there.
func (d *decider) original(p *state.Pair) *Item {
	return d.view[d.ends[p.Relationship].source][p.Original]
}

func (d *decider) replica(p *state.Pair) *Item {
	if p.Replica == "" {
		return nil
	}
	return d.view[d.ends[p.Relationship].destination][p.Replica]
}

// isReplica reports whether an item is a replica: what the state says goes before the marker.
func (d *decider) isReplica(folder string, it *Item) bool {
	return d.replicas[place{folder, it.Key}] > 0 || it.replicaByMarker()
}

// paired reports whether an item belongs to a pair, as replica or as original.
func (d *decider) paired(folder, key string) bool {
	at := place{folder, key}
	return d.replicas[at] > 0 || d.originals[at] > 0
}

// put makes an item what it will be.
func (d *decider) put(folder string, it *Item, pair state.PairKey, verb Verb, code Code) {
	d.view[folder][it.Key] = it
	d.because(place{folder, it.Key}, pair, verb, code)
}

// remove makes an item gone.
func (d *decider) remove(folder, key string, pair state.PairKey, code Code) {
	delete(d.view[folder], key)
	d.because(place{folder, key}, pair, Delete, code)
}

func (d *decider) because(at place, pair state.PairKey, verb Verb, code Code) {
	d.reasons[at] = append(d.reasons[at], Reason{Pair: pair, Verb: verb, Code: code})
}

// release makes a replica an ordinary item: its marker stays and says so, because its UID may still look derived.
func (d *decider) release(folder, key string, pair state.PairKey, code Code) {
	it := d.view[folder][key]
	if it == nil {
		return
	}
	m := pim.Marker{Workspace: d.in.Workspace, Relationship: pair.Relationship, Original: pair.Original}
	if it.Marker != nil {
		m = *it.Marker
	}
	m.Status = pim.Released
	d.put(folder, it.with(it.Content, &m), pair, Release, code)
}

// with is the item with other content and marker.
func (it *Item) with(content *pim.Item, m *pim.Marker) *Item {
	c := *it
	c.Content, c.Marker = content, m
	return &c
}

// matches reports whether an original is in the filter. ok is false when the filter could not tell.
func (d *decider) matches(r *Relationship, o *Item) (in, ok bool) {
	if o.Unknown {
		return false, false
	}
	q := derived{r.Address, o.Content}
	if d.failed[q] {
		return false, false
	}
	if in, known := d.matched[q]; known {
		return in, true
	}
	in, err := r.Match(o.Content)
	if err != nil {
		d.fail(q, o, err)
		return false, false
	}
	d.matched[q] = in
	return in, true
}

// inFilter is matches for an original whose filter is known to tell: see undecidable.
func (d *decider) inFilter(r *Relationship, o *Item) bool {
	in, _ := d.matches(r, o)
	return in
}

// render is what a replica of o says; nil when the template could not tell.
func (d *decider) render(r *Relationship, o *Item) *pim.Item {
	q := derived{r.Address, o.Content}
	if out, known := d.rendered[q]; known {
		return d.referring(r, out)
	}
	out, err := r.Render(o.Content)
	if err != nil {
		d.fail(q, o, err)
		out = nil
	}
	d.rendered[q] = out
	return d.referring(r, out)
}

// referring is what a template made, naming replicas where the original names originals.
func (d *decider) referring(r *Relationship, out *pim.Item) *pim.Item {
	if out == nil {
		return nil
	}
	if changes := renamed(out.Fields(), func(uid string) string { return d.forth(r, uid) }); len(changes) > 0 {
		return out.WithFields(changes)
	}
	return out
}

func (d *decider) fail(q derived, o *Item, err error) {
	d.failed[q] = true
	if told := (failure{q, o.Key}); !d.told[told] {
		d.told[told] = true
		d.problems = append(d.problems, Problem{Pair: state.PairKey{Relationship: q.rel, Original: o.Key}, Item: o, Err: err})
	}
}

// decidable reports whether filter, window and template can tell what to do with an original.
func (d *decider) decidable(r *Relationship, o *Item) bool {
	if in, ok := d.matches(r, o); !in {
		return ok
	}
	s, ok := d.stays(r, o)
	if !ok {
		return false
	}
	return !s.in && d.pairs[state.PairKey{Relationship: r.Address, Original: o.Key}] == nil || d.render(r, o) != nil
}
