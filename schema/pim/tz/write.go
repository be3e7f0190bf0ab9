package tz

import "strings"

// Rules writes a VTIMEZONE of that TZID with the rules of a zone that is known by its rules alone, as content lines; nil for a zone of the IANA
// database, which Component writes. The rules are as they were read, and nothing else that its VTIMEZONE said is in it.
func Rules(tzid string, z *Zone) []string {
	all, ok := parseRules(z.id)
	if !ok {
		return nil
	}
	lines := []string{"BEGIN:VTIMEZONE", "TZID:" + tzid}
	for _, o := range all {
		kind := "STANDARD"
		if o.to > o.from {
			kind = "DAYLIGHT"
		}
		lines = append(lines, "BEGIN:"+kind, "DTSTART:"+o.start, "TZOFFSETFROM:"+formatOffset(o.from), "TZOFFSETTO:"+formatOffset(o.to))
		if o.rule != "" {
			lines = append(lines, "RRULE:"+o.rule)
		}
		for date := range strings.SplitSeq(o.dates, ",") {
			if date != "" {
				lines = append(lines, "RDATE:"+date)
			}
		}
		lines = append(lines, "END:"+kind)
	}
	return append(lines, "END:VTIMEZONE")
}
