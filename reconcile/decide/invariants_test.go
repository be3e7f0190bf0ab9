package decide_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/history"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// settled applies once and compares what was with what is.
func settled(s *sim, rels []*decide.Relationship) *check {
	before := s.clone()
	c := &check{before: before, decision: s.apply(rels, nil), after: s, rels: map[string]*decide.Relationship{}}
	for _, r := range rels {
		c.rels[r.Address] = r
	}
	c.nothingLost()
	c.onlyPairsTouched()
	c.noDuplicates("a duplicate", s)
	c.neverBoth()
	c.neverShared()
	c.noNeedlessCopies()
	c.staysEnded()
	return c
}

// check compares a workspace before and after an apply.
type check struct {
	before, after *sim
	decision      *decide.Decision
	rels          map[string]*decide.Relationship
	wrong         []string
}

func (c *check) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// at is a place of an item.
type at struct{ folder, key string }

// nothingLost: every version that was there is in a folder, or is what a write replaces, which the journal keeps.
func (c *check) nothingLost() {
	kept := map[history.Fields]bool{}
	for _, items := range c.after.folders {
		for _, it := range items {
			kept[fieldsOf(it.Content)] = true
		}
	}
	for _, w := range c.decision.Writes {
		if w.Before != c.before.folders[w.Folder][w.Key] {
			c.fail("the journal's before-image of %s/%s is not what was there", w.Folder, w.Key)
		}
		if w.Before != nil {
			kept[fieldsOf(w.Before.Content)] = true
		}
	}
	for folder, items := range c.before.folders {
		for key, it := range items {
			if f := fieldsOf(it.Content); !kept[f] {
				c.fail("%s/%s %v is lost", folder, key, f)
			}
		}
	}
}

// onlyPairsTouched: a write reaches a replica, an original of which a policy says so, or an item that is adopted.
func (c *check) onlyPairsTouched() {
	replicas := map[at]bool{}
	may := map[at]map[decide.Verb]bool{}
	for k, p := range c.before.pairs {
		r := c.rels[k.Relationship]
		replicas[at{r.Destination, p.Replica}] = true
		o := at{r.Source, p.Original}
		if may[o] == nil {
			may[o] = map[decide.Verb]bool{}
		}
		may[o][decide.Edit] = may[o][decide.Edit] || r.Policies.DestinationEdit == schema.DestinationEditPropagate
		may[o][decide.Delete] = may[o][decide.Delete] || r.Policies.DestinationDelete == schema.DestinationDeletePropagate
		may[o][decide.Mark] = may[o][decide.Mark] || r.Policies.DestinationDelete == schema.DestinationDeleteMark
	}
	for _, w := range c.decision.Writes {
		here := at{w.Folder, w.Key}
		switch {
		case w.Before == nil || replicas[here] || may[here][w.Verb]:
		case w.Before.Marker != nil && w.Before.Marker.Status != pim.Released:
		case w.After != nil && w.After.Marker != nil && w.After.Marker.Adopted && w.After.Marker.Status == pim.Live:
		case w.Verb == decide.Edit && c.adoptedFor(here):
		default:
			c.fail("ordinary item %s/%s is touched: %s %v", w.Folder, w.Key, w.Verb, w.Reasons)
		}
	}
}

// adoptedFor reports whether an original was just matched by a relationship that brings back what its replica says.
func (c *check) adoptedFor(original at) bool {
	for k, p := range c.after.pairs {
		r := c.rels[k.Relationship]
		if _, known := c.before.pairs[k]; !known && p.Adopted && (at{r.Source, p.Original}) == original && r.Policies.DestinationEdit == schema.DestinationEditPropagate {
			return true
		}
	}
	return false
}

// noDuplicates: a relationship has at most one replica of an original, live or retired.
func (c *check) noDuplicates(what string, s *sim) {
	type copied struct{ folder, relationship, original string }
	seen := map[copied]string{}
	for folder, items := range s.folders {
		for key, it := range items {
			if m := it.Marker; m != nil && m.Status != pim.Released {
				of := copied{folder, m.Relationship, m.Original}
				if r := c.rels[m.Relationship]; r != nil && r.Policies.Coalesce {
					of.relationship = "all that coalesce"
				}
				if other := seen[of]; other != "" {
					c.fail("%s: %s and %s in %s are both replicas of %s", what, key, other, folder, m.Original)
				}
				seen[of] = key
			}
		}
	}
}

// neverBoth: no item is an original and a replica at once.
func (c *check) neverBoth() {
	originals := map[at]bool{}
	for k, p := range c.after.pairs {
		if p.Status == state.Active {
			originals[at{c.rels[k.Relationship].Source, p.Original}] = true
		}
	}
	for k, p := range c.after.pairs {
		if here := (at{c.rels[k.Relationship].Destination, p.Replica}); p.Replica != "" && originals[here] {
			c.fail("%v is an original and a replica", here)
		}
	}
}

