package html

import (
	"iter"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// openedMost is how many of those that a row stands for are listed when it is opened.
const openedMost = 50

// together adds what several relationships of a block have in common, and those that are held in one way.
func (p *page) together(b *review.Block, taken map[string]bool) {
	s := &section{Tally: b.Tally(), ID: anchor(b.Address, taken), Address: words.Sentence(b.Address), Status: string(plan.OK), Class: statusClass(plan.OK),
		Instances: words.Instances(b.Address, len(b.Relationships)), page: p, block: b}
	for i, h := range b.Held {
		if i == 0 {
			s.Status, s.Class = words.Sentence(b.Standing()), statusClass(h.First.Status)
		}
		if review.NeedsPerson(h.First) {
			p.Held = append(p.Held, p.heldTogether(b, h))
			p.kept += h.N
		}
	}
	p.Table = append(p.Table, s)
}

// heldTogether are relationships of a block that are held in one way.
func (p *page) heldTogether(b *review.Block, h review.Held) held {
	all := p.held(h.First)
	all.Address, all.Whom = words.Sentence(b.Address), words.Held(b.Address, h.First, h.N, h.Alike)
	return all
}

// common are the rows of a block: who leaves and who joins, and what is the same change for many.
func (s *section) common() iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		such, err := s.block.Such(openedMost)
		if err != nil {
			s.page.failed = err
			return
		}
		c := chunk{First: true}
		if share := s.block.Leave(); share != nil {
			c.Rows = append(c.Rows, s.members(plan.Delete, plan.Leaves, words.Go(*share), share.People))
		}
		if share := s.block.Join(); share != nil {
			c.Rows = append(c.Rows, s.members(plan.Add, plan.Joins, words.Come(*share), share.People))
		}
		for _, change := range s.block.Changes {
			c.Rows = append(c.Rows, s.change(change, such))
		}
		if len(c.Rows) > 0 {
			yield(c)
		}
	}
}

// members is the row of those who join or leave.
func (s *section) members(action plan.Action, who plan.Membership, said string, of int) row {
	out := row{Class: string(action), Action: words.Action(action), Item: said, Open: &opened{}}
	for _, key := range s.block.Keys(who, openedMost) {
		out.Open.List = append(out.Open.List, words.Title(key))
	}
	out.Open.More = of - len(out.Open.List)
	return out
}

// change is the row of a change of many.
func (s *section) change(c plan.Change, such map[uint64][]review.One) row {
	op := c.Operation()
	out := row{Class: class(op), Action: words.Action(c.Action), Reason: words.Reason(c.Reason), Open: &opened{}}
	out.Item, _, _ = words.Alike(c, len(s.block.Relationships))
	if c.Side == plan.Source {
		out.Item += " in the source"
	}
	if c.Action != plan.Add && c.Action != plan.Delete {
		for _, field := range words.Fields(op) {
			out.Changes = append(out.Changes, changed(field, false))
		}
	}
	signature, _ := op.Signature()
	for _, one := range such[signature] {
		said := words.Sentence(one.Address) + ": " + words.Named(one.Operation)
		if when := words.When(one.Operation); when != "" {
			said += " (" + when + ")"
		}
		out.Open.List = append(out.Open.List, said)
	}
	out.Open.More = c.Operations - len(out.Open.List)
	return out
}
