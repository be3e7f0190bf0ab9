package view

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

const (
	blockShown = 50 // relationships of a block that are told one by one, beside those in which something is deleted or waits
	keysShown  = 20
)

// block tells in lines of its own what relationships of a block have in common, and then each with what is left of it. quiet is how many there are of which
// there is nothing to say.
func (t *text) block(b *review.Block) (quiet int, err error) {
	if b.Together() && !t.verbose {
		t.folded = true
		t.together(b)
	}
	shown, more := 0, plan.Share{}
	for _, r := range b.Relationships {
		if review.Quiet(r) && !t.verbose {
			quiet++
			continue
		}
		if !t.verbose {
			if r, err = b.Left(r); err != nil {
				return 0, err
			}
			if review.Quiet(r) {
				continue
			}
		}
		if shown >= blockShown && !t.verbose {
			tally, err := review.Count(r)
			if err != nil {
				return 0, err
			}
			if tally.Delete+tally.Waits == 0 && !review.NeedsPerson(r) {
				more.Count(tally.ByAction)
				continue
			}
		}
		shown++
		if err := t.relationship(r); err != nil {
			return 0, fmt.Errorf("%s: %w", r.Address, err)
		}
	}
	if more.People > 0 {
		t.folded = true
		t.put(wrap(fmt.Sprintf("%s: %s more: %s", t.paint(bold, words.Sentence(b.Address)), words.Instances(b.Address, more.People), words.Planned(more)), t.width, 2))
		t.put("")
	}
	return quiet, nil
}

// together tells what relationships of a block have in common: who leaves, what goes, who joins, what changes, and who is held.
func (t *text) together(b *review.Block) {
	t.put(wrap(fmt.Sprintf("%s: %s", t.paint(bold, words.Sentence(b.Address)), words.Instances(b.Address, len(b.Relationships))), t.width, 2))
	if s := b.Leave(); s != nil {
		t.line("  " + t.paint(red, words.Sign(plan.Delete)+" "+words.Go(*s)))
		t.keys(b.Keys(plan.Leaves, keysShown), s.People)
	}
	if s := b.Join(); s != nil {
		t.line("  " + t.paint(green, words.Sign(plan.Add)) + " " + words.Come(*s))
		t.keys(b.Keys(plan.Joins, keysShown), s.People)
	}
	for _, c := range b.Changes {
		t.common(c, len(b.Relationships))
	}
	for _, h := range b.Held {
		t.held(b, h)
	}
	if len(b.Changes) > 0 {
		t.line("  " + t.paint(faint, "To see one of them alone: accord plan "+words.Only(b.Changes[0].Such)))
	}
	t.put("")
}

// keys names those who come or go.
func (t *text) keys(keys []string, of int) {
	var named []string
	for _, key := range keys {
		named = append(named, words.Title(key))
	}
	said := strings.Join(named, ", ")
	if more := of - len(keys); more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	t.indented(said)
}

// common tells a change of several relationships.
func (t *text) common(c plan.Change, of int) {
	what, values, in := words.Alike(c, of)
	head := t.head(plan.Relationship{}, plan.Operation{Action: c.Action}, what)
	if c.Side == plan.Source {
		head += " in the source"
	}
	if values != "" {
		values += "; "
	}
	t.line(head + ": " + values + t.because(c.Reason))
	for _, change := range in {
		t.change(change)
	}
}

// held tells of relationships that are held in one way.
func (t *text) held(b *review.Block, h review.Held) {
	t.line("  " + t.paint(graveness(h.First.Status), words.Status(h.First.Status)) + ", " + words.Held(b.Address, h.First, h.N, h.Alike) + ": " +
		words.Sentence(cmp.Or(h.First.Reason, "nothing is done in it")))
	t.behind(h.First.Behind)
}

// behind tells the change behind what a guard holds.
func (t *text) behind(c *plan.Change) {
	if said := words.Behind(c); said != "" {
		t.indented(said)
	}
}
