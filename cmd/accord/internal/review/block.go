package review

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

const (
	foldFrom = 50 // operations of those who join a block, or leave it, are told by person
	heldFrom = 5  // relationships of a block that are held in one way are told together
)

// Block is what a reviewer reads together: the instances of one block, or a relationship that stands alone.
type Block struct {
	Address       string
	Relationships []plan.Relationship
	People        *plan.People  // nil: it has no people
	Changes       []plan.Change // common to several of its relationships, deletes first
	Held          []Held        // told together

	common      map[uint64]bool
	joins, goes bool // told by person
	heldBy      map[heldKind]bool
	waits       bool // something in the plan waits for a person
}

// Held are relationships of a block that are held in one way: their reasons differ in addresses and numbers at the most.
type Held struct {
	First plan.Relationship
	N     int
	Alike bool // all have the reason of the first
}

// heldKind is a way of being held.
type heldKind struct {
	status plan.Status
	reason string
}

// Blocks parts a plan into what is read together, in order.
func Blocks(doc *plan.Document) []*Block {
	people := map[string]*plan.People{}
	for i := range doc.People {
		people[doc.People[i].Block] = &doc.People[i]
	}
	changes := map[string][]plan.Change{}
	for _, c := range doc.Changes {
		changes[c.Block] = append(changes[c.Block], c)
	}
	var all []*Block
	for from := 0; from < len(doc.Relationships); {
		address, key := plan.BlockOf(doc.Relationships[from].Address)
		to := from + 1
		for key != "" && to < len(doc.Relationships) {
			if block, key := plan.BlockOf(doc.Relationships[to].Address); block != address || key == "" {
				break
			}
			to++
		}
		b := &Block{Address: address, Relationships: doc.Relationships[from:to], common: map[uint64]bool{}, heldBy: map[heldKind]bool{},
			waits: doc.Summary.Conflict+doc.Summary.Ambiguous > 0}
		if key != "" {
			b.together(people[address], changes[address])
		}
		all = append(all, b)
		from = to
	}
	return all
}

// together finds what of a block is told in lines of its own.
func (b *Block) together(people *plan.People, changes []plan.Change) {
	b.People = people
	if people != nil {
		b.joins, b.goes = people.Join.Operations() >= foldFrom, people.Leave.Operations() >= foldFrom
	}
	for _, deletes := range []bool{true, false} {
		for _, c := range changes {
			signature, ok := c.Operation().Signature()
			if ok && (c.Action == plan.Delete) == deletes {
				b.Changes, b.common[signature] = append(b.Changes, c), true
			}
		}
	}
	at := map[heldKind]*Held{}
	var kinds []heldKind
	for _, r := range b.Relationships {
		if r.Status == plan.OK || len(r.NotReviewed) > 0 {
			continue
		}
		kind := heldAs(r)
		h := at[kind]
		if h == nil {
			h = &Held{First: r, Alike: true}
			at[kind] = h
			kinds = append(kinds, kind)
		}
		h.N++
		h.Alike = h.Alike && r.Reason == h.First.Reason
	}
	for _, kind := range kinds {
		if at[kind].N >= heldFrom {
			b.Held, b.heldBy[kind] = append(b.Held, *at[kind]), true
		}
	}
}

// Standing says how many of the block are held, by status.
func (b *Block) Standing() string {
	var statuses []plan.Status
	n := map[plan.Status]int{}
	for _, h := range b.Held {
		if n[h.First.Status] == 0 {
			statuses = append(statuses, h.First.Status)
		}
		n[h.First.Status] += h.N
	}
	var said []string
	for _, status := range statuses {
		said = append(said, fmt.Sprintf("%d %s", n[status], words.Status(status)))
	}
	return strings.Join(said, ", ")
}

// figures are numbers, of which each relationship has its own.
var figures = regexp.MustCompile(`[0-9]+`)

// heldAs is the way in which a relationship is held.
func heldAs(r plan.Relationship) heldKind {
	reason := r.Reason
	for _, address := range []string{r.Address, r.Source, r.Destination} {
		if block, key := plan.BlockOf(address); key != "" {
			reason = strings.ReplaceAll(reason, address, block)
		}
	}
	return heldKind{r.Status, figures.ReplaceAllString(reason, "#")}
}

