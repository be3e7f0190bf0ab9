package recur

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim/rule"
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
	*rule.Cursor
	wall int64
	done bool
	err  error // why it is done, unless the rule ends
}

func (s *Set) walk(after time.Time, location *time.Location) *walk {
	w := &walk{Set: s, lower: -1 << 62, at: -1 << 62, sure: -1 << 62, steps: budget}
	if !after.IsZero() {
		w.at = localWall(after, location)
		w.lower, w.sure = w.at-daySeconds, w.at+daySeconds
	}
	heads := func(rules []*rule.Rule, startCounts bool) []head {
		list := make([]head, len(rules))
		for i, r := range rules {
			limit := s.limit(r)
			cursor := r.Begin(rule.Walk{From: w.at, Exists: s.clock().Exists, Past: limit.past, Steps: &w.steps, StartCounts: startCounts})
			list[i] = head{Cursor: cursor, wall: math.MinInt64}
		}
		return list
	}
	w.rules, w.except = heads(s.rules, !s.alone), heads(s.except, false)
	w.dated, _ = slices.BinarySearchFunc(s.dates, w.lower, func(p Period, wall int64) int { return cmp.Compare(p.Start.Wall.Unix(), wall) })
	return w
}

// reach moves a rule on to its first local time that is not before one.
func (h *head) reach(wall int64) {
	for !h.done && h.wall < wall {
		at, ok, err := h.Next()
		if h.wall, h.done, h.err = at, !ok, err; err != nil {
			*h.Steps = budget // for the other rules
		}
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
				failed = h.err
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
	if _, found := slices.BinarySearch(w.exdays, midnight(wallTime(wall)).Unix()); found {
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
