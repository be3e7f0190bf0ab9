package tz

import (
	"math"
	"time"
)

// Clock is what the clocks of a zone show. It answers as Instant does, and much faster for local times near each other: it keeps the stretch of
// local times of its last answer over which nothing changes. It is for one goroutine.
type Clock struct {
	location *time.Location
	from, to int64 // local times, in seconds as if in UTC, that all have the offset
	offset   int64
}

// NewClock is the clock of a zone; nil: UTC, in which there is every local time.
func NewClock(location *time.Location) *Clock {
	if location == nil || location == time.UTC {
		return &Clock{location: time.UTC, from: math.MinInt64, to: math.MaxInt64}
	}
	return &Clock{location: location}
}

// Instant is the instant that a local time is, as the function Instant has it.
func (c *Clock) Instant(wall time.Time) time.Time {
	seconds := wall.Unix()
	if seconds < c.from || seconds >= c.to {
		return c.look(seconds)
	}
	return time.Unix(seconds-c.offset, 0).In(c.location)
}

// Exists reports whether the clocks show a local time at all, given in seconds as if in UTC: one in the gap when they go forward does not exist.
func (c *Clock) Exists(wall int64) bool {
	if wall >= c.from && wall < c.to {
		return true
	}
	at := c.look(wall)
	_, offset := at.Zone()
	return at.Unix()+int64(offset) == wall
}

// look finds the instant of a local time, and the stretch that it lies in: but for a day at both ends, where local times may not be or be twice.
func (c *Clock) look(wall int64) time.Time {
	const day = 24 * 60 * 60
	at := Instant(time.Unix(wall, 0).UTC(), c.location)
	_, offset := at.Zone()
	c.offset, c.from, c.to = int64(offset), math.MinInt64, math.MaxInt64
	from, to := at.ZoneBounds()
	if !from.IsZero() {
		c.from = from.Unix() + c.offset + day
	}
	if !to.IsZero() {
		c.to = to.Unix() + c.offset - day
	}
	return at
}
