package recur

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// truth is a rule with the instances that another project's tests expect of it.
type truth struct {
	ID, RRule, DTStart, TZID, Policy, Error string
	Complete                                bool
	Expected                                []string
	StartAt                                 string `json:"start_at"`
	Window                                  []string
}

func truths(t *testing.T) []truth {
	t.Helper()
	root := os.Getenv("ACCORD_FIXTURES")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "shared", "fixtures")
	}
	file, err := os.Open(filepath.Join(root, "rrule", "truth.jsonl"))
	if err != nil {
		t.Skip("no truth: set ACCORD_FIXTURES to a directory that has rrule/truth.jsonl")
	}
	defer file.Close()
	var all []truth
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c truth
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// set is the recurrence set of a case.
func (c truth) set(whole func(start ical.Time, text string) (*Set, error)) (*Set, error) {
	var zones ical.Zones
	zones = func(tzid string) (*tz.Zone, error) {
		if z, ok := tz.Find(tzid); ok {
			return z, nil
		}
		if tzid == "US-Eastern" { // described by a VTIMEZONE of the file that the case is from
			return zones("America/New_York")
		}
		return nil, fmt.Errorf("unknown zone %s", tzid)
	}
	start, err := ical.ParseTime(c.DTStart, c.TZID, false, zones)
	if err != nil {
		return nil, err
	}
	var text []string
	for line := range strings.SplitSeq(c.RRule, "\n") {
		name, value, lined := strings.Cut(line, ":")
		switch {
		case !lined:
			text = append(text, "RRULE:"+ical.Rule(line))
		case strings.HasSuffix(name, "RULE"):
			text = append(text, name+":"+ical.Rule(value))
		default:
			l := contentline.New(line)
			canon, err := ical.Canon(&l, ical.Dates, zones)
			if err != nil {
				return nil, err
			}
			text = append(text, strings.ToUpper(l.Name())+":"+canon)
		}
	}
	return whole(start, strings.Join(text, "\n"))
}

// differs says how what we work out is not what the case expects; "": it agrees.
func (c truth) differs(whole func(start ical.Time, text string) (*Set, error)) string {
	s, err := c.set(whole)
	if err != nil {
		if c.Error != "" {
			return ""
		}
		return "refused: " + err.Error()
	}
	from, to := time.Time{}, ""
	if len(c.Window) == 2 {
		from, to = c.when(c.Window[0]), c.Window[1]
	}
	if c.StartAt != "" {
		from = c.when(c.StartAt) // what comes before is expected by some and not by others
		c.Expected = slices.DeleteFunc(c.Expected, func(at string) bool { return at < c.StartAt })
	}
	var got []string
	for at, err := range s.From(from, nil) {
		if err != nil {
			if strings.Contains(c.Error, "OutOfRange") {
				return ""
			}
			break // nothing more up to the year 9999
		}
		text := at.Wall.Format("20060102T150405")
		if at.Date && (len(c.Expected) == 0 || len(c.Expected[0]) == 8) {
			text = at.Wall.Format("20060102")
		}
		if to != "" && text > to || len(got) > len(c.Expected)+9000 || c.Error == "" && len(got) > len(c.Expected) || !c.Complete && c.Error == "" && len(got) == len(c.Expected) {
			break
		}
		got = append(got, text)
	}
	switch {
	case c.Error != "":
		return "an error is expected: " + c.Error
	case !slices.Equal(got, c.Expected):
		return fmt.Sprintf("got %v, want %v", got, c.Expected)
	}
	return ""
}

func (c truth) when(text string) time.Time {
	t, err := ical.ParseTime(text, "", false, nil)
	if err != nil {
		return time.Time{}
	}
	if zone, ok := tz.Find(c.TZID); ok {
		t.Zone = zone
	}
	return t.Instant(nil)
}

// TestTruth: we agree with the tests of nine other projects, but where those do not agree with RFC 5545 or among themselves. A start that the rule
// does not name is undefined there: a case agrees when the start counts, as it does for us, or when the rule alone is what is expected.
func TestTruth(t *testing.T) {
	reasons := map[string]string{}
	for reason, ids := range others {
		for _, id := range ids {
			reasons[id] = reason
		}
	}
	var agree, refused, other int
	all := truths(t)
	for _, c := range all {
		differs := c.differs(New)
		if differs != "" && c.differs(read) == "" {
			differs = ""
		}
		switch reason, listed := reasons[c.ID], reasons[c.ID] != ""; {
		case differs == "" && listed:
			t.Errorf("%s agrees and is listed: %s", c.ID, reason)
		case differs == "":
			agree++
		case !listed:
			t.Errorf("%s %s from %s %s: %s", c.ID, c.RRule, c.DTStart, c.TZID, differs)
		case strings.HasPrefix(differs, "refused: "):
			refused++
		default:
			other++
		}
	}
	t.Logf("of %d cases %d agree, %d are refused, and of %d what is expected is not RFC 5545", len(all), agree, refused, other)
	if len(reasons) != refused+other {
		t.Errorf("%d are listed", len(reasons))
	}
}
