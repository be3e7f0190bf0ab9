package recur

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim/tz"
)

// walk merges what names instances, and leaves out what is excluded.
type walk struct {
	*Set
	lower, at     int64 // from where on instances are looked for: those named one by one, and those of rules, whose local times are in order
	sure          int64 // local times from here on are after the instant asked for
	steps         int
	dated         int // of dates, how many are past
	rules, except []head
}

// head is the next local time of a rule.
type head struct {
	*cursor
	wall int64
	done bool
	err  error // why it is done, unless the rule ends
}

func (s *Set) walk(after time.Time, location *time.Location) *walk {
	w := &walk{Set: s, lower: -1 << 62, at: -1 << 62, sure: -1 << 62, steps: budget}
	start := s.start.Wall.Unix()
	if !after.IsZero() {
		w.at = localWall(after, location)
		w.lower, w.sure = w.at-daySeconds, w.at+daySeconds
	}
	heads := func(rules []*rule) []head {
		list := make([]head, len(rules))
		for i, r := range rules {
			list[i] = head{cursor: r.cursor(start, w.at, r.limit(s.start), s.clock(), &w.steps), wall: math.MinInt64}
		}
		return list
	}
	w.rules, w.except = heads(s.rules), heads(s.except)
	for i := range w.rules {
		w.rules[i].synced = !s.alone
	}
	w.dated, _ = slices.BinarySearchFunc(s.dates, w.lower, func(p Period, wall int64) int { return cmp.Compare(p.Start.Wall.Unix(), wall) })
	return w
}

// reach moves a rule on to its first local time that is not before one.
func (h *head) reach(wall int64) {
	for !h.done && h.wall < wall {
		at, ok, err := h.find()
		h.wall, h.done, h.err = at, !ok, err
	}
}

// find is the next instance, as local time. What a rule could not tell is said when nothing else is left to be said.
func (w *walk) find() (int64, bool, error) {
	for {
		var (
			wall   int64
			failed error
			found  = w.dated < len(w.dates)
		)
		if found {
			wall = w.dates[w.dated].Start.Wall.Unix()
		}
		for i := range w.rules {
			h := &w.rules[i]
			if h.reach(max(w.lower, w.at)); h.err != nil {
				failed, w.steps = h.err, max(w.steps, 0)
			}
			if !h.done && (!found || h.wall < wall) {
				wall, found = h.wall, true
			}
		}
		if !found {
			return 0, false, failed
		}
		w.lower = wall + 1
		if w.dated < len(w.dates) && w.dates[w.dated].Start.Wall.Unix() == wall {
			w.dated++
		}
		excluded, err := w.excludes(wall)
		if err != nil {
			return 0, false, err
		}
		if !excluded {
			return wall, true, nil
		}
	}
}

// excludes reports whether a local time is an exception.
func (w *walk) excludes(wall int64) (bool, error) {
	if _, found := slices.BinarySearch(w.exdates, wall); found {
		return true, nil
	}
	if _, found := slices.BinarySearch(w.exdays, dayAt(wall)); found {
		return true, nil
	}
	for i := range w.except {
		h := &w.except[i]
		if h.reach(wall); h.err != nil {
			return false, h.err
		}
		if !h.done && h.wall == wall {
			return true, nil
		}
	}
	return false, nil
}

// clock is that of the series: of one that floats, every local time exists.
func (s *Set) clock() *tz.Clock {
	if s.start.Zone == nil {
		return tz.NewClock(nil)
	}
	return tz.NewClock(s.start.Zone.Location())
}
