package reconcile

import (
	"container/list"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/recent"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/template"
)

// shared are the items that turn up with the same bytes again and again: the lessons of a timetable, for everyone who attends them. Each is one item, which is
// understood once, and of which a template makes its replicas' content once where that depends on nothing but the item. It keeps those that were asked for last.
type shared struct {
	mu     sync.Mutex
	seen   *recent.Filter
	byText map[pim.Kind]map[string]*list.Element
	byItem map[*pim.Item]*list.Element
	order  list.List // of *sharing, the one that was asked for last in front
}

// sharing is one such item, and what templates make of it.
type sharing struct {
	it   *pim.Item
	made map[making]*pim.Item
}

// making is what decides, beside an item, what a template makes of it.
type making struct {
	template *template.Template
	floating *time.Location
	extras   string
	grounded bool
}

// How much shared keeps: some items, and hashes of what turned up once.
const (
	mostShared = 8192
	mostSeen   = 1 << 16
)

func newShared() *shared {
	return &shared{seen: recent.New(mostSeen), byText: map[pim.Kind]map[string]*list.Element{}, byItem: map[*pim.Item]*list.Element{}}
}

// one is an item with the same bytes, which is it unless they turned up before. nil is nil.
func (s *shared) one(it *pim.Item) *pim.Item {
	if it == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.known(it.Kind(), it.Bytes()); known != nil {
		return known
	}
	if s.seen.Again(xxhash.Sum64(it.Bytes())) {
		s.keep(it)
	}
	return it
}

// find is the shared item with these bytes; nil: there is none.
func (s *shared) find(kind pim.Kind, text []byte) *pim.Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known(kind, text)
}

func (s *shared) known(kind pim.Kind, text []byte) *pim.Item {
	e := s.byText[kind][string(text)]
	if e == nil {
		return nil
	}
	s.order.MoveToFront(e)
	return e.Value.(*sharing).it
}

func (s *shared) keep(it *pim.Item) {
	if s.byText[it.Kind()] == nil {
		s.byText[it.Kind()] = map[string]*list.Element{}
	}
	e := s.order.PushFront(&sharing{it: it, made: map[making]*pim.Item{}})
	s.byText[it.Kind()][string(it.Bytes())], s.byItem[it] = e, e
	if s.order.Len() > mostShared {
		last := s.order.Remove(s.order.Back()).(*sharing).it
		delete(s.byText[last.Kind()], string(last.Bytes()))
		delete(s.byItem, last)
	}
}

// share has what a relationship's template makes of shared items made once, for all relationships alike.
func (s *shared) share(d *decide.Relationship, r *schema.Relationship, destination *folder) {
	if seesEdge(r.Template) {
		return
	}
	render, extras := d.Render, strings.Join(r.Extras(), " ")
	d.Render = func(o *pim.Item) (*pim.Item, error) {
		return s.make(o, making{r.Template, r.Source.Zone, extras, destination.caps.Zoned}, render)
	}
	if d.Rendered == nil {
		return
	}
	bare := func(o *pim.Item) (*pim.Item, error) { return r.Template.Render(o, r) }
	d.Rendered = func(o *pim.Item) []uint64 {
		content, err := s.make(o, making{r.Template, r.Source.Zone, extras, false}, bare)
		if err != nil {
			return nil // which is said when it is decided
		}
		return content.MatchKeys(r.Source.Zone)
	}
}

// make is what render makes of an item, once for all that share it.
func (s *shared) make(o *pim.Item, by making, render func(*pim.Item) (*pim.Item, error)) (*pim.Item, error) {
	s.mu.Lock()
	e := s.byItem[o]
	var made *pim.Item
	if e != nil {
		made = e.Value.(*sharing).made[by]
	}
	s.mu.Unlock()
	if made != nil {
		return made, nil
	}
	made, err := render(o)
	if err == nil && e != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		e.Value.(*sharing).made[by] = made
	}
	return made, err
}

// seesEdge reports whether what a template makes of an item depends on the relationship too.
func seesEdge(t *template.Template) bool {
	sees := false
	if t != nil {
		t.Walk(func(e *scope.Expression) {
			sees = sees || e.Each || e.Sees("source") || e.Sees("destination") || e.Sees("relationship")
		})
	}
	return sees
}
