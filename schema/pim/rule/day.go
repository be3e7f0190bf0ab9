package rule

import (
	"slices"
	"time"
)

// day counts days from 1970-01-01.
type day int

const daySeconds = 24 * 60 * 60

func dayOf(year int, month time.Month, date int) day {
	return day(time.Date(year, month, date, 0, 0, 0, 0, time.UTC).Unix() / daySeconds)
}

// dayAt is the day of a local time, given in seconds.
func dayAt(wall int64) day { return day(floor(wall, daySeconds)) }

func (d day) time() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

func (d day) weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) }

// floor divides towards the past.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// month is what the numbers of days are held against.
type month struct {
	year               int
	month              time.Month
	first, yearFirst   day
	length, yearLength int
}

func monthOf(d day) month {
	year, m, _ := d.time().Date()
	first, yearFirst := dayOf(year, m, 1), dayOf(year, time.January, 1)
	return month{
		year: year, month: m, first: first, length: int(dayOf(year, m+1, 1) - first),
		yearFirst: yearFirst, yearLength: int(dayOf(year+1, time.January, 1) - yearFirst),
	}
}

// daysIn appends those days of a period that the rule names, in order.
func (r *Rule) daysIn(list []day, from, to day) []day {
	for d := r.inMonths(from); d < to; {
		m := monthOf(d)
		next := m.first + day(m.length)
		if r.skip != omit && r.freq <= monthly {
			list = r.skipped(list, m)
		} else {
			for ; d < min(to, next); d++ {
				if r.onDays&(1<<d.weekday()) != 0 && r.names(&m, d) {
					list = append(list, d)
				}
			}
		}
		d = r.inMonths(next)
	}
	if r.skip != omit {
		slices.Sort(list)
		list = slices.Compact(list)
	}
	return list
}

// inMonths is the first day, from a day on, that is in a month that the rule names.
func (r *Rule) inMonths(d day) day {
	if r.months == nil {
		return d
	}
	year, m, _ := d.time().Date()
	for _, month := range r.months {
		switch {
		case month == int(m):
			return d
		case month > int(m):
			return dayOf(year, time.Month(month), 1)
		}
	}
	return dayOf(year+1, time.Month(r.months[0]), 1)
}

// names reports whether the rule names a day of a month.
func (r *Rule) names(m *month, d day) bool {
	date, yearDay := int(d-m.first)+1, int(d-m.yearFirst)+1
	switch {
	case r.monthDays != nil && !counted(r.monthDays, date, m.length),
		r.yearDays != nil && !counted(r.yearDays, yearDay, m.yearLength),
		r.weekdays != nil && !r.namesWeekday(m, d),
		r.weeks != nil && !r.namesWeek(d):
		return false
	case r.easter != nil:
		return slices.Contains(r.easter, int(d-easter(m.year)))
	}
	return true
}

// counted reports whether a list has the n-th of so many, counted from either end.
func counted(list []int, n, of int) bool {
	return slices.Contains(list, n) || slices.Contains(list, n-of-1)
}

func (r *Rule) namesWeekday(m *month, d day) bool {
	weekday := d.weekday()
	for _, w := range r.weekdays {
		if w.day != weekday {
			continue
		}
		n, of := int(d-m.first), m.length
		switch {
		case w.n == 0 || r.freq > monthly: // a number has no meaning there
			return true
		case r.weeks != nil:
			n, of = 0, 1
		case r.freq == yearly && r.months == nil:
			n, of = int(d-m.yearFirst), m.yearLength
		}
		if w.n == n/7+1 || w.n == -((of-1-n)/7+1) {
			return true
		}
	}
	return false
}

// namesWeek reports whether a day is in one of the weeks.
func (r *Rule) namesWeek(d day) bool {
	year := d.weekYear(r.weekStart)
	first := firstWeek(year, r.weekStart)
	return counted(r.weeks, int(d-first)/7+1, int(firstWeek(year+1, r.weekStart)-first)/7)
}

// weekYear is the year that the week of a day belongs to: that of four of its days at least.
func (d day) weekYear(weekStart time.Weekday) int {
	return (d - day((int(d.weekday())-int(weekStart)+7)%7) + 3).time().Year()
}

// firstWeek is the day on which week one begins: the first week that has at least four days in the year.
func firstWeek(year int, weekStart time.Weekday) day {
	fourth := dayOf(year, time.January, 4)
	return fourth - day((int(fourth.weekday())-int(weekStart)+7)%7)
}

// skipped appends the days of a month that the rule names, with other days for those that do not exist: of a month that is too short the first day
// after it or the last in it, and for days counted from its end the first in it or the last before it.
func (r *Rule) skipped(list []day, m month) []day {
	rest := *r // what names what is left of the days
	rest.monthDays, rest.yearDays = nil, nil
	take := func(numbers []int, first day, length int) {
		for _, n := range numbers {
			if n < 0 {
				n += length + 1
			}
			d := first + day(n) - 1
			switch {
			case n < 1 && r.skip == forward:
				d = first
			case n < 1:
				d = first - 1
			case n > length && r.skip == forward:
				d = first + day(length)
			case n > length:
				d = first + day(length) - 1
			}
			if at := monthOf(d); rest.names(&at, d) {
				list = append(list, d)
			}
		}
	}
	switch {
	case r.monthDays != nil:
		take(r.monthDays, m.first, m.length)
	case r.yearDays == nil:
		for d := m.first; d < m.first+day(m.length); d++ {
			if rest.names(&m, d) {
				list = append(list, d)
			}
		}
	case m.month == time.January: // once for the year
		take(r.yearDays, m.yearFirst, m.yearLength)
	}
	return list
}

// easter is Easter Sunday by the Gregorian computus.
func easter(year int) day {
	golden, century := year%19, year/100
	epact := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30
	full := epact - epact/28*(1-29/(epact+1)*((21-golden)/11))
	weekday := (year + year/4 + full + 2 - century + century/4) % 7
	return dayOf(year, time.March, 28+full-weekday)
}
