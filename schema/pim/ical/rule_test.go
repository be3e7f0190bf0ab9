package ical

import "testing"

func TestKnownRule(t *testing.T) {
	for rule, want := range map[string]string{
		"FREQ=DAILY": "FREQ=DAILY",
		"freq=weekly;byday=tu,mo;wkst=su;interval=1":                     "FREQ=WEEKLY;BYDAY=MO,TU;WKST=SU",
		"COUNT=3;FREQ=MONTHLY;BYDAY=-1FR,+2MO":                           "FREQ=MONTHLY;COUNT=3;BYDAY=+2MO,-1FR",
		"FREQ=YEARLY;UNTIL=20271231T235959Z;BYMONTH=1,12":                "FREQ=YEARLY;UNTIL=20271231T235959Z;BYMONTH=1,12",
		"RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD": "FREQ=YEARLY;BYMONTHDAY=8;BYMONTH=5L;RSCALE=HEBREW;SKIP=FORWARD",
		"FREQ=DAILY;X-NOTE=SECRET;NOTE=SECRET":                           "FREQ=DAILY",
		"FREQ=SECRET":                                                    "",
		"FREQ=DAILY;BYDAY=SECRET":                                        "",
		"FREQ=DAILY;UNTIL=SECRET":                                        "",
		"FREQ=DAILY;COUNT=3,SECRET":                                      "",
		"RSCALE=SECRET;FREQ=YEARLY":                                      "",
		"COUNT=3":                                                        "",
		"":                                                               "",
	} {
		got, err := KnownRule(rule)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v; want %q", rule, got, err, want)
		}
	}
}
