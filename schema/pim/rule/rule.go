// Package rule reads one recurrence rule of RFC 5545 section 3.3.10 and walks through the local times that it names, from any of them on.
package rule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// frequency is how long a period of a rule is, from the longest to the shortest.
type frequency int

const (
	yearly frequency = iota
	monthly
	weekly
	daily
	hourly
	minutely
	secondly
)

var frequencies = []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}

// Rule is a RECUR value, of a series that begins at a certain local time. It is immutable and safe for concurrent use.
type Rule struct {
	start     time.Time
	freq      frequency
	interval  int
	count     int // 0: none
	until     Until
	weekStart time.Weekday

	seconds, minutes, hours []int
	weekdays                []nth
	onDays                  byte // the days of the week of weekdays, a bit each; all of them where the rule names none
	monthDays, yearDays     []int
	weeks, months           []int
	easter                  []int // days after Easter Sunday: BYEASTER, which other libraries have beside RFC 5545
	positions               []int
	skip                    skip
}

// Until is where a rule ends: Wall is a date and clock, written as if in UTC, and zero where the rule has no UNTIL.
type Until struct {
	Wall      time.Time
	Date, UTC bool // a date has no clock; a time in UTC is an instant
}

// Until is UNTIL.
func (r *Rule) Until() Until { return r.until }

// Count is COUNT; 0: the rule has none.
func (r *Rule) Count() int { return r.count }

// nth is a BYDAY: the n-th weekday of the month or year, the n-th last when n is negative, every one when it is 0.
type nth struct {
	n   int
	day time.Weekday
}

// skip is what becomes of a day that its month or year does not have (RFC 7529 section 4.1).
type skip int

const (
	omit skip = iota
	backward
	forward
)

var skips = []string{"OMIT", "BACKWARD", "FORWARD"}

var weekdays = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

// Parse reads a rule, in the upper case of its canonical form, of a series that begins at a local time, given as if in UTC; dates says that it is of
// whole days. What the rule does not say is taken from there. A part that is not known is an error: without it the rule would mean another series.
func Parse(text string, start time.Time, dates bool) (*Rule, error) {
	r := &Rule{start: start, freq: -1, interval: 1, weekStart: time.Monday}
	seen := map[string]bool{}
	if _, scale, ok := strings.Cut(";"+text, ";RSCALE="); ok && !strings.HasPrefix(scale+";", "GREGORIAN;") {
		return nil, errors.New("RSCALE is of another calendar than the Gregorian one, the only one that is known")
	}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		if part == "" || strings.HasPrefix(name, "X-") {
			continue
		}
		if seen[name] {
			return nil, fmt.Errorf("%s is there twice", name)
		}
		seen[name] = true
		if err := r.part(name, value); err != nil {
			return nil, fmt.Errorf("%s=%s: %w", name, value, err)
		}
	}
	switch {
	case r.freq < 0:
		return nil, errors.New("FREQ is missing")
	case dates && r.freq > daily:
		return nil, errors.New("a series of whole days cannot recur within a day")
	case dates:
		r.hours, r.minutes, r.seconds = []int{0}, []int{0}, []int{0}
	}
	r.complete(start)
	for _, d := range r.weekdays {
		r.onDays |= 1 << d.day
	}
	if r.weekdays == nil {
		r.onDays = 1<<7 - 1
	}
	return r, nil
}

