package recur

import (
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim/tz"
)

// end is the first local time after those that RFC 5545 can write: the year 10000.
var end = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).Unix()

// lengths are those of the periods that are always as long, in seconds.
var lengths = map[frequency]int64{weekly: 7 * daySeconds, daily: daySeconds, hourly: 3600, minutely: 60, secondly: 1}

// cursor walks through the local times that a rule names, in order. Local times are seconds since 1970-01-01T00:00:00 of the same clock.
type cursor struct {
	*rule
	start  int64
	until  limit
	zone   *tz.Clock
	steps  *int    // what is left of the budget
	clocks []int64 // times of day

	origin int64 // of weekly to secondly: the begin of the first period; of yearly and monthly: its number since year 0
	next   int64 // the number of the next period, from 0
	days   []day // of the period that is walked through now; of hourly to secondly its one day
	base   int64 // of hourly to secondly: its begin
	today  today
	at     []int64
	pos    int
	used   int
	last   int64
	synced bool // the start counts among COUNT whether the rule names it or not
}

// cursor begins at the period that a local time lies in, or at the first of all where COUNT has to be counted.
func (r *rule) cursor(start int64, from int64, until limit, zone *tz.Clock, steps *int) *cursor {
	c := &cursor{rule: r, start: start, until: until, zone: zone, steps: steps, last: -1 << 62}
	c.clocks = r.timesOfDay()
	first := dayAt(start)
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
		c.origin = floor(start, length) * length
	}
	if r.count == 0 && from > start {
		c.next = max(0, c.period(from)-1) // SKIP may move an instance into the next period
	}
	return c
}

// months counts them from year 0.
func months(d day) int64 {
	year, m, _ := d.time().Date()
	return int64(year)*12 + int64(m) - 1
}

// period is the number of the period that a local time lies in or after.
func (c *cursor) period(wall int64) int64 {
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
func (r *rule) timesOfDay() []int64 {
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

// find goes to the next local time that the rule names and that exists; false: there is none.
func (c *cursor) find() (wall int64, ok bool, err error) {
	for c.count == 0 || c.used < c.count {
		for c.pos < c.size() {
			wall = c.wall(c.pos)
			c.pos++
			if *c.steps--; *c.steps < 0 {
				return 0, false, ErrBudget
			}
			if wall < c.start || wall == c.last || !c.zone.Exists(wall) {
				continue
			}
			if c.until.before(wall) {
				return 0, false, nil
			}
			if wall >= end {
				return 0, false, ErrBudget
			}
			if c.synced && c.used == 0 && wall != c.start {
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

// size is how many local times the period has.
func (c *cursor) size() int {
	if c.positions != nil {
		return len(c.at)
	}
	return len(c.days) * len(c.clocks)
}

// wall is the i-th local time of the period.
func (c *cursor) wall(i int) int64 {
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
func (c *cursor) advance() (bool, error) {
	if *c.steps--; *c.steps < 0 {
		return false, ErrBudget
	}
	units := c.next * int64(c.interval)
	c.next++
	c.days, c.at, c.pos = c.days[:0], c.at[:0], 0
	var from, to day
	switch c.freq {
	case yearly:
		year := int(c.origin + units)
		year = min(year, 10000)
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
	case c.until.before(begin):
		return false, nil
	case begin >= end:
		return false, ErrBudget
	}
	c.days = c.daysIn(c.days, from, to)
	c.choose()
	return true, nil
}

// within is advance for a period of a day or less. One that has none of the days or hours that the rule names is left for the first that may.
func (c *cursor) within(begin int64) (bool, error) {
	switch {
	case c.until.before(begin):
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

func (c *cursor) look(d day) today {
	t, m := today{day: d, known: true}, monthOf(d)
	switch {
	case c.months != nil && !slices.Contains(c.months, int(m.month)):
		t.leave = int64(m.first+day(m.length)) * daySeconds
	case !c.names(&m, d):
		t.leave = int64(d+1) * daySeconds
	default:
		t.named = true
	}
	return t
}

// leave goes on with the first period that does not begin before a local time.
func (c *cursor) leave(wall int64) {
	length := lengths[c.freq] * int64(c.interval)
	c.next = max(c.next, -floor(c.origin-wall, length))
}

// choose finds what BYSETPOS names among the local times of the period.
func (c *cursor) choose() {
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
