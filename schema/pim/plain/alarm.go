package plain

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
)

func alarmLines(text string, object map[string]any) ([]string, error) {
	if object != nil {
		text = get(object, "before")
	}
	trigger := ""
	if d, err := parseBefore(text); err == nil {
		trigger = "TRIGGER:" + d.String()
	} else if t, timeErr := ical.ReadTime(text); timeErr == nil && !t.Date {
		trigger = "TRIGGER;VALUE=DATE-TIME:" + t.Instant(nil).UTC().Format("20060102T150405Z")
	} else {
		return nil, err
	}
	return []string{"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", trigger, "END:VALARM"}, nil
}

// parseBefore reads how long before the start an alarm is: "15m", "1h30m", "2d", "1w", a number of minutes, "-5m" for after it,
// or a TRIGGER as it stands ("-PT15M").
func parseBefore(text string) (ical.Duration, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "P") {
		return ical.ParseDuration(text)
	}
	if n, err := strconv.Atoi(text); err == nil {
		return ical.Duration{Seconds: -60 * n}, nil
	}
	sign := -1
	rest, after := strings.CutPrefix(text, "-")
	if after {
		sign = 1
	}
	var d ical.Duration
	for rest != "" {
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || i > 9 {
			return d, fmt.Errorf("%q is no time before the start like 15m, 1h30m or 2d", text)
		}
		n, _ := strconv.Atoi(rest[:i])
		switch n *= sign; rest[i] {
		case 'w':
			d.Days += 7 * n
		case 'd':
			d.Days += n
		case 'h':
			d.Seconds += 3600 * n
		case 'm':
			d.Seconds += 60 * n
		case 's':
			d.Seconds += n
		default:
			return d, fmt.Errorf("%q is no time before the start like 15m, 1h30m or 2d", text)
		}
		rest = rest[i+1:]
	}
	if text == "" || text == "-" {
		return d, fmt.Errorf("an alarm needs a time before the start, like 15m")
	}
	return d, nil
}

// AlarmText is the trigger of an alarm as parseBefore reads it.
func AlarmText(trigger string) string {
	d, err := ical.ParseDuration(trigger)
	if err != nil {
		if t, err := ical.ReadTime(trigger); err == nil {
			return t.RFC3339(nil)
		}
		return trigger
	}
	var b strings.Builder
	if d.Days > 0 || d.Seconds > 0 {
		b.WriteByte('-')
	} else {
		d.Days, d.Seconds = -d.Days, -d.Seconds
	}
	write := func(n int, unit string) {
		if n != 0 {
			b.WriteString(strconv.Itoa(n) + unit)
		}
	}
	write(d.Days, "d")
	write(d.Seconds/3600, "h")
	write(d.Seconds/60%60, "m")
	write(d.Seconds%60, "s")
	if b.Len() == 0 {
		return "0m"
	}
	return b.String()
}
