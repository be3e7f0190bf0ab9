package recur

import (
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// limit is an UNTIL as local time.
type limit struct {
	wall   int64     // the last local time
	at     time.Time // the last instant, where UNTIL says an instant
	zone   *time.Location
	bounds bool
}

// limit reads UNTIL for a series of that start: as an instant when it says one and the start does, else by the date and clock alone. A date
// lasts until its end.
func (r *rule) limit(start ical.Time) limit {
	if r.until.Wall.IsZero() {
		return limit{}
	}
	l := limit{wall: r.until.Wall.Unix(), bounds: true}
	switch {
	case r.until.Date || start.Date:
		l.wall = (floor(l.wall, daySeconds)+1)*daySeconds - 1
	case r.until.Zone != nil && start.Zone != nil:
		l.at, l.zone = r.until.Wall, start.Zone.Location()
		l.wall = localWall(l.at, l.zone)
	}
	return l
}

// before reports whether a local time is past the limit.
func (l limit) before(wall int64) bool {
	const unclear = 4 * 3600 // around a change of clocks, local times are not in the order of instants
	if !l.bounds || wall < l.wall-unclear {
		return false
	}
	if l.zone == nil || wall > l.wall+unclear {
		return wall > l.wall
	}
	return tz.Instant(wallTime(wall), l.zone).After(l.at)
}

func wallTime(wall int64) time.Time { return time.Unix(wall, 0).UTC() }

// localWall is the local time of an instant.
func localWall(at time.Time, location *time.Location) int64 {
	_, offset := at.In(location).Zone()
	return at.Unix() + int64(offset)
}
