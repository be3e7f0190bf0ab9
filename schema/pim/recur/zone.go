package recur

import (
	"time"

	"github.com/accord-sync/accord/schema/pim/rule"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// limit is an UNTIL as local time.
type limit struct {
	wall   int64     // the last local time
	at     time.Time // the last instant, where UNTIL says an instant
	zone   *time.Location
	bounds bool
}

// limit reads UNTIL: as an instant when it says one and the start does, else by the date and clock alone. A date
// lasts until its end.
func (s *Set) limit(r *rule.Rule) limit {
	until := r.Until()
	if until.Wall.IsZero() {
		return limit{}
	}
	l := limit{wall: until.Wall.Unix(), bounds: true}
	switch {
	case until.Date || s.start.Date:
		l.wall = midnight(until.Wall).Unix() + daySeconds - 1
	case until.UTC && s.start.Zone != nil:
		l.at, l.zone = until.Wall, s.start.Zone.Location()
		l.wall = localWall(l.at, l.zone)
	}
	return l
}

// past reports whether a local time is past the limit.
func (l limit) past(wall int64) bool {
	const unclear = 4 * 3600 // around a change of clocks, local times are not in the order of instants
	if !l.bounds || wall < l.wall-unclear {
		return false
	}
	if l.zone == nil || wall > l.wall+unclear {
		return wall > l.wall
	}
	return tz.Instant(wallTime(wall), l.zone).After(l.at)
}

const daySeconds = 24 * 60 * 60

// midnight is the begin of a day, of a local time that is written as if in UTC.
func midnight(wall time.Time) time.Time { return wall.Truncate(daySeconds * time.Second) }

func wallTime(wall int64) time.Time { return time.Unix(wall, 0).UTC() }

// localWall is the local time of an instant.
func localWall(at time.Time, location *time.Location) int64 {
	_, offset := at.In(location).Zone()
	return at.Unix() + int64(offset)
}
