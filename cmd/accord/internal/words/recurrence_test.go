package words_test

import (
	"bufio"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
)

func TestRecurrence(t *testing.T) {
	for rule, want := range map[string]string{
		"FREQ=DAILY":                                    "every day",
		"FREQ=DAILY;INTERVAL=3;COUNT=1":                 "every 3 days, once",
		"FREQ=DAILY;BYDAY=FR,MO,TH,TU,WE":               "every Monday to Friday",
		"FREQ=DAILY;BYMONTH=1":                          "every day in January",
		"FREQ=WEEKLY":                                   "every week",
		"FREQ=WEEKLY;BYDAY=TU;UNTIL=20260630":           "every Tuesday until 30 June 2026",
		"FREQ=WEEKLY;COUNT=10;INTERVAL=2;BYDAY=WE,MO":   "every 2 weeks on Monday and Wednesday, 10 times",
		"FREQ=WEEKLY;BYDAY=FR,MO,SA,SU,TH,TU,WE":        "every day",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU":    "every 2 weeks (Sunday to Saturday) on Tuesday and Sunday",
		"FREQ=WEEKLY;INTERVAL=2":                        "every 2 weeks",
		"FREQ=MONTHLY":                                  "every month",
		"FREQ=MONTHLY;BYDAY=-1FR":                       "every month on the last Friday",
		"FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1":             "every month on the last Friday",
		"FREQ=MONTHLY;BYDAY=3MO,1MO":                    "every month on the first and third Monday",
		"FREQ=MONTHLY;BYDAY=-1FR,1MO":                   "every month on the first Monday and last Friday",
		"FREQ=MONTHLY;BYDAY=FR,MO,TH,TU,WE;BYSETPOS=1":  "every month on the first weekday",
		"FREQ=MONTHLY;BYMONTHDAY=15,1":                  "every month on the 1st and 15th",
		"FREQ=MONTHLY;BYMONTHDAY=-1,-2":                 "every month on the 2nd-to-last day and last day",
		"FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=22":         "every 3 months on the 22nd",
		"FREQ=MONTHLY;INTERVAL=2;BYDAY=TU":              "every 2 months on every Tuesday",
		"FREQ=YEARLY":                                   "every year",
		"FREQ=YEARLY;BYMONTHDAY=25;BYMONTH=12":          "every year on 25 December",
		"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3":              "every year on the last Sunday of March",
		"FREQ=YEARLY;BYMONTHDAY=1;BYMONTH=9,3":          "every year on the 1st of March and September",
		"FREQ=HOURLY;INTERVAL=4":                        "every 4 hours",
		"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13":           `"FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"`,
		"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO":              `"FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"`,
		"FREQ=DAILY;BYHOUR=9,10":                        `"FREQ=DAILY;BYHOUR=9,10"`,
		"FREQ=SOMETIMES":                                `"FREQ=SOMETIMES"`,
		"COUNT=3":                                       `"COUNT=3"`,
		"":                                              `""`,
		"FREQ=WEEKLY;UNTIL=20260630T220000Z":            "every week until 30 June 2026, 22:00 UTC",
		"RRULE:FREQ=WEEKLY;BYDAY=TU\nEXDATE:2026-03-03": "every Tuesday, but not on 3 March 2026",
		"RRULE:FREQ=DAILY\nEXDATE:2026-03-03T09:00:00[Europe/Paris],2026-03-10T09:00:00[Europe/Paris],2026-04-07T09:00:00Z": "every day, but not on 3 and 10 March 2026, 7 April 2026",
		"RRULE:FREQ=HOURLY\nEXDATE:2026-03-03T09:00:00Z,2026-03-03T11:00:00Z":                                               "every hour, but not on 2026-03-03 09:00:00Z and 2026-03-03 11:00:00Z",
		"RRULE:FREQ=DAILY\nRDATE:2026-03-03\nEXDATE:2027-01-01,2027-01-02,2027-01-03,2027-01-04,2027-01-05,2027-01-06,2027-01-07,2027-01-08": "every day, also on 3 March 2026, " +
			"but not on 1, 2, 3, 4, 5 and 6 January 2027 and 2 more days",
		"RDATE:2026-03-03T09:00:00[3600>7200@19700329T020000@@20260329T020000,20270328T020000],2026-03-05T09:00:00[3600>7200@19700329T020000@@20260329T020000,20270328T020000]": "also on 3 and 5 March 2026",
		"RDATE:2026-03-03":                          "also on 3 March 2026",
		"RRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY":      `"RRULE:FREQ=DAILY EXRULE:FREQ=WEEKLY"`,
		"FREQ=DAILY\x1b[31m;X=\u202e":               `"FREQ=DAILY\u001b[31m;X=\u202e"`,
		"RRULE:FREQ=DAILY\nEXDATE:\x1b[31mtomorrow": `every day, but not on \u001b`,
	} {
		if got := words.Recurrence(rule, ""); got != want {
			t.Errorf("%q is %s, want %s", rule, got, want)
		}
	}
}

// The end of a rule is in UTC; people mean the day that it was where the item is.
func TestRecurrenceEndsOnADayOfItsZone(t *testing.T) {
	for start, want := range map[string]string{
		"2026-01-06T23:30:00+02:00": "every Tuesday until 1 July 2026",
		"2026-01-06T15:30:00-07:00": "every Tuesday until 30 June 2026",
		"2026-01-06":                "every Tuesday until 30 June 2026",
	} {
		if got := words.Recurrence("FREQ=WEEKLY;UNTIL=20260630T223000Z;BYDAY=TU", start); got != want {
			t.Errorf("from %s: %s, want %s", start, got, want)
		}
	}
}

// TestRecurrenceTellsRulesApart reads rules whose instances are known from other calendars' tests: two that are said in the same words from
// the same start have the same instances.
func TestRecurrenceTellsRulesApart(t *testing.T) {
	f, err := os.Open("../../../../../shared/fixtures/rrule/truth.jsonl")
	if err != nil {
		t.Skip("needs the corpus of recurrence rules: ", err)
	}
	defer f.Close()
	type truth struct {
		RRule, Dtstart, Tzid string
		Expected             []string
		Complete             bool
		Error                any
		StartAt              any `json:"start_at"`
		Window, Policy       any
	}
	seen := map[string]truth{}
	plain, all := 0, 0
	in := bufio.NewScanner(f)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var c truth
		if json.Unmarshal(in.Bytes(), &c) != nil || c.Error != nil || !c.Complete || c.StartAt != nil || c.Window != nil || strings.ContainsAny(c.RRule, "\n:") {
			continue
		}
		all++
		said := words.Recurrence(strings.ToUpper(c.RRule), c.Dtstart)
		if strings.HasPrefix(said, `"`) {
			continue
		}
		plain++
		key := c.Dtstart + c.Tzid + " " + said
		if other, ok := seen[key]; ok && other.Policy == c.Policy && !slices.Equal(other.Expected, c.Expected) {
			t.Errorf("%s and %s are both %q from %s", other.RRule, c.RRule, said, c.Dtstart)
		}
		seen[key] = c
	}
	if err := in.Err(); err != nil || plain < 100 {
		t.Errorf("%d of %d rules were said in words: %v", plain, all, err)
	}
	t.Logf("%d of %d rules have plain words", plain, all)
}
