package reconcile

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
)

// NotFoundError says that nobody knows an item: not the folder, not those that relationships join with it, not the state, not the journal.
type NotFoundError struct {
	Folder, Item string
	Near         []string // titles, UIDs and refs that look like it
	Hidden       int      // items whose titles are not shown, and were not looked at
}

func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("no item has the UID, the ref or the title %q: not in %s, not in a folder that a relationship joins with it, and the journal knows of none.", e.Item, e.Folder)
	switch {
	case len(e.Near) > 0:
		quoted := make([]string, len(e.Near))
		for i, s := range e.Near {
			quoted[i] = fmt.Sprintf("%q", s)
		}
		text += " Did you mean " + strings.Join(quoted, " or ") + "?"
	case e.Hidden > 0:
		text += " Titles that are not public were not looked at: -titles=full looks at them too."
	default:
		text += " A part of a title will do, too."
	}
	return text
}

// SeveralError says that several items may be meant.
type SeveralError struct {
	Folder, Item string
	Candidates   []Candidate // the first of them
	Count        int
}

func (e *SeveralError) Error() string {
	return fmt.Sprintf("%d items may be meant by %q in %s: say which, by its UID or ref", e.Count, e.Item, e.Folder)
}

// Candidate is an item that may be meant.
type Candidate struct {
	Folder string `json:"folder"`
	UID    string `json:"uid"`
	Ref    string `json:"ref"`
	Title  string `json:"title"`
	Start  string `json:"start,omitempty"`
	Name   string `json:"name"` // what names it alone: its UID, or its ref

	at spot
}

// most is how many candidates and likenesses are kept.
const most = 20

// search looks for the item that a person means.
type search struct {
	*planning
	asked  string
	alike  []string
	hidden int
}

// find looks for the item by what names it alone, else by its title: in the folder that is asked about, and then in those that relationships join with it,
// where the item is that should be here. What is nowhere may be in the journal.
func (s *search) find(ctx context.Context) (*found, error) {
	hits, err := s.anywhere(s.byName)
	if err == nil && len(hits) == 0 {
		hits, err = s.anywhere(func(f *folder) ([]Candidate, error) { return s.byTitle(ctx, f) })
	}
	switch {
	case err != nil:
		return nil, err
	case len(hits) == 1:
		return &found{at: hits[0].at}, nil
	case len(hits) > 1:
		return nil, &SeveralError{Folder: s.planning.asked, Item: s.asked, Count: len(hits), Candidates: hits[:min(len(hits), most)]}
	}
	if last, err := s.remember(); last != nil || err != nil {
		return last, err
	}
	return nil, &NotFoundError{Folder: s.planning.asked, Item: s.asked, Near: s.alike, Hidden: s.hidden}
}

// anywhere looks in the folder that is asked about, else in those that relationships join with it. There, one original goes before its replicas.
func (s *search) anywhere(in func(*folder) ([]Candidate, error)) ([]Candidate, error) {
	hits, err := in(s.folders[s.planning.asked])
	if err != nil || len(hits) > 0 {
		return hits, err
	}
	for _, address := range s.neighbours() {
		more, err := in(s.folders[address])
		if err != nil {
			return nil, err
		}
		hits = append(hits, more...)
	}
	originals := slices.DeleteFunc(slices.Clone(hits), func(c Candidate) bool {
		_, replica := s.replicas.Get(c.at.name())
		return replica
	})
	if len(originals) == 1 {
		return originals, nil
	}
	return hits, nil
}

// byName looks for an item by key, UID or ref. What is there goes before what is gone.
func (s *search) byName(f *folder) ([]Candidate, error) {
	var there, lost []Candidate
	named := func(key, uid, ref string) bool {
		return s.asked == key || s.asked == uid || s.asked == ref || uid == "" && decide.RefKey+s.asked == key
	}
	if f.view == nil {
		if !f.recorded {
			return nil, nil
		}
		err := s.st.Items(f.record.Address, func(it state.Item) error {
			if named(it.Key, it.UID, it.Ref) {
				there = append(there, Candidate{Folder: f.address, UID: it.UID, Ref: it.Ref, at: spot{f.address, it.Key}})
			}
			return nil
		})
		return there, err
	}
	for key, en := range s.index[f.address].byKey.All() {
		if !named(key, en.uid, en.ref) {
			continue
		}
		c := Candidate{Folder: f.address, UID: en.uid, Ref: en.ref, at: spot{f.address, key}}
		if en.is(isGone) {
			lost = append(lost, c)
		} else {
			there = append(there, c)
		}
	}
	switch {
	case len(there) > 0:
		return withNames(there), nil
	case len(lost) > 0:
		return lost, nil
	}
	return s.byPair(f.address)
}

