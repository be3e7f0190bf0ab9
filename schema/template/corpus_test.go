package template

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// corpusEvents calls each with every event of the real files of other projects, which are not part of this one.
func corpusEvents(t *testing.T, each func(path string, it *pim.Item)) {
	t.Helper()
	root := os.Getenv("ACCORD_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus: set ACCORD_CORPUS to a directory of .ics files")
	}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if strings.ToLower(filepath.Ext(path)) != ".ics" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		lines, err := contentline.Read(data, contentline.Limits{})
		if err != nil {
			return nil // said by the tests of package pim
		}
		for _, event := range events(lines) {
			if it, err := pim.Parse(pim.Calendar, event); err == nil {
				each(path, it)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// events cuts a file into one input for each UID, all with what else is in the calendar.
func events(lines []contentline.Line) [][]byte {
	var head []byte
	var order []string
	bodies := map[string][]byte{}
	for i := 0; i < len(lines); i++ {
		n, begins := lines[i].Begins()
		switch {
		case lines[i].Is("BEGIN") && strings.EqualFold(lines[i].Component(), "VCALENDAR"), lines[i].Is("END"):
			continue
		case begins && strings.EqualFold(lines[i].Component(), "VEVENT"):
			uid := ""
			for j := i; j < i+n; j++ {
				if lines[j].Is("UID") {
					uid = string(lines[j].Value())
				}
			}
			if _, known := bodies[uid]; !known {
				order = append(order, uid)
			}
			bodies[uid] = append(bodies[uid], contentline.Append(nil, lines[i:i+n+1])...)
		default:
			head = append(head, contentline.Append(nil, lines[i:i+n+1])...)
		}
		i += n
	}
	var cut [][]byte
	for _, uid := range order {
		cut = append(cut, slices.Concat([]byte("BEGIN:VCALENDAR\r\n"), head, bodies[uid], []byte("END:VCALENDAR\r\n")))
	}
	return cut
}

// texts are all that a person or a program may have written into a file: values, parameters and names that are not of the standard's.
func texts(data []byte) []string {
	lines, err := contentline.Read(data, contentline.Limits{})
	if err != nil {
		return nil
	}
	var all []string
	for i := range lines {
		l := &lines[i]
		if name := strings.ToUpper(l.Name()); strings.HasPrefix(name, "X-") {
			all = append(all, name)
		}
		for p := range l.Params() {
			all = append(all, p.Value)
		}
		all = append(all, string(l.Value()))
	}
	return all
}

// words are the words of three letters or more in a text, in lower case.
func words(text string) map[string]bool {
	found := map[string]bool{}
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len([]rune(w)) >= 3 {
			found[strings.ToLower(w)] = true
		}
	}
	return found
}

// busyLines are all lines that an event of which only the times are shown may have.
var busyLines = []*regexp.Regexp{
	regexp.MustCompile(`^(BEGIN|END):(VCALENDAR|VEVENT|VTIMEZONE|STANDARD|DAYLIGHT)$`),
	regexp.MustCompile(`^(VERSION:2\.0|PRODID:-//Accord//EN|SUMMARY:Busy|CLASS:PRIVATE|TRANSP:TRANSPARENT)$`),
	regexp.MustCompile(`^(DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID|RECURRENCE-ID;RANGE=THISANDFUTURE)(;VALUE=DATE|;VALUE=PERIOD)?(;TZID=[^:]+)?:[0-9TZ/PWDHMS+-]+$`),
	regexp.MustCompile(`^(RRULE|EXRULE):FREQ=[A-Z]+(;(UNTIL|COUNT|INTERVAL|WKST|RSCALE|SKIP|BY[A-Z]+)=[0-9A-Z,+-]+)*$`),
	regexp.MustCompile(`^(TZOFFSETFROM|TZOFFSETTO):[+-]\d+$`),
	regexp.MustCompile(`^TZNAME:([A-Z]{3,5}|[+-]\d+)$`),
	regexp.MustCompile(`^TZID:[^:]+$`),
}

var tzid = regexp.MustCompile(`TZID[=:]([^:]+)`)

// TestPrivacyShowsNoWordOfTheCorpus shows when each event of the corpus is and nothing of what it is, and looks in the replica for every word that is
// anywhere in the original. The words of the replica itself are no leak: those of its own structure, of zones by their IANA names, of rules. Of one
// that shows details, title, place and categories are taken off before.
func TestPrivacyShowsNoWordOfTheCorpus(t *testing.T) {
	for _, level := range []privacy{privacyBusy, privacyDetails} {
		t.Run(string(level), func(t *testing.T) {
			shown, refused, looked := 0, 0, 0
			corpusEvents(t, func(path string, it *pim.Item) {
				less, err := untouched.render(it, nowhere{}, level)
				if err != nil {
					t.Logf("%s: %v", path, err)
					refused++
					return
				}
				shown++
				replica := string(less.Bare().Bytes())
				if level == privacyDetails {
					replica = detail.ReplaceAllString(replica, "")
				}
				own := checkLines(t, path, replica)
				said := words(replica)
				for _, text := range texts(it.Bytes()) {
					for w := range words(text) {
						looked++
						if said[w] && !own[w] {
							t.Errorf("%s: %q of the original is in the replica\n%s", path, w, replica)
						}
					}
				}
				checkTimes(t, path, it.Fields(), less.Fields())
			})
			t.Logf("%d events shown, %d refused, %d words looked for", shown, refused, looked)
			if shown == 0 || looked == 0 || refused > shown/100 {
				t.Error("too little was shown")
			}
		})
	}
}

// detail is a line of title, place or categories, folded or not, and without a parameter.
var detail = regexp.MustCompile(`(?m)^(SUMMARY|LOCATION|CATEGORIES):.*\r\n( .*\r\n)*`)

// checkLines holds a replica to the lines that it may have, and returns the words that are in it whatever the original says.
func checkLines(t *testing.T, path, replica string) map[string]bool {
	t.Helper()
	lines, err := contentline.Read([]byte(replica), contentline.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	own := map[string]bool{}
	for i := range lines {
		text := string(lines[i].Text())
		if !slices.ContainsFunc(busyLines, func(form *regexp.Regexp) bool { return form.MatchString(text) }) {
			t.Errorf("%s: %q is in the replica", path, text)
			continue
		}
		if found := tzid.FindStringSubmatch(text); found != nil && !strings.HasPrefix(found[1], "Zone-") {
			if z, ok := tz.Find(found[1]); !ok || z.Name() != found[1] {
				t.Errorf("%s: the zone %q is in the replica", path, found[1])
			}
		}
		maps.Copy(own, words(text))
	}
	return own
}

// checkTimes compares when the original and what is shown of it take place.
func checkTimes(t *testing.T, path string, original, shown pim.Fields) {
	t.Helper()
	for field, v := range original {
		alone, isOverride := v.Alone(pim.Calendar)
		switch {
		case isOverride:
			other, ok := shown[field].Alone(pim.Calendar)
			if !ok {
				t.Errorf("%s: %s is not shown", path, field)
				continue
			}
			checkTimes(t, path, alone.Fields(), other.Fields())
		case (field == "start" || field == "end") && v.Plain() != shown[field].Plain():
			t.Errorf("%s: %s is %v, and %v is shown", path, field, v.Plain(), shown[field].Plain())
		case field == "recurrence" && !shown[field].Equal(v) && !strings.Contains(v.Plain().(string), "X-"):
			t.Errorf("%s: it recurs by %q, and %q is shown", path, v.Plain(), shown[field].Plain())
		}
	}
}
