package ical

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// Type is how the value of a property is read.
type Type int

// The types of values, as far as they differ in what means the same.
const (
	Text   Type = iota // TEXT, escaped
	Plain              // URI and others: as written
	Upper              // a word whose case does not matter
	Date               // DATE or DATE-TIME
	Dates              // a list of them, a set
	Recur              // RECUR
	Mail               // CAL-ADDRESS
	Number             // INTEGER
	Length             // DURATION, or the absolute time of a TRIGGER
)

// Sep parts the value from its parameters in a canonical text.
const Sep = "\x1f"

// defaults are parameters that say what holds without them (RFC 5545 section 3.2), what servers
// answer (SCHEDULE-…, RFC 6638), and the LANGUAGE that they guess.
var defaults = map[string]string{
	"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE", "RELATED": "START",
	"RELTYPE": "PARENT", "SCHEDULE-AGENT": "", "SCHEDULE-STATUS": "", "SCHEDULE-FORCE-SEND": "", "TZID": "", "CHARSET": "",
	"ENCODING": "", "LANGUAGE": "", "X-VOBJ-ORIGINAL-TZID": "", "X-VOBJ-FLOATINGTIME-ALLOWED": "", "X-LIC-ERROR": "",
}

// Canon is the canonical text of a property: equal for two lines exactly when they mean the same.
func Canon(l *contentline.Line, t Type, zones Zones) (string, error) {
	value, err := value(l, t, zones)
	if err != nil || !l.HasParams() {
		return value, err
	}
	var params []string
	for p := range l.Params() {
		name := strings.ToUpper(p.Name)
		if name == "VALUE" || t == Dates || t == Recur {
			continue
		}
		v := contentline.Unquote(p.Value)
		if fallback, known := defaults[name]; known {
			if fallback == "" || strings.EqualFold(v, fallback) {
				continue
			}
			v = strings.ToUpper(v)
		} else if !strings.HasPrefix(p.Value, `"`) && strings.Contains(v, ",") {
			list := p.Values()
			slices.Sort(list)
			v = strings.Join(list, ",")
		}
		if v != "" {
			params = append(params, name+"="+contentline.Uncaret(v))
		}
	}
	if len(params) == 0 {
		return value, nil
	}
	slices.Sort(params)
	return value + Sep + strings.Join(params, Sep), nil
}

// Main is the value in a canonical text, without the parameters.
func Main(canon string) string {
	value, _, _ := strings.Cut(canon, Sep)
	return value
}

func value(l *contentline.Line, t Type, zones Zones) (string, error) {
	s := string(l.Value())
	switch t {
	case Text:
		return Unescape(Decode(l)), nil
	case Upper:
		return strings.ToUpper(strings.TrimSpace(s)), nil
	case Number:
		s = strings.TrimLeft(strings.TrimSpace(s), "+0")
		return s, nil
	case Date:
		at, err := LineTime(l, s, zones)
		return at.String(), err
	case Dates:
		return dates(l, s, zones)
	case Recur:
		return Rule(s), nil
	case Mail:
		return Address(s), nil
	case Length:
		if d, err := ParseDuration(s); err == nil {
			return d.String(), nil
		}
		at, err := LineTime(l, s, zones)
		return at.String(), err
	}
	return strings.TrimSpace(s), nil
}

// LineTime reads a time with the TZID and VALUE parameters of its line.
func LineTime(l *contentline.Line, value string, zones Zones) (Time, error) {
	if !l.HasParams() {
		return ParseTime(value, "", false, zones)
	}
	return ParseTime(value, l.Param("TZID"), strings.EqualFold(l.Param("VALUE"), "DATE"), zones)
}

// CheckTimes reports what is wrong with the times of a line of type Date or Dates.
func CheckTimes(l *contentline.Line, t Type, zones Zones) error {
	for item := range strings.SplitSeq(string(l.Value()), ",") {
		if item = strings.TrimSpace(item); item == "" && t == Dates {
			continue
		}
		from, _, _ := strings.Cut(item, "/")
		if _, err := LineTime(l, from, zones); err != nil {
			return err
		}
	}
	return nil
}

// dates brings a list of times into order; periods keep their form.
func dates(l *contentline.Line, s string, zones Zones) (string, error) {
	list := strings.Split(s, ",")
	kept := list[:0]
	for _, item := range list {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		from, rest, period := strings.Cut(item, "/")
		at, err := LineTime(l, from, zones)
		if err != nil {
			return "", err
		}
		item = at.String()
		if period {
			item += "/" + rest
		}
		kept = append(kept, item)
	}
	slices.Sort(kept)
	return strings.Join(slices.Compact(kept), ","), nil
}

// Address is a calendar address without mailto: and without regard to case.
func Address(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
		s = strings.TrimSpace(s[7:])
	}
	return strings.ToLower(s)
}

// ruleOrder is the order in which people write a rule; what it does not name follows by name.
var ruleOrder = []string{"FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"}

// Rule is the canonical form of a RECUR value: one order, upper case, lists as sets, without what holds by default.
func Rule(s string) string {
	withoutSpace := strings.Join(strings.Fields(strings.ToUpper(s)), "")
	parts := strings.Split(withoutSpace, ";")
	kept := parts[:0]
	for _, p := range parts {
		name, v, ok := strings.Cut(p, "=")
		if p == "" || p == "INTERVAL=1" || p == "WKST=MO" {
			continue
		}
		if ok && strings.Contains(v, ",") {
			list := strings.Split(v, ",")
			slices.Sort(list)
			p = name + "=" + strings.Join(slices.Compact(list), ",")
		}
		kept = append(kept, p)
	}
	rank := func(p string) int {
		name, _, _ := strings.Cut(p, "=")
		if i := slices.Index(ruleOrder, name); i >= 0 {
			return i
		}
		return len(ruleOrder)
	}
	slices.SortStableFunc(kept, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return strings.Join(slices.Compact(kept), ";")
}
