package ical

import (
	"fmt"
	"regexp"
	"strings"
)

// ruleParts are the values that each part of a RECUR can have (RFC 5545 section 3.3.10, RFC 7529 section 4). No text of a person's is among them.
var ruleParts = map[string]*regexp.Regexp{
	"FREQ":     regexp.MustCompile(`^(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$`),
	"UNTIL":    regexp.MustCompile(`^\d{8}(T\d{6}Z?)?$`),
	"COUNT":    number,
	"INTERVAL": number,
	"BYSECOND": numbers, "BYMINUTE": numbers, "BYHOUR": numbers, "BYMONTHDAY": numbers, "BYYEARDAY": numbers, "BYWEEKNO": numbers, "BYSETPOS": numbers,
	"BYMONTH": regexp.MustCompile(`^\d+L?(,\d+L?)*$`),
	"BYDAY":   regexp.MustCompile(`^[+-]?\d*` + weekday + `(,[+-]?\d*` + weekday + `)*$`),
	"WKST":    regexp.MustCompile(`^` + weekday + `$`),
	"RSCALE":  regexp.MustCompile(`^(GREGORIAN|BUDDHIST|CHINESE|COPTIC|DANGI|ETHIOPIC|HEBREW|INDIAN|ISLAMIC|ISLAMIC-CIVIL|JAPANESE|PERSIAN|ROC)$`),
	"SKIP":    regexp.MustCompile(`^(OMIT|BACKWARD|FORWARD)$`),
}

const weekday = `(SU|MO|TU|WE|TH|FR|SA)`

var (
	number  = regexp.MustCompile(`^\d+$`)
	numbers = regexp.MustCompile(`^[+-]?\d+(,[+-]?\d+)*$`)
)

// KnownRule is a rule less the parts that nobody knows. The error is of a known part with a value that it cannot have, and of a rule without FREQ.
func KnownRule(s string) (string, error) {
	var kept []string
	for part := range strings.SplitSeq(Rule(s), ";") {
		name, v, _ := strings.Cut(part, "=")
		form := ruleParts[name]
		switch {
		case form == nil:
			continue
		case !form.MatchString(v):
			return "", fmt.Errorf("%s of a rule cannot be what it is", name)
		}
		kept = append(kept, part)
	}
	if len(kept) == 0 || !strings.HasPrefix(kept[0], "FREQ=") {
		return "", fmt.Errorf("a rule has no FREQ")
	}
	return strings.Join(kept, ";"), nil
}
