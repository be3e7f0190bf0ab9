package markdown

import (
	"fmt"
	"iter"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// entry is a relationship of which there is something to say, or what several of a block have in common.
type entry struct {
	plan.Relationship // of a block, its address alone
	review.Tally
	block *review.Block // nil: it is a relationship
}

// enter finds what there is to say something of, and counts its operations.
func (p *page) enter() error {
	for _, b := range review.Blocks(p.doc) {
		if b.Together() {
			p.entries = append(p.entries, entry{Relationship: plan.Relationship{Address: b.Address, Status: plan.OK}, Tally: b.Tally(), block: b})
		}
		for _, r := range b.Relationships {
			if review.Quiet(r) {
				p.quiet++
				continue
			}
			r, err := b.Left(r)
			if err != nil {
				return err
			}
			if review.Quiet(r) {
				continue
			}
			tally, err := review.Count(r)
			if err != nil {
				return err
			}
			p.entries = append(p.entries, entry{Relationship: r, Tally: tally})
		}
	}
	return nil
}

// ends are the folders of a relationship, or how many a block is for.
func (e entry) ends() string {
	if e.block != nil {
		return words.Instances(e.Address, len(e.block.Relationships))
	}
	return text(words.Sentence(e.Source)) + " → " + text(words.Sentence(e.Destination))
}

func (e entry) heading() string {
	return "\n#### " + text(words.Sentence(e.Address)) + "\n\n" + e.ends() + "\n\n"
}

// held are the lists' rows of what waits for a person.
func (e entry) held() []string {
	if e.block == nil {
		if review.NeedsPerson(e.Relationship) {
			return []string{heldRow(words.Sentence(e.Address), e.Relationship)}
		}
		return nil
	}
	var rows []string
	for _, h := range e.block.Held {
		if review.NeedsPerson(h.First) {
			rows = append(rows, heldRow(words.Sentence(e.Address)+", "+words.Held(e.Address, h.First, h.N, h.Alike), h.First))
		}
	}
	return rows
}

// deletes are the rows of what goes.
func (e entry) deletes() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if e.block != nil {
			if s := e.block.Leave(); s != nil && !yield(leaveRow(e.block, *s), nil) {
				return
			}
			for _, c := range e.block.Changes {
				if c.Action == plan.Delete && !yield(commonRow(e.block, c), nil) {
					return
				}
			}
			return
		}
		for op, err := range review.Operations(e.Relationship, review.Deletes) {
			row := ""
			if err == nil {
				row = deleteRow(e.Relationship, op)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// row is one that stands for so many operations.
type row struct {
	text   string
	stands int
}

// rest are the rows of the other changes.
func (e entry) rest() iter.Seq2[row, error] {
	if e.block == nil {
		return e.others()
	}
	return func(yield func(row, error) bool) {
		if s := e.block.Leave(); s != nil && s.Operations() > s.Delete && !yield(row{leaveRow(e.block, *s), s.Operations() - s.Delete}, nil) {
			return
		}
		if s := e.block.Join(); s != nil && !yield(row{joinRow(e.block, *s), s.Operations() - s.Delete}, nil) {
			return
		}
		for _, c := range e.block.Changes {
			if c.Action != plan.Delete && !yield(row{commonRow(e.block, c), c.Operations}, nil) {
				return
			}
		}
	}
}

// others are the other changes of a relationship. Edits that say the same are one.
func (e entry) others() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		alike := review.NewAlike()
		for op, err := range review.Operations(e.Relationship, review.Rest) {
			if err != nil {
				yield(row{}, err)
				return
			}
			alike.Look(op)
		}
		for op, err := range review.Operations(e.Relationship, review.Rest) {
			if err != nil {
				yield(row{}, err)
				return
			}
			stands, first := alike.Of(op)
			if stands > 0 && !first {
				continue
			}
			if !yield(row{changeRow(e.Relationship, op, stands), max(stands, 1)}, nil) {
				return
			}
		}
	}
}

// leaveRow and joinRow tell who leaves and who joins.
func leaveRow(b *review.Block, s plan.Share) string {
	return fmt.Sprintf("| delete | %s | %s |\n", words.Go(s), keys(b, plan.Leaves, s.People))
}

func joinRow(b *review.Block, s plan.Share) string {
	return fmt.Sprintf("| add | %s | %s |\n", words.Come(s), keys(b, plan.Joins, s.People))
}

// keys can be opened to those who come or go.
func keys(b *review.Block, who plan.Membership, of int) string {
	const most = 20
	var named []string
	for _, key := range b.Keys(who, most) {
		named = append(named, text(words.Title(key)))
	}
	return opened("who", named, of)
}

// opened is a list that a reader opens, of which some are shown.
func opened(summary string, list []string, of int) string {
	said := strings.Join(list, ", ")
	if more := of - len(list); more > 0 {
		said += fmt.Sprintf(" and %d more", more)
	}
	return "<details><summary>" + summary + "</summary>" + said + "</details>"
}

// commonRow is a change of several relationships.
func commonRow(b *review.Block, c plan.Change) string {
	what, values, in := words.Alike(c, len(b.Relationships))
	lines := []string{text(words.Reason(c.Reason))}
	if values != "" {
		lines = append(lines, text(values))
	}
	lines = append(lines, changes(in)...)
	if c.Side == plan.Source {
		what += " in the source"
	}
	var such []string
	for _, address := range c.Such {
		such = append(such, text(words.Sentence(address)))
	}
	return fmt.Sprintf("| %s | %s | %s%s |\n", text(words.Action(c.Action)), text(what), strings.Join(lines, "<br>"), opened("where", such, c.Relationships))
}
