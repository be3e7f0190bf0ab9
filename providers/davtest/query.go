package davtest

import (
	"encoding/xml"
	"net/http"
	"strings"
	"time"
)

// query answers calendar-query (RFC 4791 section 7.8: comp-filter and time-range) and addressbook-query (RFC 6352 section 8.6: whether there is a property, and text-match that contains).
func (x *exchange) query(asked []xml.Name) {
	space := nsCal
	if x.at.cards {
		space = nsCard
	}
	filter := x.root.child(space, "filter")
	if filter == nil || x.r.Header.Get("Depth") != "1" {
		http.Error(x.w, "a query has a filter and Depth 1", http.StatusBadRequest)
		return
	}
	wanted, wrong := cardFilter(filter), ""
	if !x.at.cards {
		wanted, wrong = calendarFilter(filter)
	}
	if wrong != "" {
		http.Error(x.w, wrong, http.StatusBadRequest)
		return
	}
	m := x.multistatus()
	x.each(x.at.collection, 0, func(it item) bool {
		if !it.gone && (wanted == nil || wanted(x.at.content(it))) {
			x.item(m, x.at.collection, it.name, asked, true)
		}
		return true
	})
	m.end("")
}

// calendarFilter is a calendar-query's filter; a nil function lets all through.
func calendarFilter(filter *node) (func(string) bool, string) {
	object := filter.child(nsCal, "comp-filter")
	if object == nil || object.attrs["name"] != "VCALENDAR" {
		return nil, "the comp-filter is not of VCALENDAR"
	}
	inner := object.child(nsCal, "comp-filter")
	if inner == nil {
		return nil, ""
	}
	component := inner.attrs["name"]
	between := inner.child(nsCal, "time-range")
	if between == nil {
		return func(text string) bool {
			return strings.Contains(text, "BEGIN:"+component+"\r\n") || strings.Contains(text, "BEGIN:"+component+"\n")
		}, ""
	}
	const form = "20060102T150405Z"
	start, end := time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, at := range map[string]*time.Time{"start": &start, "end": &end} {
		if text, ok := between.attrs[name]; ok {
			t, err := time.Parse(form, text)
			if err != nil {
				return nil, "a time-range is in UTC"
			}
			*at = t
		}
	}
	return func(text string) bool {
		return strings.Contains(text, "BEGIN:"+component) && overlaps(text, start, end)
	}, ""
}

// overlaps reports whether an item may lie between two times. A series does.
func overlaps(text string, start, end time.Time) bool {
	if lineValue(text, "RRULE") != "" || lineValue(text, "RDATE") != "" {
		return true
	}
	from := when(lineValue(text, "DTSTART"))
	to := when(lineValue(text, "DTEND"))
	if to.IsZero() {
		to = from
	}
	return from.IsZero() || from.Before(end) && (to.After(start) || to.Equal(from) && !from.Before(start))
}

// when reads a time; zones are not looked at.
func when(text string) time.Time {
	for _, form := range []string{"20060102T150405Z", "20060102T150405", "20060102"} {
		if t, err := time.Parse(form, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

// cardFilter is an addressbook-query's filter; a nil function lets all through.
func cardFilter(filter *node) func(string) bool {
	parts := filter.all(nsCard, "prop-filter")
	if len(parts) == 0 {
		return nil
	}
	all := filter.attrs["test"] == "allof"
	return func(text string) bool {
		for _, p := range parts {
			value := lineValue(text, p.attrs["name"])
			met := value != ""
			if p.child(nsCard, "is-not-defined") != nil {
				met = !met
			}
			if match := p.child(nsCard, "text-match"); match != nil {
				met = met && strings.Contains(strings.ToLower(value), strings.ToLower(match.value()))
			}
			if met != all {
				return met
			}
		}
		return all
	}
}
