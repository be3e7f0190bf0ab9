package html

import (
	"iter"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// section is one relationship, or what several of a block have in common.
type section struct {
	review.Tally
	ID                          string // anchor
	Address, Source, To, Status string
	Class                       string // of its status
	Why                         string // it has its status, when nobody has to do anything about it
	Rest                        string // what it leaves as it is
	Instances                   string // how many a block is for

	page  *page
	of    plan.Relationship
	block *review.Block // nil: it is a relationship
}

// relationships counts what each relationship does, and finds those that wait for a person.
func (p *page) relationships() error {
	taken := map[string]bool{}
	for _, b := range review.Blocks(p.doc) {
		if b.Together() {
			p.together(b, taken)
		}
		for _, r := range b.Relationships {
			if review.Quiet(r) {
				p.Quiet++
				continue
			}
			r, err := b.Left(r)
			if err != nil {
				return err
			}
			if err := p.relationship(r, taken); err != nil {
				return err
			}
		}
	}
	return nil
}

// relationship counts what one relationship does, where there is something to say of it.
func (p *page) relationship(r plan.Relationship, taken map[string]bool) error {
	if review.Quiet(r) {
		return nil
	}
	if review.NeedsPerson(r) {
		p.Held = append(p.Held, p.held(r))
		p.kept++
	}
	tally, err := review.Count(r)
	if err != nil {
		return err
	}
	why := ""
	if !review.NeedsPerson(r) {
		why = words.Sentence(r.Reason)
	}
	p.waiting += tally.Waits
	p.Table = append(p.Table, &section{Why: why, Tally: tally, ID: anchor(r.Address, taken), Address: words.Sentence(r.Address), Source: words.Sentence(r.Source),
		To: words.Sentence(r.Destination), Status: words.Sentence(string(r.Status)), Class: statusClass(r.Status), Rest: words.Rest(r), page: p, of: r})
	return nil
}

// anchor is a place in the page: the address without what would have to be escaped in a link.
func anchor(address string, taken map[string]bool) string {
	plain := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' {
			return r
		}
		return '-'
	}, words.Cut(address, 200)), "-")
	id := plain
	for n := 2; taken[id] || id == ""; n++ {
		id = plain + "-" + strconv.Itoa(n)
	}
	taken[id] = true
	return "at-" + id
}

func statusClass(s plan.Status) string {
	switch s {
	case plan.OK:
		return "ok"
	case plan.Blocked, plan.Alert:
		return "bad"
	case plan.Unresolved:
		return "waits"
	}
	return "off"
}

func (p *page) held(r plan.Relationship) held {
	why, flag := review.Override(r.Reason)
	h := held{Address: words.Sentence(r.Address), Status: words.Sentence(string(r.Status)), Why: words.Sentence(why), Flag: words.Sentence(flag), Behind: words.Behind(r.Behind)}
	for _, op := range r.NotReviewed {
		h.NotReviewed = append(h.NotReviewed, newRow(r, op))
	}
	return h
}

// rowsAtOnce is how many rows a table has. A browser lays out only the tables that are in sight.
const rowsAtOnce = 100

// chunk is one table of rows.
type chunk struct {
	First bool
	Rows  []row
}

// Chunks are the changes of a relationship, deletes first.
func (s *section) Chunks() iter.Seq[chunk] {
	if s.block != nil {
		return s.common()
	}
	return s.page.chunks([]*section{s}, review.Deletes, review.Rest)
}

// HasWaiting reports whether items wait for a person.
func (p *page) HasWaiting() bool { return p.waiting > 0 }

// Waiting are the items that wait for a person, of all relationships.
func (p *page) Waiting() iter.Seq[chunk] { return p.chunks(p.Table, review.Waits) }

// chunks reads operations. It ends early when they cannot be read, and p.failed says why.
func (p *page) chunks(sections []*section, parts ...review.Part) iter.Seq[chunk] {
	return func(yield func(chunk) bool) {
		c := chunk{First: true}
		for _, s := range sections {
			for _, part := range parts {
				for op, err := range review.Operations(s.of, part) {
					if err != nil {
						p.failed = err
						return
					}
					c.Rows = append(c.Rows, newRow(s.of, op))
					if len(c.Rows) < rowsAtOnce {
						continue
					}
					if !yield(c) {
						return
					}
					c = chunk{Rows: c.Rows[:0]}
				}
			}
		}
		if len(c.Rows) > 0 {
			yield(c)
		}
	}
}
