package tz

import (
	"strings"
	"testing"
	"time"
)

// TestEndOfDates: the zone of a time at the end of all dates is written, with the changes that there are until then.
func TestEndOfDates(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Sydney", "Africa/Casablanca", "Asia/Tokyo"} {
		zone, _ := Find(name)
		for year := 9989; year <= endOfDates; year++ {
			text := strings.Join(Component(name, zone, time.Date(year, 12, 31, 23, 59, 59, 0, time.UTC)), "\n")
			if !strings.Contains(text, "TZOFFSETTO:") || strings.Contains(text, "DTSTART:1000") {
				t.Fatalf("%s in %d:\n%s", name, year, text)
			}
		}
	}
}
