package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim"
)

// words are some that SQL and calendars have characters of their own in.
func (p *practice) words(of string) string {
	texts := []string{"", "O'Brien; costs, and \\ more", "Říha v Ødegård ⚖", "line one\nline two", `"quoted" -- :key /* no comment */`, "100 % $1 ? @x", "[Draft] `a`", of}
	text := texts[p.random.IntN(len(texts))]
	if text == "" && p.random.IntN(2) == 0 {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(text, " ", p.random.IntN(1000)))
}

// hour is some time of the years in which the clocks change four times, and how many minutes it takes. It is none of an hour that there is twice: without a zone,
// the table cannot tell which.
func (p *practice) hour() (start time.Time, minutes int) {
	for {
		start = time.Date(2027, 1, 1, 9, 0, 0, 0, p.london).Add(time.Duration(p.random.IntN(2*365*24*4)) * 15 * time.Minute)
		minutes = 15 * (1 + p.random.IntN(8))
		if p.once(start) && p.once(start.Add(time.Duration(minutes)*time.Minute)) {
			return start, minutes
		}
	}
}

func (p *practice) once(at time.Time) bool {
	return p.local(at) != p.local(at.Add(-time.Hour)) && p.local(at) != p.local(at.Add(time.Hour))
}

// local is a time as the table has it.
func (p *practice) local(at time.Time) string { return at.In(p.london).Format(time.DateTime) }

// somewhere is a time as calendars write it: in London or in UTC.
func (p *practice) somewhere(at time.Time) string {
	if p.random.IntN(2) == 0 {
		return at.UTC().Format(time.RFC3339)
	}
	return at.In(p.london).Format("2006-01-02T15:04:05") + "[Europe/London]"
}

func (p *practice) exec(text string, args ...any) {
	p.Helper()
	result, err := p.db.ExecContext(p.Context(), text, args...)
	if err != nil {
		p.Fatalf("%s: %v", text, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		p.Fatalf("%s %q: %d rows, %v", text, args, n, err)
	}
}

func (p *practice) write(name string, it *pim.Item, said map[string]any) {
	p.Helper()
	fields := pim.Fields{}
	for name, v := range said {
		var err error
		if fields[name], err = pim.FieldValue(pim.Calendar, name, v); err != nil {
			p.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(p.calendar, name), it.WithFields(fields).Bytes(), 0o666); err != nil {
		p.Fatal(err)
	}
}

// files gives every event of the calendar.
func (p *practice) files(each func(name string, it *pim.Item)) {
	p.Helper()
	entries, err := os.ReadDir(p.calendar)
	if err != nil {
		p.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(p.calendar, e.Name()))
		if err != nil {
			p.Fatal(err)
		}
		it, err := pim.Parse(pim.Calendar, text)
		if err != nil {
			p.Fatal(err)
		}
		each(e.Name(), it)
	}
}

func (p *practice) find(room string) (file string, found *pim.Item) {
	p.Helper()
	p.files(func(name string, it *pim.Item) {
		if it.Attribute("location", nil) == room {
			file, found = name, it
		}
	})
	if found == nil {
		p.Fatalf("the calendar holds nothing in %s", room)
	}
	return file, found
}

// events is what the calendar holds, by room.
func (p *practice) events() map[string][]appointment {
	held := map[string][]appointment{}
	p.files(func(_ string, it *pim.Item) {
		said := it.Attributes(p.london)
		a := appointment{matter: said["description"].(string), note: said["summary"].(string), minutes: int(said["minutes"].(float64))}
		var err error
		if a.start, err = time.Parse(time.RFC3339, said["start"].(string)); err != nil {
			p.Fatal(err)
		}
		room := said["location"].(string)
		held[room] = append(held[room], a)
	})
	return held
}

// table is what the case system holds.
func (p *practice) table() map[string][]appointment {
	rows, err := p.db.QueryContext(p.Context(), "select place, matter, note, cast(starts_at as text), cast(ends_at as text) from appointment")
	if err != nil {
		p.Fatal(err)
	}
	defer rows.Close()
	held := map[string][]appointment{}
	for rows.Next() {
		var room, start, end string
		var a appointment
		if err := rows.Scan(&room, &a.matter, &a.note, &start, &end); err != nil {
			p.Fatal(err)
		}
		a.start, err = time.ParseInLocation(time.DateTime, start, p.london)
		ends, wrong := time.ParseInLocation(time.DateTime, end, p.london)
		if err != nil || wrong != nil {
			p.Fatal(err, wrong)
		}
		a.minutes = int(ends.Sub(a.start).Minutes())
		held[room] = append(held[room], a)
	}
	if err := rows.Err(); err != nil {
		p.Fatal(err)
	}
	return held
}
