package recur

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/pim/ical"
)

var (
	frequencies = []string{"YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"}
	weekdays    = []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
)

// drawList draws some of the numbers from least to most, 0 excepted, as a list.
func drawList(least, most int) *rapid.Generator[string] {
	numbers := rapid.SliceOfNDistinct(rapid.IntRange(least, most).Filter(func(n int) bool { return n != 0 || least == 0 }), 1, 3, rapid.ID[int])
	return rapid.Map(numbers, func(list []int) string {
		return strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]")
	})
}

// drawRule draws a rule of the kinds that rrule-go is right about: without BYWEEKNO, numbers in BYDAY only where they have a meaning.
func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom(frequencies).Draw(t, "freq")
	rule := "FREQ=" + freq
	part := func(name string, values *rapid.Generator[string]) {
		if rapid.IntRange(0, 3).Draw(t, "with "+name) == 0 {
			rule += ";" + name + "=" + values.Draw(t, name)
		}
	}
	days := rapid.SampledFrom(weekdays)
	if freq == "MONTHLY" || freq == "YEARLY" {
		days = rapid.Map(rapid.SampledFrom([]string{"", "1", "2", "-1", "5"}), func(n string) string { return n + "TH" })
	}
	part("INTERVAL", rapid.Map(rapid.IntRange(1, 20), func(n int) string { return fmt.Sprint(n) }))
	part("BYMONTH", drawList(1, 12))
	part("BYMONTHDAY", drawList(-31, 31))
	part("BYDAY", days)
	part("BYHOUR", drawList(0, 23))
	part("BYMINUTE", drawList(0, 59))
	part("WKST", rapid.SampledFrom(weekdays))
	if freq == "YEARLY" {
		part("BYYEARDAY", drawList(-366, 366))
	}
	if strings.Contains(rule, "BY") {
		part("BYSETPOS", drawList(-3, 3))
	}
	return rule
}

// expand are the instances of a rule alone, up to an instant or most of them.
func expand(t *rapid.T, start time.Time, rule string, from, to time.Time, most int) (list []time.Time) {
	s, err := read(ical.Time{Wall: start}, "RRULE:"+ical.Rule(rule))
	if err != nil {
		t.Fatalf("%s: %v", rule, err)
	}
	for at, err := range s.From(from, nil) {
		if err != nil || at.Wall.After(to) || len(list) == most {
			break
		}
		list = append(list, at.Wall)
	}
	return list
}

// TestOracle: another library, written from other sources, finds the same instances, in the time after the start that it is fast enough for.
func TestOracle(t *testing.T) {
	ahead := map[string]int{"YEARLY": 4000 * 24, "MONTHLY": 1500 * 24, "WEEKLY": 700 * 24, "DAILY": 400 * 24, "HOURLY": 60 * 24, "MINUTELY": 40, "SECONDLY": 2} // hours
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 3*365*24*3600).Draw(t, "start")) * time.Second)
		freq, _, _ := strings.Cut(strings.TrimPrefix(rule, "FREQ="), ";")
		to := start.Add(time.Duration(ahead[freq]) * time.Hour)
		got := expand(t, start, rule, time.Time{}, to, 300)
		option, err := rrule.StrToROption(rule)
		if err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		option.Dtstart = start
		other, err := rrule.NewRRule(*option)
		if err != nil {
			t.Skip("it refuses " + rule)
		}
		var want []time.Time
		for next := other.Iterator(); len(want) < len(got); { // and no further: it may not come back
			at, more := next()
			if !more {
				break
			}
			want = append(want, at)
		}
		if !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Fatalf("%s from %s:\n%v, want\n%v", rule, start, got, want)
		}
	})
}

// TestFromAnywhere: from any instant on come the same instances as from the start on.
func TestFromAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := drawRule(t)
		if rapid.Bool().Draw(t, "counted") {
			rule += ";COUNT=200"
		}
		if strings.HasPrefix(rule, "FREQ=YEARLY") && !strings.Contains(rule, "YEARDAY") {
			rule += rapid.SampledFrom([]string{"", ";BYWEEKNO=1", ";BYWEEKNO=53,-53", ";SKIP=FORWARD", ";SKIP=BACKWARD"}).Draw(t, "more")
		}
		start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 3*365*24*3600).Draw(t, "start")) * time.Second)
		far := start.AddDate(60, 0, 0)
		all := expand(t, start, rule, time.Time{}, far, 200)
		if len(all) == 0 {
			t.Skip("it names nothing")
		}
		at := rapid.IntRange(0, len(all)-1).Draw(t, "at")
		from := all[at].Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "seconds")) * time.Second)
		want := slices.DeleteFunc(slices.Clone(all), func(w time.Time) bool { return w.Before(from) })
		if got := expand(t, start, rule, from, far, len(want)); !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Fatalf("%s from %s, at %s:\n%v, want\n%v", rule, start, from, got, want)
		}
	})
}
