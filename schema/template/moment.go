package template

import (
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// inZone is a time that an expression gives as an instant, in the zone of the item that it was made from: a series keeps its hour when clocks change.
func inZone(it *pim.Item, field string, v any) any {
	text, ok := v.(string)
	zone, _ := it.Attribute("zone", nil).(string)
	if !ok || zone == "" || zone == "UTC" || !slices.Contains([]string{"start", "end", "due"}, field) {
		return v
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return v
	}
	known, ok := tz.Find(zone)
	if !ok {
		return v
	}
	return at.In(known.Location()).Format("2006-01-02T15:04:05") + "[" + zone + "]"
}

// movesExceptions reports whether a series whose exceptions are known by their original times starts at another one now.
func movesExceptions(original, made *pim.Item) bool {
	was := original.Fields()
	if made.Fields()["start"].Equal(was["start"]) {
		return false
	}
	rules, _ := was["recurrence"].Plain().(string)
	for field := range was {
		if pim.IsOverride(field) {
			return true
		}
	}
	return strings.Contains(rules, "EXDATE") || strings.Contains(rules, "RDATE")
}
