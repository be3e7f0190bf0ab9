package ical

import (
	"fmt"
	"strconv"
	"strings"
)

// Duration is a DURATION (RFC 5545 section 3.3.6): days of the calendar and exact seconds, of the same sign.
type Duration struct{ Days, Seconds int }

// ParseDuration reads "-P1DT2H", "PT15M", "P2W".
func ParseDuration(s string) (Duration, error) {
	rest := strings.ToUpper(strings.TrimSpace(s))
	sign := 1
	switch {
	case strings.HasPrefix(rest, "-"):
		sign, rest = -1, rest[1:]
	case strings.HasPrefix(rest, "+"):
		rest = rest[1:]
	}
	rest, ok := strings.CutPrefix(rest, "P")
	if !ok || rest == "" {
		return Duration{}, fmt.Errorf("%q is not a duration like PT1H30M", s)
	}
	var d Duration
	clock := false
	for rest != "" {
		if rest[0] == 'T' && !clock {
			clock, rest = true, rest[1:]
			continue
		}
		i := 0
		for i < len(rest) && i < 9 && rest[i] >= '0' && rest[i] <= '9' {
			i++
		}
		if i == 0 || i == len(rest) {
			return Duration{}, fmt.Errorf("%q is not a duration like PT1H30M", s)
		}
		n, err := strconv.Atoi(rest[:i])
		if err != nil {
			return Duration{}, fmt.Errorf("%q is not a duration like PT1H30M", s)
		}
		switch unit := rest[i]; {
		case unit == 'W' && !clock:
			d.Days += 7 * n
		case unit == 'D' && !clock:
			d.Days += n
		case unit == 'H' && clock:
			d.Seconds += 3600 * n
		case unit == 'M' && clock:
			d.Seconds += 60 * n
		case unit == 'S' && clock:
			d.Seconds += n
		default:
			return Duration{}, fmt.Errorf("%q is not a duration like PT1H30M", s)
		}
		rest = rest[i+1:]
	}
	d.Days *= sign
	d.Seconds *= sign
	return d, nil
}

// String is the canonical form: PT0S, P1D, -PT15M, P1DT2H.
func (d Duration) String() string {
	if d == (Duration{}) {
		return "PT0S"
	}
	var b strings.Builder
	days, seconds := d.Days, d.Seconds
	if days < 0 || seconds < 0 {
		b.WriteByte('-')
		days, seconds = -days, -seconds
	}
	b.WriteByte('P')
	write := func(n int, unit byte) {
		if n != 0 {
			b.WriteString(strconv.Itoa(n))
			b.WriteByte(unit)
		}
	}
	write(days, 'D')
	if seconds != 0 {
		b.WriteByte('T')
		write(seconds/3600, 'H')
		write(seconds/60%60, 'M')
		write(seconds%60, 'S')
	}
	return b.String()
}
