package ical

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/tz"
)

func TestText(t *testing.T) {
	for escaped, plain := range map[string]string{`a\, b\; c\\n`: `a, b; c\n`, `a\nb\Nc`: "a\nb\nc", `end\`: `end\`, "": ""} {
		if got := Unescape(escaped); got != plain {
			t.Errorf("Unescape(%q) = %q, want %q", escaped, got, plain)
		}
		if got := Unescape(Escape(plain)); got != plain {
			t.Errorf("%q becomes %q", plain, got)
		}
	}
	if got, want := List(`a,b\,c, ,d`), []string{"a", "b,c", "d"}; !slices.Equal(got, want) {
		t.Errorf("List: %q, want %q", got, want)
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]string{
		"PT1H30M": "PT1H30M", "PT90M": "PT1H30M", "-PT15M": "-PT15M", "P2W": "P14D", "+P1DT2H": "P1DT2H", "PT0S": "PT0S", "-P0D": "PT0S", "pt5m": "PT5M",
	} {
		d, err := ParseDuration(text)
		if err != nil || d.String() != want {
			t.Errorf("%s: %s, %v, want %s", text, d, err, want)
		}
		if again, err := ParseDuration(d.String()); err != nil || again != d {
			t.Errorf("%s becomes %s", d, again)
		}
	}
	for _, text := range []string{"", "P", "1H", "PT1", "PTH", "P1H", "PT1D", "P1Y", "PT99999999999S", "--PT1M"} {
		if d, err := ParseDuration(text); err == nil && text != "P" {
			t.Errorf("%q is read as %s", text, d)
		}
	}
}

func TestTime(t *testing.T) {
	zones := func(tzid string) (*tz.Zone, error) {
		z, _ := tz.Find(tzid)
		return z, nil
	}
	for _, c := range []struct{ value, tzid, canon, rfc3339 string }{
		{"20260301", "", "2026-03-01", "2026-03-01"},
		{"20260301T090000", "", "2026-03-01T09:00:00", "2026-03-01T09:00:00+09:00"},
		{"20260301T090000Z", "", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"},
		{"20260301T090000Z", "Europe/Paris", "2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"},
		{"20260301T090000", "Romance Standard Time", "2026-03-01T09:00:00[Europe/Paris]", "2026-03-01T09:00:00+01:00"},
		{"20260329T023000", "Europe/Paris", "2026-03-29T02:30:00[Europe/Paris]", "2026-03-29T03:30:00+02:00"},
		{"20261025T023000", "Europe/Paris", "2026-10-25T02:30:00[Europe/Paris]", "2026-10-25T02:30:00+02:00"},
		{"20261231T235960Z", "", "2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"},
	} {
		at, err := ParseTime(c.value, c.tzid, false, zones)
		if err != nil || at.String() != c.canon {
			t.Errorf("%s in %q: %s, %v, want %s", c.value, c.tzid, at, err, c.canon)
			continue
		}
		if got := at.RFC3339(time.FixedZone("", 9*3600)); got != c.rfc3339 {
			t.Errorf("%s in %q shows %s, want %s", c.value, c.tzid, got, c.rfc3339)
		}
		if again, err := ReadTime(c.canon); err != nil || again.String() != c.canon {
			t.Errorf("%s is read as %s, %v", c.canon, again, err)
		}
	}
	for _, value := range []string{"", "2026", "20260230", "20260301T250000", "20260301T0900", "20260301 090000", "2026030aT090000", "20260301T090000ZZ"} {
		if at, err := ParseTime(value, "", false, zones); err == nil {
			t.Errorf("%q is read as %s", value, at)
		}
	}
	offset, err := ReadTime("2026-03-01T09:00:00+01:00")
	if err != nil || offset.String() != "2026-03-01T08:00:00Z" {
		t.Errorf("an offset alone: %s, %v", offset, err)
	}
	zoned, err := ReadTime("2026-03-01T09:00:00+01:00[Europe/Paris]")
	if err != nil || zoned.Value() != ";TZID=Europe/Paris:20260301T090000" {
		t.Errorf("a zone in brackets: %s, %v", zoned.Value(), err)
	}
}

func TestRule(t *testing.T) {
	for rule, want := range map[string]string{
		"BYDAY=MO,FR;FREQ=WEEKLY;INTERVAL=1;WKST=MO": "FREQ=WEEKLY;BYDAY=FR,MO",
		"freq=daily;count=3;":                        "FREQ=DAILY;COUNT=3",
		"FREQ=WEEKLY;WKST=SU;INTERVAL=2":             "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
		"FREQ=YEARLY;X-A=1;BYMONTH=3":                "FREQ=YEARLY;BYMONTH=3;X-A=1",
	} {
		if got := Rule(rule); got != want || Rule(got) != got {
			t.Errorf("%s: %s, want %s", rule, got, want)
		}
	}
}

func TestDecode(t *testing.T) {
	for text, want := range map[string]string{
		"A;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller":    "Müller",
		"A;QUOTED-PRINTABLE:a=0D=0Ab=3D":                             `a\nb=`,
		"A;ENCODING=QUOTED-PRINTABLE:50=% =zz":                       "50=% =zz",
		"A;CHARSET=Shift_JIS;ENCODING=QUOTED-PRINTABLE:=93=FA=96=7B": "日本",
		"A:M\xfcller":             "Müller",
		"A;CHARSET=nonsense:\xfc": "\uFFFD",
		"A:a\x00\x1fb\tc":         "ab\tc",
	} {
		l := contentline.New(text)
		if got := Decode(&l); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"Müller = €", "tab\tand\r\nbreak"} {
		l := contentline.New("A;ENCODING=QUOTED-PRINTABLE:" + Quote(text))
		if got := Unescape(Decode(&l)); got != strings.ReplaceAll(text, "\r", "") {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func FuzzTimeAndDuration(f *testing.F) {
	for _, s := range []string{"20260301T090000Z", "2026-03-01T09:00:00[Europe/Paris]", "-P1DT2H", "FREQ=WEEKLY;BYDAY=MO", "P"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at, err := ReadTime(s); err == nil {
			if again, err := ReadTime(at.String()); err != nil || again.String() != at.String() {
				t.Fatalf("%q is %s, which is %s: %v", s, at, again, err)
			}
		}
		if d, err := ParseDuration(s); err == nil {
			if again, err := ParseDuration(d.String()); err != nil || again != d {
				t.Fatalf("%q is %s, which is %s", s, d, again)
			}
		}
		if rule := Rule(s); Rule(rule) != rule {
			t.Fatalf("%q is %q, which is %q", s, rule, Rule(rule))
		}
	})
}