// byPair looks for an item that nothing but a pair still knows.
func (s *search) byPair(address string) ([]Candidate, error) {
	at := spot{address, s.asked}
	if _, known := s.replicas.Get(at.name()); known {
		return []Candidate{{Folder: address, at: at}}, nil
	}
	for _, r := range s.recordedFrom[address] {
		p, err := s.pair(state.PairKey{Relationship: r, Original: s.asked})
		if err != nil {
			return nil, err
		}
		if p != nil {
			return []Candidate{{Folder: address, at: at}}, nil
		}
	}
	return nil, nil
}

// byTitle reads the items of a folder, and looks for those of which the title is what was asked for; else, for those of which it is a part.
func (s *search) byTitle(ctx context.Context, f *folder) ([]Candidate, error) {
	if f.view == nil {
		return nil, nil
	}
	var whole, partly []Candidate
	asked := strings.ToLower(s.asked)
	look := func(key string, en entry, it *pim.Item) {
		if !s.shows(it) {
			s.hidden++
			return
		}
		title := strings.ToLower(it.Title())
		c := Candidate{Folder: f.address, UID: en.uid, Ref: en.ref, Title: it.Title(), Start: plainField(it, "start"), at: spot{f.address, key}}
		switch {
		case title == asked:
			whole = append(whole, c)
		case asked != "" && strings.Contains(title, asked):
			partly = append(partly, c)
		case len(s.alike) < 3:
			if near := diagnose.Nearest(s.asked, []string{it.Title(), en.uid, en.ref}); near != "" && !slices.Contains(s.alike, near) {
				s.alike = append(s.alike, near)
			}
		}
	}
	if err := s.eachBody(ctx, f, look); err != nil {
		return nil, err
	}
	if len(whole) > 0 {
		return withNames(whole), nil
	}
	return withNames(partly), nil
}

// eachBody reads the items of a folder that can be understood.
func (p *planning) eachBody(ctx context.Context, f *folder, look func(key string, en entry, it *pim.Item)) error {
	x := p.index[f.address]
	unread := map[string]string{} // ref → key
	read := func() error {
		got, err := p.e.fetchAll(ctx, f, sortedKeys(unread))
		for _, one := range got {
			if one.Err == nil {
				en, _ := x.byKey.Get(unread[one.Ref])
				look(unread[one.Ref], en, one.Item)
			}
		}
		clear(unread)
		return err
	}
	for key, en := range x.byKey.All() {
		if en.is(isGone|isUnseen) || en.unreadable != "" {
			continue
		}
		if it, known := x.bodies.Get(key); known {
			look(key, en, it)
			continue
		}
		if unread[en.ref] = key; len(unread) == p.e.limits.read {
			if err := read(); err != nil {
				return err
			}
		}
	}
	return read()
}

// withNames gives candidates what names each alone, and orders them.
func withNames(list []Candidate) []Candidate {
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Start, b.Start), cmp.Compare(a.Ref, b.Ref))
	})
	uids := map[string]int{}
	for _, c := range list {
		uids[c.UID]++
	}
	for i := range list {
		if list[i].Name = list[i].UID; list[i].UID == "" || uids[list[i].UID] > 1 || decide.RefKey+list[i].Ref == list[i].at.key {
			list[i].Name = list[i].Ref
		}
	}
	return list
}

// shows reports whether titles of items like this one are shown.
func (p *planning) shows(it *pim.Item) bool {
	return p.e.opts.Titles == TitlesFull || p.e.opts.Titles == TitlesPublic && !it.Private()
}

// plainField is a field that is one text, or "".
func plainField(it *pim.Item, name string) string {
	for _, c := range pim.Changes(nil, it.Fields()) {
		if text, ok := c.After.(string); ok && c.Field == name && c.Occurrence == "" {
			return text
		}
	}
	return ""
}
