package reconcile

import (
	"cmp"
	"maps"
	"math/bits"
	"reflect"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

const (
	commonMost  = 4096 // different changes of which it is counted how many say them
	commonShown = 100  // that a plan lists
	commonFrom  = 5    // operations that make a change a common one
	commonSuch  = 5    // relationships that are named
)

// common finds what operations of one block have in common: the one change behind the many. It holds a bounded number of changes; those that come when it is
// full are not counted.
type common struct {
	changes map[commonKey]*commonChange
	totals  map[commonKind]int
}

type commonKey struct {
	block     string
	signature uint64
}

type commonKind struct {
	block  string
	action plan.Action
	side   plan.Side
}

type commonChange struct {
	plan.Change
	in placeSet
}

func newCommon() *common {
	return &common{changes: map[commonKey]*commonChange{}, totals: map[commonKind]int{}}
}

// look counts an operation of a relationship at its place in the document. What somebody gets who joins, or loses who leaves, is no change of an item.
func (c *common) look(r *plan.Relationship, place int, op plan.Operation) {
	if r.Membership != "" {
		return
	}
	block, _ := plan.BlockOf(r.Address)
	c.totals[commonKind{block, op.Action, op.Side}]++
	signature, ok := op.Signature()
	if !ok {
		return
	}
	key := commonKey{block, signature}
	known := c.changes[key]
	switch {
	case known == nil && len(c.changes) == commonMost:
		return
	case known == nil:
		known = &commonChange{Change: plan.ChangeOf(block, op)}
		c.changes[key] = known
	case known.UID != op.UID || known.Title != op.Title || known.Start != op.Start:
		known.UID, known.Title, known.Start = "", "", ""
	}
	known.agree(op)
	known.Operations++
	known.in.add(place)
}

// agree leaves of the fields those that an operation says alike: items that come or go are told from each other by their UIDs and titles alone.
func (c *commonChange) agree(op plan.Operation) {
	if op.Action == plan.Edit || op.Action == plan.Adopt {
		return
	}
	c.Fields = slices.DeleteFunc(c.Fields, func(f plan.Field) bool {
		return !slices.ContainsFunc(op.Fields, func(other plan.Field) bool { return reflect.DeepEqual(f, other) })
	})
}

// list is what is common to relationships of one block, the most frequent first.
func (c *common) list(relationships []plan.Relationship) []plan.Change {
	var list []plan.Change
	for _, key := range c.sorted() {
		if change := c.changes[key]; change.Operations >= commonFrom && change.in.len() > 1 {
			list = append(list, c.told(change, relationships))
		}
	}
	slices.SortStableFunc(list, compareChanges)
	return list[:min(len(list), commonShown)]
}

// sorted is the changes in an order that is the same in every run.
func (c *common) sorted() []commonKey {
	return slices.SortedFunc(maps.Keys(c.changes), func(a, b commonKey) int {
		return cmp.Or(cmp.Compare(a.signature, b.signature), cmp.Compare(a.block, b.block))
	})
}

func compareChanges(a, b plan.Change) int {
	return cmp.Or(cmp.Compare(b.Operations, a.Operations), cmp.Compare(b.Relationships, a.Relationships), cmp.Compare(a.Block, b.Block), cmp.Compare(a.Action, b.Action),
		cmp.Compare(a.UID, b.UID), slices.Compare(a.Such, b.Such), strings.Compare(names(a.Fields), names(b.Fields)))
}

func names(fields []plan.Field) string {
	var all []string
	for _, f := range fields {
		all = append(all, f.Name, f.Occurrence)
	}
	return strings.Join(all, "\n")
}

func (c *common) told(change *commonChange, relationships []plan.Relationship) plan.Change {
	out := change.Change
	out.Of = c.totals[commonKind{out.Block, out.Action, out.Side}]
	out.Relationships, out.Such = change.in.len(), []string{}
	for place := range change.in.first(commonSuch) {
		out.Such = append(out.Such, relationships[place].Address)
	}
	return out
}

// behind is the change behind what relationships do too much of, where there is one: most operations of that action in their block say it.
func (c *common) behind(over map[string]plan.Action, relationships []plan.Relationship) map[string]*plan.Change {
	most := map[commonKind]*plan.Change{}
	for _, key := range c.sorted() {
		change := c.changes[key]
		kind := commonKind{block: change.Block, action: change.Action}
		if of := c.totals[commonKind{change.Block, change.Action, change.Side}]; change.Operations >= commonFrom && change.Operations*2 > of {
			if known := most[kind]; known == nil || known.Operations < change.Operations {
				told := c.told(change, relationships)
				most[kind] = &told
			}
		}
	}
	behind := map[string]*plan.Change{}
	for address, action := range over {
		block, _ := plan.BlockOf(address)
		if change := most[commonKind{block: block, action: action}]; change != nil {
			behind[address] = change
		}
	}
	return behind
}

// placeSet is a set of small numbers.
type placeSet []uint64

func (s *placeSet) add(n int) {
	for len(*s) <= n/64 {
		*s = append(*s, 0)
	}
	(*s)[n/64] |= 1 << (n % 64)
}

func (s placeSet) len() int {
	n := 0
	for _, word := range s {
		n += bits.OnesCount64(word)
	}
	return n
}

// first are the smallest of its numbers, in order.
func (s placeSet) first(most int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for i, word := range s {
			for ; word != 0 && most > 0; most-- {
				if !yield(i*64 + bits.TrailingZeros64(word)) {
					return
				}
				word &= word - 1
			}
		}
	}
}