// Together reports whether something of the block is told in lines of its own.
func (b *Block) Together() bool { return len(b.Changes)+len(b.Held) > 0 || b.joins || b.goes }

// Join and Leave are what those get or lose who are told by person; nil: nobody is.
func (b *Block) Join() *plan.Share {
	if !b.joins {
		return nil
	}
	return &b.People.Join
}

// Leave is what those lose who leave.
func (b *Block) Leave() *plan.Share {
	if !b.goes {
		return nil
	}
	return &b.People.Leave
}

// Tally counts the operations that lines of the block tell.
func (b *Block) Tally() Tally {
	var t Tally
	for _, s := range []*plan.Share{b.Join(), b.Leave()} {
		if s != nil {
			t.ByAction.Add += s.Add
			t.ByAction.Edit += s.Edit
			t.ByAction.Delete += s.Delete
			t.ByAction.CreateFolder += s.CreateFolder
			t.Other += s.Other
		}
	}
	for _, c := range b.Changes {
		t.ByAction.Count(c.Action, c.Operations)
	}
	s := t.ByAction
	t.Add, t.Edit, t.Delete = s.Add, s.Edit, s.Delete
	t.Other += s.Changes() - s.Add - s.Edit - s.Delete
	return t
}

// Keys are the keys of the first few that join or leave.
func (b *Block) Keys(who plan.Membership, most int) []string {
	var keys []string
	for _, r := range b.Relationships {
		if r.Membership == who && r.Status == plan.OK && len(keys) < most {
			_, key := plan.BlockOf(r.Address)
			keys = append(keys, key)
		}
	}
	return keys
}

// Told reports whether a line of the block tells an operation.
func (b *Block) Told(r plan.Relationship, op plan.Operation) bool {
	switch {
	case PartOf(op) == Waits:
		return false
	case r.Membership != "":
		return b.byPerson(r)
	case len(b.common) == 0:
		return false
	}
	signature, ok := op.Signature()
	return ok && b.common[signature]
}

func (b *Block) byPerson(r plan.Relationship) bool {
	return b.joins && r.Membership == plan.Joins || b.goes && r.Membership == plan.Leaves
}

// One is an operation of the relationship that has an address, with no more fields than say when its item is.
type One struct {
	Address string
	plan.Operation
}

// Such are the first operations of each change of the block, by its signature.
func (b *Block) Such(most int) (map[uint64][]One, error) {
	such, missing := map[uint64][]One{}, 0
	for _, c := range b.Changes {
		missing += min(most, c.Operations)
	}
	for _, r := range b.Relationships {
		if r.Membership != "" || missing == 0 {
			continue
		}
		for op, err := range r.Operations.All() {
			if err != nil {
				return nil, fmt.Errorf("read the operations of %s: %w", r.Address, err)
			}
			signature, ok := op.Signature()
			if !ok || !b.common[signature] || len(such[signature]) == most {
				continue
			}
			if one := plan.ChangeOf(b.Address, op).Operation(); op.Action == plan.Add || op.Action == plan.Delete {
				op = one
			} else {
				op.Fields = nil
			}
			such[signature] = append(such[signature], One{r.Address, op})
			missing--
		}
	}
	return such, nil
}

// Left is a relationship of the block with what no line of the block tells of it. It is read, and none of its operations is kept.
func (b *Block) Left(r plan.Relationship) (plan.Relationship, error) {
	if !b.Together() {
		return r, nil
	}
	left := r
	if r.Status != plan.OK && b.heldBy[heldAs(r)] && len(r.NotReviewed) == 0 {
		left.Status, left.Reason, left.Behind = plan.OK, "", nil
	}
	n := 0
	if !b.byPerson(r) || b.waits {
		for op, err := range r.Operations.All() {
			if err != nil {
				return left, fmt.Errorf("read the operations of %s: %w", r.Address, err)
			}
			if !b.Told(r, op) {
				n++
			}
		}
	}
	if n == r.Operations.Len() {
		return left, nil
	}
	left.Operations = plan.Stream(n, func(yield func(plan.Operation, error) bool) {
		if n == 0 {
			return
		}
		for op, err := range r.Operations.All() {
			if (err != nil || !b.Told(r, op)) && !yield(op, err) {
				return
			}
		}
	})
	return left, nil
}
