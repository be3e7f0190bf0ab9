package words

import (
	"time"

	"github.com/accord-sync/accord/reconcile/plan"
)

// moment is a time of an item as plans write it: RFC 3339 in the item's zone, or a date.
type moment struct {
	at   time.Time
	date bool
}

func readMoment(s string) (m moment, ok bool) {
	if at, err := time.Parse(time.DateOnly, s); err == nil {
		return moment{at, true}, true
	}
	at, err := time.Parse(time.RFC3339, s)
	return moment{at: at}, err == nil
}

func (m moment) String() string {
	if m.date {
		return m.day()
	}
	return m.day() + " " + m.clock()
}

func (m moment) day() string { return m.at.Format("Mon 2 Jan 2006") }

func (m moment) clock() string {
	if m.at.Second() != 0 {
		return m.at.Format("15:04:05")
	}
	return m.at.Format("15:04")
}

// Moment says a time or date of a plan in words, in the offset that it carries: Tue 3 Jun 2026 10:00. Anything else is a text in quotes.
func Moment(s string) string {
	if m, ok := readMoment(s); ok {
		return m.String()
	}
	if at, err := time.Parse("--01-02", s); err == nil { // a birthday without a year
		return at.Format("2 January")
	}
	return Quote(s, valueLength)
}

// moments says a time before and after. A day that was just named is not repeated, and offsets are told where they alone differ. "": there is
// none, and an occurrence of a series that has no start does not take place.
func moments(f plan.Field, before, after string) (string, string) {
	b, ok := readMoment(before)
	a, alsoOK := readMoment(after)
	if ok && alsoOK && !b.date && !a.date && (b.at.Equal(a.at) || b.String() == a.String()) {
		const offset = " -07:00"
		return b.String() + b.at.Format(offset), a.String() + a.at.Format(offset)
	}
	day := ""
	if at, ok := readMoment(f.Occurrence); ok && !at.date {
		day = at.day()
	}
	say := func(m moment, ok bool, text string) string {
		switch {
		case text == "" && f.Occurrence != "" && f.Name == "start":
			return "does not take place"
		case text == "":
			return none
		case !ok || m.date:
			day = ""
			return Moment(text)
		case m.day() != day:
			day = m.day()
			return m.String()
		}
		return m.clock()
	}
	from := say(b, ok, before)
	return from, say(a, alsoOK, after)
}

// When tells an item from others of its title: its start, or when it is due, and how one that is added or deleted recurs. It is "" where the plan
// does not show that, and where the start is what changes.
func When(op plan.Operation) string {
	said := map[string]string{}
	for _, f := range op.Fields {
		side := f.After
		if op.Action == plan.Delete {
			side = f.Before
		}
		if text, ok := side.(string); ok && f.Occurrence == "" && text != hidden {
			said[f.Name] = text
		}
	}
	switch op.Action {
	case plan.Add, plan.Delete:
	default:
		if op.Start == "" || said["start"] != "" {
			return ""
		}
		return Moment(op.Start)
	}
	start, due, recurrence := "", "", ""
	if s := said["start"]; s != "" {
		start = Moment(s)
	} else if s := said["due"]; s != "" {
		due = "due " + Moment(s)
	}
	if s := said["recurrence"]; s != "" {
		recurrence = Cut(Recurrence(s, said["start"]), valueLength)
	}
	return List(start, due, recurrence)
}
