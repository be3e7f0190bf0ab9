package rule

import (
	"errors"
	"math"
	"slices"
	"time"
)

// end is the first local time after those that RFC 5545 can write: the year 10000.
var end = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// lengths are those of the periods that are always as long, in seconds.
var lengths = map[frequency]int64{weekly: 7 * daySeconds, daily: daySeconds, hourly: 3600, minutely: 60, secondly: 1}

// ErrBudget ends a walk that finds no further local time in its steps, or none up to the year 9999: the rule fits no day, or goes on from where nobody
// looks.
var ErrBudget = errors.New("no further occurrence was found")

// Walk is how to walk. Local times are seconds since 1970-01-01T00:00:00 of the same clock.
type Walk struct {
	From        int64            // local times before it need not be walked through, unless they count
	Exists      func(int64) bool // the local times that do not exist are left out, and do not count; nil: all exist
	Past        func(int64) bool // what is past UNTIL; nil: nothing is
	Steps       *int             // how many local times and periods may be looked at; counted down
	StartCounts bool             // the start counts among COUNT whether the rule names it or not
}

// Cursor is a place in the walk through a rule.
type Cursor struct {
	*Rule
	Walk
	begin  int64   // the start of the series
	clocks []int64 // times of day

	origin int64 // of weekly to secondly: the begin of the first period; of yearly and monthly: its number since year 0
	next   int64 // the number of the next period, from 0
	days   []day // of the period that is walked through now; of hourly to secondly its one day
	base   int64 // of hourly to secondly: its begin
	today  today
	at     []int64 // what BYSETPOS chose
	pos    int
	used   int
	last   int64
}

// Begin is before the first local time of a walk, in the period that From lies in, or in the first of all where COUNT has to be counted.
func (r *Rule) Begin(w Walk) *Cursor {
	c := &Cursor{Rule: r, Walk: w, begin: r.start.Unix(), last: math.MinInt64}
	c.clocks = r.timesOfDay()
	first := dayAt(c.begin)
	switch length := lengths[r.freq]; r.freq {
	case yearly:
		c.origin = int64(first.time().Year())
		if r.weeks != nil {
			c.origin = int64(first.weekYear(r.weekStart))
		}
	case monthly:
		c.origin = months(first)
	case weekly:
		c.origin = int64(first-day((int(first.weekday())-int(r.weekStart)+7)%7)) * daySeconds
	default:
		c.origin = floor(c.begin, length) * length
	}
	if r.count == 0 && w.From > c.begin {
		c.next = max(0, c.period(w.From)-1) // SKIP may move an instance into the next period
	}
	return c
}

// months counts them from year 0.
func months(d day) int64 {
	year, m, _ := d.time().Date()
	return int64(year)*12 + int64(m) - 1
}

// period is the number of the period that a local time lies in or after.
func (c *Cursor) period(wall int64) int64 {
	var units int64
	switch c.freq {
	case yearly:
		units = int64(dayAt(wall).time().Year()) - c.origin
	case monthly:
		units = months(dayAt(wall)) - c.origin
	default:
		units = floor(wall-c.origin, lengths[c.freq])
	}
	return floor(units, int64(c.interval))
}

// timesOfDay are those that the rule names, of hourly to secondly those within a period, in seconds.
func (r *Rule) timesOfDay() []int64 {
	hours, minutes, seconds := r.hours, r.minutes, r.seconds
	if r.freq >= hourly {
		hours = []int{0}
	}
	if r.freq >= minutely {
		minutes = []int{0}
	}
	if r.freq >= secondly {
		seconds = []int{0}
	}
	list := make([]int64, 0, len(hours)*len(minutes)*len(seconds))
	for _, h := range hours {
		for _, m := range minutes {
			for _, s := range seconds {
				list = append(list, int64(h*3600+m*60+s))
			}
		}
	}
	return list
}

// Next goes to the next local time that the rule names and that exists; false: there is none.
func (c *Cursor) Next() (wall int64, ok bool, err error) {
	for c.count == 0 || c.used < c.count {
		for c.pos < c.size() {
			wall = c.wall(c.pos)
			c.pos++
			if *c.Steps--; *c.Steps < 0 {
				return 0, false, ErrBudget
			}
			if wall < c.begin || wall == c.last || c.Exists != nil && !c.Exists(wall) {
				continue
			}
			if c.past(wall) {
				return 0, false, nil
			}
			if wall >= end {
				return 0, false, ErrBudget
			}
			if c.StartCounts && c.used == 0 && wall != c.begin {
				if c.used++; c.count == 1 {
					return 0, false, nil
				}
			}
			c.used++
			c.last = wall
			return wall, true, nil
		}
		if more, err := c.advance(); !more || err != nil {
			return 0, false, err
		}
	}
	return 0, false, nil
}

