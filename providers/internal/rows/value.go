package rows

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// Text is a value that is one text, number or bool as text; false for null and lists.
func Text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case int64:
		return strconv.FormatInt(v, 10), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// Key names the item that a row is about by the values of some columns: the value of one, several escaped as segments of a path. The error says what
// is wrong with which column.
func Key(row providers.Row, columns []string) (string, error) {
	texts := make([]string, len(columns))
	for i, column := range columns {
		v, there := row[column]
		if !there {
			return "", fmt.Errorf("there is no column %q, which is its key: the columns are %s", column, strings.Join(slices.Sorted(maps.Keys(row)), ", "))
		}
		text, ok := Text(v)
		if !ok || text == "" {
			return "", fmt.Errorf("column %q, which is its key, %s", column, unfit(v))
		}
		if len(columns) > 1 {
			text = url.PathEscape(text)
		}
		texts[i] = text
	}
	return strings.Join(texts, "/"), nil
}

// SplitKey gives the values of the columns that Key made a ref of.
func SplitKey(ref string, columns int) ([]string, error) {
	if columns == 1 {
		return []string{ref}, nil
	}
	texts := strings.Split(ref, "/")
	if len(texts) != columns {
		return nil, fmt.Errorf("%q is no key of %d columns", ref, columns)
	}
	for i, text := range texts {
		var err error
		if texts[i], err = url.PathUnescape(text); err != nil {
			return nil, fmt.Errorf("%q is no key: %w", ref, err)
		}
	}
	return texts, nil
}

func unfit(v providers.Value) string {
	switch v.(type) {
	case nil:
		return "is null"
	case string:
		return "is empty"
	}
	return "is a list"
}

// times are the forms in which tables have times as text: with T or a space, with or without seconds, with or without an offset.
var times = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?(Z|z|[+-]\d\d(?::?\d\d)?)?)?$`)

// Time is a time or date that a table has as text, in the form of a [providers.Value]; false: it is none.
func Time(text string) (string, bool) {
	if len(text) < len("2006-01-02") || text[4] != '-' {
		return "", false
	}
	found := times.FindStringSubmatch(strings.TrimSpace(text))
	if found == nil {
		return "", false
	}
	date, clock, seconds, zone := found[1], found[2], cmp.Or(found[3], ":00"), strings.ToUpper(found[4])
	if clock == "" {
		return date, true
	}
	switch digits := strings.ReplaceAll(zone, ":", ""); len(digits) {
	case len("+02"):
		zone = digits + ":00"
	case len("+0200"):
		zone = digits[:3] + ":" + digits[3:]
	}
	if zone == "+00:00" || zone == "-00:00" {
		zone = "Z"
	}
	whole, fraction, _ := strings.Cut(seconds, ".")
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		whole += "." + fraction
	}
	return date + "T" + clock + whole + zone, true
}

// Compare orders values: null, bools, numbers, texts, lists.
func Compare(a, b providers.Value) int {
	if c := cmp.Compare(rank(a), rank(b)); c != 0 {
		return c
	}
	switch a := a.(type) {
	case bool:
		return cmp.Compare(strconv.FormatBool(a), strconv.FormatBool(b.(bool)))
	case int64:
		if b, same := b.(int64); same {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(float64(a), b.(float64))
	case float64:
		if b, same := b.(float64); same {
			return cmp.Compare(a, b)
		}
		return cmp.Compare(a, float64(b.(int64)))
	case string:
		return strings.Compare(a, b.(string))
	case []string:
		return slices.Compare(a, b.([]string))
	}
	return 0
}

func rank(v providers.Value) int {
	switch v.(type) {
	case nil:
		return 0
	case bool:
		return 1
	case int64, float64:
		return 2
	case string:
		return 3
	}
	return 4
}
