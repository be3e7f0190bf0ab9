package words

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ruleParts is a recurrence rule (RFC 5545 section 3.3.10), as far as there are plain words for it.
type ruleParts struct {
	unit      string // day, week, month, year; hour, minute, second
	interval  int
	days      []weekday
	monthDays []int
	months    []int
	position  int // BYSETPOS; 0: none
	weekFrom  int // the day that a week begins with: WKST
	end       string
}

// weekday is a day of the week, 0 a Monday; nth is which of them, from the end when negative, 0: every one.
type weekday struct{ nth, day int }

var (
	dayCodes   = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
	dayNames   = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
	monthNames = []string{"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
)

// rule says one rule; false: there are no plain words for it.
func rule(text, start string) (string, bool) {
	r, ok := readRule(text, start)
	if !ok {
		return "", false
	}
	var said string
	switch r.unit {
	case "day", "week":
		said, ok = r.weekly()
	case "month":
		said, ok = r.monthly()
	case "year":
		said, ok = r.yearly()
	default:
		said, ok = r.every(), r.bare()
	}
	return said + r.end, ok
}

func readRule(text, start string) (r ruleParts, ok bool) {
	r.interval = 1
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch ok = true; name {
		case "FREQ":
			r.unit, ok = map[string]string{"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year", "HOURLY": "hour", "MINUTELY": "minute", "SECONDLY": "second"}[value]
		case "INTERVAL":
			r.interval, ok = number(value, 1, 1<<20)
		case "COUNT":
			var n int
			n, ok = number(value, 1, 1<<30)
			r.end = fmt.Sprintf(", %d times", n)
			if n == 1 {
				r.end = ", once"
			}
		case "UNTIL":
			r.end, ok = until(value, start)
			r.end = " until " + r.end
		case "BYDAY":
			r.days, ok = readDays(value)
		case "BYMONTHDAY":
			r.monthDays, ok = numbers(value, -31, 31)
		case "BYMONTH":
			r.months, ok = numbers(value, 1, 12)
		case "BYSETPOS":
			r.position, ok = number(value, -31, 31)
		case "WKST":
			r.weekFrom = slices.Index(dayCodes, value)
			ok = r.weekFrom >= 0
		default:
			ok = false
		}
		if !ok {
			return r, false
		}
	}
	return r, r.unit != ""
}

func number(s string, least, most int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= least && n <= most && (n != 0 || least == 0)
}

func numbers(s string, least, most int) ([]int, bool) {
	var list []int
	for item := range strings.SplitSeq(s, ",") {
		n, ok := number(item, least, most)
		if !ok {
			return nil, false
		}
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b int) int { return place(a) - place(b) })
	return list, true
}

func readDays(s string) ([]weekday, bool) {
	var list []weekday
	for item := range strings.SplitSeq(s, ",") {
		if len(item) < 2 {
			return nil, false
		}
		d := weekday{day: slices.Index(dayCodes, item[len(item)-2:])}
		nth, ok := strings.TrimPrefix(item[:len(item)-2], "+"), true
		if nth != "" {
			d.nth, ok = number(nth, -5, 5)
		}
		if d.day < 0 || !ok {
			return nil, false
		}
		list = append(list, d)
	}
	return byWeek(list), true
}

// every is how often, without on which days: every week, every 2 weeks.
func (r ruleParts) every() string {
	if r.interval == 1 {
		return "every " + r.unit
	}
	return fmt.Sprintf("every %d %ss", r.interval, r.unit)
}

// bare reports whether the rule names no days and months.
func (r ruleParts) bare() bool {
	return r.days == nil && r.monthDays == nil && r.months == nil && r.position == 0
}

// weekly says rules of days and weeks.
func (r ruleParts) weekly() (string, bool) {
	said := r.every()
	if len(r.days) > 0 {
		days, ok := r.dayList()
		switch {
		case !ok || r.unit == "day" && r.interval > 1:
			return "", false
		case r.interval > 1 && r.weekFrom > 0 && len(r.days) > 1: // which days are of one week depends on it
			said += " (" + dayNames[r.weekFrom] + " to " + dayNames[r.weekFrom-1] + ") on " + days
		case r.interval > 1:
			said += " on " + days
		case len(r.days) == 7:
			said = "every day"
		default:
			said = "every " + days
		}
	}
	return said + r.inMonths(), r.monthDays == nil && r.position == 0
}

