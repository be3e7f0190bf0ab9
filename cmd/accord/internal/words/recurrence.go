package words

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Recurrence says a recurrence set as plans write it, the value of one RRULE or the content lines of several properties: "every Tuesday until
// 30 June 2026, but not on 3 and 10 March 2026". What has no plain words is said as it stands, in quotes. start is the start of the item, "" when
// it is not known: rules end in UTC, and its offset tells on which day that is.
func Recurrence(text, start string) string {
	var said, but []string
	for line := range strings.SplitSeq(text, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok || strings.Contains(name, "=") {
			name, value = "RRULE", line
		}
		value = zoneIDs.ReplaceAllString(value, "")
		switch name {
		case "RRULE":
			r, ok := rule(value, start)
			if !ok {
				return Quote(strings.ReplaceAll(text, "\n", " "), 2*valueLength)
			}
			said = append(said, r)
		case "RDATE":
			said = append(said, "also on "+dates(value))
		case "EXDATE":
			but = append(but, "but not on "+dates(value))
		default:
			return Quote(strings.ReplaceAll(text, "\n", " "), 2*valueLength)
		}
	}
	return strings.Join(append(said, but...), ", ")
}

// zoneIDs are zones behind times; those that are known by their rules hold commas.
var zoneIDs = regexp.MustCompile(`\[[^\]]*\]`)

// dates says a list of times as days: 3 and 10 March 2026, 7 April 2026. Where two are on one day, it says the times.
func dates(list string) string {
	const most = 6
	var (
		days   []string
		places = map[string]int{} // of each month in days
		seen   = map[string]bool{}
		more   int
		each   = strings.Split(list, ",")
	)
	for _, s := range each {
		if len(s) > len(time.DateOnly) {
			s = s[:len(time.DateOnly)]
		}
		if seen[s] {
			return clocks(each)
		}
		seen[s] = true
	}
	for i, s := range each {
		if i == most {
			more = len(each) - most
			break
		}
		at, err := time.Parse(time.DateOnly, s[:min(len(s), len(time.DateOnly))])
		if err != nil {
			return clocks(each)
		}
		month := at.Format("January 2006")
		n, ok := places[month]
		if !ok {
			n = len(days)
			places[month] = n
			days = append(days, "")
		}
		days[n] += at.Format(" 2")
	}
	texts := make([]string, len(days))
	for month, n := range places {
		texts[n] = and(strings.Fields(days[n])) + " " + month
	}
	if more > 0 {
		texts = append(texts, fmt.Sprintf("%d more days", more))
		return and(texts)
	}
	return strings.Join(texts, ", ")
}

// clocks says times one by one, as they stand but for the T.
func clocks(list []string) string {
	const most = 6
	var texts []string
	for i, s := range list {
		if i == most {
			texts = append(texts, fmt.Sprintf("%d more", len(list)-most))
			break
		}
		at, _, _ := strings.Cut(s, "[")
		texts = append(texts, Safe(Cut(strings.Replace(at, "T", " ", 1), len(time.RFC3339)*2)))
	}
	return and(texts)
}

// until says where a rule ends. In UTC, the day is that of the start's offset.
func until(value, start string) (string, bool) {
	const day = "2 January 2006"
	if at, err := time.Parse("20060102", value); err == nil {
		return at.Format(day), true
	}
	if at, err := time.Parse("20060102T150405", value); err == nil {
		return at.Format(day), true
	}
	at, err := time.Parse("20060102T150405Z", value)
	if err != nil {
		return "", false
	}
	if from, ok := readMoment(start); ok {
		return at.In(from.at.Location()).Format(day), true
	}
	return at.Format(day + ", 15:04 UTC"), true
}

// byWeek puts days in the order of the week.
func byWeek(days []weekday) []weekday {
	return slices.SortedFunc(slices.Values(days), func(a, b weekday) int {
		if a.day != b.day {
			return int(a.day) - int(b.day)
		}
		return place(a.nth) - place(b.nth)
	})
}

// place orders first before last.
func place(nth int) int {
	if nth < 0 {
		return 1000 + nth
	}
	return nth
}
