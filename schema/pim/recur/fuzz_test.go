package recur

import (
	"errors"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// FuzzNew: a set is refused, or gives its instances in order, none before the start, and stops.
func FuzzNew(f *testing.F) {
	f.Add("2026-03-02T09:00:00[Europe/Paris]", "RRULE:FREQ=YEARLY;BYDAY=-1SU,20MO;BYMONTH=3;BYSETPOS=-1\nEXDATE:2026-03-09T09:00:00[Europe/Paris]", int64(0))
	f.Add("2026-03-02", "RRULE:FREQ=YEARLY;BYWEEKNO=53,-1;WKST=SU;INTERVAL=3\nEXRULE:FREQ=DAILY;COUNT=9\nRDATE:2026-03-02/P3D", int64(1)<<40)
	f.Add("0001-01-01T00:00:00Z", "RRULE:FREQ=SECONDLY;BYHOUR=3;BYMINUTE=7;UNTIL=99991231T235959Z;BYYEARDAY=-366", int64(-1)<<40)
	f.Add("2024-02-29", "RRULE:FREQ=MONTHLY;SKIP=FORWARD;RSCALE=GREGORIAN;BYMONTHDAY=31,1,-31;COUNT=2147483647", int64(1)<<33)
	f.Fuzz(func(t *testing.T, start, set string, from int64) {
		at, err := ical.ReadTime(start)
		if err != nil {
			return
		}
		s, err := New(at, set)
		if err != nil {
			return
		}
		n, last := 0, int64(-1<<62)
		for got, err := range s.From(time.Unix(from%(1<<40), 0), time.UTC) {
			if err != nil {
				if !errors.Is(err, ErrBudget) || !got.Wall.IsZero() {
					t.Fatalf("%s, %v", got, err)
				}
				break
			}
			if wall := got.Wall.Unix(); wall <= last {
				t.Fatalf("%s is not after %d", got, last)
			} else {
				last = wall
			}
			if n++; n == 20 {
				break
			}
		}
		s.Last(nil)
	})
}