// past reports whether a local time is past UNTIL.
func (c *Cursor) past(wall int64) bool { return c.Past != nil && c.Past(wall) }

// size is how many local times the period has.
func (c *Cursor) size() int {
	if c.positions != nil {
		return len(c.at)
	}
	return len(c.days) * len(c.clocks)
}

// wall is the i-th local time of the period.
func (c *Cursor) wall(i int) int64 {
	if c.positions != nil {
		i = int(c.at[i])
	}
	base := c.base
	if c.freq < hourly {
		base = int64(c.days[i/len(c.clocks)]) * daySeconds
	}
	return base + c.clocks[i%len(c.clocks)]
}

// advance goes to the next period that may have local times; false: UNTIL is past.
func (c *Cursor) advance() (bool, error) {
	if *c.Steps--; *c.Steps < 0 {
		return false, ErrBudget
	}
	units := c.next * int64(c.interval)
	c.next++
	c.days, c.at, c.pos = c.days[:0], c.at[:0], 0
	var from, to day
	switch c.freq {
	case yearly:
		year := int(min(c.origin+units, 10000))
		from, to = dayOf(year, 1, 1), dayOf(year+1, 1, 1)
		if c.weeks != nil {
			from, to = firstWeek(year, c.weekStart), firstWeek(year+1, c.weekStart)
		}
	case monthly:
		n := min(c.origin+units, 120000)
		from, to = dayOf(int(n/12), time.Month(n%12+1), 1), dayOf(int(n/12), time.Month(n%12+2), 1)
	case weekly:
		from = dayAt(min(c.origin+units*lengths[weekly], end))
		to = from + 7
	default:
		return c.within(c.origin + units*lengths[c.freq])
	}
	begin := int64(from) * daySeconds
	switch {
	case c.past(begin):
		return false, nil
	case begin >= end:
		return false, ErrBudget
	}
	c.days = c.daysIn(c.days, from, to)
	c.choose()
	return true, nil
}

// within is advance for a period of a day or less. One that has none of the days or hours that the rule names is left for the first that may.
func (c *Cursor) within(begin int64) (bool, error) {
	switch {
	case c.past(begin):
		return false, nil
	case begin >= end:
		return false, ErrBudget
	}
	d := dayAt(begin)
	second := int(begin - int64(d)*daySeconds)
	c.base = begin
	if c.today.day != d || !c.today.known {
		c.today = c.look(d)
	}
	switch {
	case !c.today.named:
		c.leave(c.today.leave)
	case c.freq >= hourly && c.hours != nil && !slices.Contains(c.hours, second/3600):
		c.leave(begin - begin%3600 + 3600)
	case c.freq >= minutely && c.minutes != nil && !slices.Contains(c.minutes, second/60%60):
		c.leave(begin - begin%60 + 60)
	case c.freq >= secondly && c.seconds != nil && !slices.Contains(c.seconds, second%60):
	default:
		c.days = append(c.days, d)
		c.choose()
	}
	return true, nil
}

// today is what the rule says of a day.
type today struct {
	day          day
	known, named bool
	leave        int64 // when it is not named: the first local time after it that may be
}

func (c *Cursor) look(d day) today {
	t, m := today{day: d, known: true}, monthOf(d)
	switch in := c.inMonths(d); {
	case in != d:
		t.leave = int64(in) * daySeconds
	case !c.names(&m, d):
		t.leave = int64(d+1) * daySeconds
	default:
		t.named = true
	}
	return t
}

// leave goes on with the first period that does not begin before a local time.
func (c *Cursor) leave(wall int64) {
	length := lengths[c.freq] * int64(c.interval)
	c.next = max(c.next, -floor(c.origin-wall, length))
}

// choose finds what BYSETPOS names among the local times of the period.
func (c *Cursor) choose() {
	if c.positions == nil {
		return
	}
	size := len(c.days) * len(c.clocks)
	for _, p := range c.positions {
		if p < 0 {
			p += size + 1
		}
		if p >= 1 && p <= size {
			c.at = append(c.at, int64(p-1))
		}
	}
	slices.Sort(c.at)
	c.at = slices.Compact(c.at)
}