// neverShared: a replica has one original.
func (c *check) neverShared() {
	seen := map[at]state.PairKey{}
	for k, p := range c.after.pairs {
		here := at{c.rels[k.Relationship].Destination, p.Replica}
		if other, shared := seen[here]; shared && p.Replica != "" && !(other.Original == k.Original && c.rels[k.Relationship].Policies.Coalesce) {
			c.fail("%v is the replica of %v and %v", here, k, other)
		}
		seen[here] = k
	}
}

// noNeedlessCopies: nothing is copied to where an ordinary item that belongs to no pair says the same.
func (c *check) noNeedlessCopies() {
	paired := map[at]bool{}
	for k, p := range c.after.pairs {
		paired[at{c.rels[k.Relationship].Source, p.Original}], paired[at{c.rels[k.Relationship].Destination, p.Replica}] = true, true
	}
	for _, w := range c.decision.Writes {
		if w.Before != nil || w.After.Marker == nil || w.After.Marker.Generation > 0 {
			continue
		}
		for key, it := range c.before.folders[w.Folder] {
			if it.Marker == nil && !paired[at{w.Folder, key}] && c.after.folders[w.Folder][key] != nil && len(matched(it.Content, w.After.Content)) > 0 && it.Content.Fields().Equal(w.After.Content.Fields()) {
				c.fail("%s/%s is added beside %s, which says the same", w.Folder, w.Key, key)
			}
		}
	}
}

// matched are the match keys that two items share.
func matched(a, b *pim.Item) []uint64 {
	keys := b.MatchKeys(nil)
	return slices.DeleteFunc(a.MatchKeys(nil), func(k uint64) bool { return !slices.Contains(keys, k) })
}

// staysEnded: what is pruned stays so; a retired replica stays as it is while its original is gone.
func (c *check) staysEnded() {
	for k, p := range c.before.pairs {
		r := c.rels[k.Relationship]
		now, known := c.after.pairs[k]
		if p.Status == state.Pruned && known && now.Status != state.Pruned {
			c.fail("%v is pruned no more but %s", k, now.Status)
		}
		o := c.before.folders[r.Source][p.Original] != nil || c.after.folders[r.Source][p.Original] != nil
		handed := r.Policies.Coalesce && (!known || now.Status != state.Retired) // another original wakes what it shares
		if p.Status == state.Retired && !o && !handed && c.before.folders[r.Destination][p.Replica] != c.after.folders[r.Destination][p.Replica] {
			c.fail("retired %v was written", k)
		}
	}
}

// converged: a second plan has nothing to do, and nothing to record.
func (c *check) converged(rels []*decide.Relationship) {
	second := decide.Decide(c.after.input(rels))
	for _, w := range second.Writes {
		c.fail("the second plan would %s %s/%s: %v", w.Verb, w.Folder, w.Key, w.Reasons)
	}
	for _, p := range second.Pairs {
		c.fail("the second plan would record %v: %v instead of %v", p.Key, p.New, p.Old)
	}
}

// survivesLoss: without the state nothing is deleted, and nothing added but what only the state held back.
func (c *check) survivesLoss(rels []*decide.Relationship) {
	held := map[string]bool{}
	for k, p := range c.after.pairs {
		switch p.Status {
		case state.Waiting:
			return
		case state.Pruned, state.Ignored:
			held[k.Original] = true
		}
	}
	lost := c.after.clone()
	lost.forget()
	for _, w := range lost.apply(rels, nil).Writes {
		switch {
		case w.After == nil:
			c.fail("after a loss of state %s/%s is deleted", w.Folder, w.Key)
		case w.Before == nil && (w.After.Marker == nil || !held[w.After.Marker.Original]):
			c.fail("after a loss of state %s/%s is added", w.Folder, w.Key)
		}
	}
	c.noDuplicates("after a loss of state", lost)
}

// equivalent reports whether relationships make their folders hold the same.
func equivalent(rels []*decide.Relationship) bool {
	ends := map[[2]string]bool{}
	for _, r := range rels {
		p := r.Policies
		if p.SourceEdit != schema.SourceEditPropagate || p.SourceDelete != schema.SourceDeletePropagate || p.DestinationEdit != schema.DestinationEditPropagate ||
			p.DestinationDelete != schema.DestinationDeletePropagate || p.Conflict == schema.ConflictManual {
			return false
		}
		ends[[2]string{r.Source, r.Destination}] = true
	}
	for e := range ends {
		if !ends[[2]string{e[1], e[0]}] {
			return false
		}
	}
	return true
}

// equal: all folders hold the same content.
func (c *check) equal() {
	var first, name string
	for folder, items := range c.after.folders {
		var texts []string
		for _, it := range items {
			texts = append(texts, fmt.Sprintf("%q", fieldsOf(it.Content)))
		}
		slices.Sort(texts)
		switch all := strings.Join(texts, " "); {
		case name == "":
			first, name = all, folder
		case all != first:
			c.fail("%s holds %s, %s holds %s", name, first, folder, all)
		}
	}
}