func (r *Rule) part(name, value string) error {
	var err error
	switch name {
	case "FREQ":
		r.freq = frequency(slices.Index(frequencies, value))
		if r.freq < 0 {
			return errors.New("not a frequency")
		}
	case "INTERVAL":
		r.interval, err = number(value, 1, 1<<31)
	case "COUNT":
		r.count, err = number(value, 1, 1<<31)
	case "UNTIL":
		r.until, err = readUntil(value)
	case "WKST":
		at := slices.Index(weekdays, value)
		if at < 0 {
			return errors.New("not a day of the week")
		}
		r.weekStart = time.Weekday(at)
	case "BYSECOND":
		r.seconds, err = numbers(value, 0, 60)
		for i, second := range r.seconds { // a leap second is read as the one before, as in times
			r.seconds[i] = min(second, 59)
		}
	case "BYMINUTE":
		r.minutes, err = numbers(value, 0, 59)
	case "BYHOUR":
		r.hours, err = numbers(value, 0, 23)
	case "BYDAY", "BYWEEKDAY":
		r.weekdays, err = readWeekdays(value)
	case "BYMONTHDAY":
		r.monthDays, err = fromEitherEnd(value, 31)
	case "BYYEARDAY":
		r.yearDays, err = fromEitherEnd(value, 366)
	case "BYWEEKNO":
		r.weeks, err = fromEitherEnd(value, 53)
	case "BYMONTH":
		r.months, err = numbers(value, 1, 12)
	case "BYSETPOS":
		r.positions, err = fromEitherEnd(value, 1<<31)
	case "BYEASTER":
		r.easter, err = numbers(value, -366, 366)
	case "RSCALE":
	case "SKIP":
		r.skip = skip(slices.Index(skips, value))
		if r.skip < 0 {
			return errors.New("not one of OMIT, BACKWARD, FORWARD")
		}
	default:
		return errors.New("not a part of RFC 5545")
	}
	return err
}

func readUntil(value string) (Until, error) {
	if at, err := time.Parse("20060102", value); err == nil {
		return Until{Wall: at, Date: true}, nil
	}
	clock, utc := strings.CutSuffix(value, "Z")
	at, err := time.Parse("20060102T150405", clock)
	if err != nil {
		return Until{}, errors.New("not a date or time")
	}
	return Until{Wall: at, UTC: utc}, nil
}

func number(s string, least, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("not a number from %d to %d", least, most)
	}
	return n, nil
}

// numbers reads a list, which it sorts.
func numbers(value string, least, most int) ([]int, error) {
	var list []int
	for s := range strings.SplitSeq(value, ",") {
		n, err := number(s, least, most)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return slices.Compact(list), nil
}

// fromEitherEnd reads a list of numbers that count from the first or, when negative, from the last.
func fromEitherEnd(value string, most int) ([]int, error) {
	list, err := numbers(value, -most, most)
	if err == nil && slices.Contains(list, 0) {
		err = fmt.Errorf("not a number from 1 to %d or from -%d to -1", most, most)
	}
	return list, err
}

func readWeekdays(value string) ([]nth, error) {
	var list []nth
	for s := range strings.SplitSeq(value, ",") {
		if len(s) < 2 {
			return nil, errors.New("not a list of days like MO or -1FR")
		}
		at := slices.Index(weekdays, s[len(s)-2:])
		if at < 0 {
			return nil, errors.New("not a list of days like MO or -1FR")
		}
		day := nth{day: time.Weekday(at)}
		if count := s[:len(s)-2]; count != "" {
			n, err := number(count, -53, 53)
			if err != nil || n == 0 {
				return nil, errors.New("not a list of days like MO or -1FR")
			}
			day.n = n
		}
		list = append(list, day)
	}
	return list, nil
}

// complete takes from the start what the rule does not say: the day, where it names none, and the time of day (RFC 5545 section 3.3.10).
func (r *Rule) complete(start time.Time) {
	own := func(list *[]int, n int) {
		if *list == nil {
			*list = []int{n}
		}
	}
	switch days := r.monthDays != nil || r.yearDays != nil || r.weekdays != nil || r.easter != nil; {
	case r.freq == yearly && !days && r.weeks != nil, r.freq == weekly && !days && r.weeks == nil:
		r.weekdays = []nth{{day: start.Weekday()}}
	case days || r.weeks != nil:
	case r.freq == yearly:
		own(&r.months, int(start.Month()))
		r.monthDays = []int{start.Day()}
	case r.freq == monthly:
		r.monthDays = []int{start.Day()}
	}
	if r.freq < hourly {
		own(&r.hours, start.Hour())
	}
	if r.freq < minutely {
		own(&r.minutes, start.Minute())
	}
	if r.freq < secondly {
		own(&r.seconds, start.Second())
	}
}