// dayList names days of the week; false: some are the first or last ones of a longer time.
func (r ruleParts) dayList() (string, bool) {
	var names []string
	for _, d := range r.days {
		if d.nth != 0 {
			return "", false
		}
		names = append(names, dayNames[d.day])
	}
	if len(names) > 3 && len(names) < 7 && r.days[len(r.days)-1].day-r.days[0].day == len(names)-1 {
		return names[0] + " to " + names[len(names)-1], true
	}
	return and(names), true
}

// monthly says rules of months.
func (r ruleParts) monthly() (string, bool) {
	on, ok := r.within()
	if !ok {
		return "", false
	}
	if on == "" {
		return r.every() + r.inMonths(), true
	}
	return r.every() + " on " + on + r.inMonths(), true
}

// yearly says rules of years, whose days are days of a month.
func (r ruleParts) yearly() (string, bool) {
	on, ok := r.within()
	switch {
	case !ok || on != "" && r.months == nil || len(r.months) > 1 && r.position != 0:
		return "", false
	case on == "":
		return r.every() + r.inMonths(), true
	case len(r.months) == 1 && r.days == nil && r.monthDays[0] > 0 && r.monthDays[len(r.monthDays)-1] > 0:
		var days []string
		for _, n := range r.monthDays {
			days = append(days, strconv.Itoa(n))
		}
		return r.every() + " on " + and(days) + " " + monthNames[r.months[0]], true
	}
	return r.every() + " on " + on + " of " + r.monthList(), true
}

// within says which days of a month: the 1st and 15th, the last Friday, the first weekday; "" where the rule names none.
func (r ruleParts) within() (string, bool) {
	switch {
	case r.monthDays != nil && r.days != nil:
		return "", false
	case r.monthDays != nil:
		var days []string
		for _, n := range r.monthDays {
			switch {
			case n > 0:
				days = append(days, ordinal(n))
			case n == -1:
				days = append(days, "last day")
			default:
				days = append(days, ordinal(-n)+"-to-last day")
			}
		}
		return "the " + and(days), r.position == 0
	case r.days == nil:
		return "", r.position == 0
	case r.position != 0:
		group, ok := r.group()
		return "the " + rank(r.position) + " " + group, ok && r.position >= -5 && r.position <= 5
	}
	var days []string
	for i, d := range r.days {
		switch {
		case d.nth == 0 && r.months != nil:
			return "", false
		case d.nth == 0:
			days = append(days, "every "+dayNames[d.day])
		case i+1 < len(r.days) && r.days[i+1].day == d.day && r.days[i+1].nth != 0:
			days = append(days, rank(d.nth))
		default:
			days = append(days, rank(d.nth)+" "+dayNames[d.day])
		}
	}
	if r.days[0].nth == 0 {
		return and(days), !slices.ContainsFunc(r.days, func(d weekday) bool { return d.nth != 0 })
	}
	return "the " + and(days), !slices.ContainsFunc(r.days, func(d weekday) bool { return d.nth == 0 })
}

// group is what a set of days of the week is called, of which BYSETPOS picks one.
func (r ruleParts) group() (string, bool) {
	var set string
	for _, d := range r.days {
		if d.nth != 0 {
			return "", false
		}
		set += dayCodes[d.day]
	}
	switch set {
	case "MOTUWETHFR":
		return "weekday", true
	case "SASU":
		return "weekend day", true
	case "MOTUWETHFRSASU":
		return "day", true
	}
	return dayNames[r.days[0].day], len(r.days) == 1
}

func (r ruleParts) monthList() string {
	var names []string
	for _, n := range r.months {
		names = append(names, monthNames[n])
	}
	return and(names)
}

func (r ruleParts) inMonths() string {
	if r.months == nil {
		return ""
	}
	return " in " + r.monthList()
}

// rank is which of several: first, last, second-to-last.
func rank(n int) string {
	names := []string{"", "first", "second", "third", "fourth", "fifth"}
	switch {
	case n == -1:
		return "last"
	case n < 0 && -n < len(names):
		return names[-n] + "-to-last"
	case n >= 0 && n < len(names):
		return names[n]
	}
	return ordinal(n)
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
