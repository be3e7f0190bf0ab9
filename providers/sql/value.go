package sql

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
)

// columnOf is a column of a query's result.
type columnOf struct {
	name string
	is   column
}

// asHeld are columns of which those of some names keep the text that the database has, also where it looks like a time: statements compare with it.
func asHeld(columns []columnOf, names ...string) []columnOf {
	columns = slices.Clone(columns)
	for i, c := range columns {
		if c.is == isTime && slices.Contains(names, c.name) {
			columns[i].is = asGiven
		}
	}
	return columns
}

// value is what a driver gives in the form of a [providers.Value].
func (c columnOf) value(v any) providers.Value {
	switch v := v.(type) {
	case nil, bool:
		return v
	case int64:
		if c.is == isTruth && (v == 0 || v == 1) {
			return v == 1
		}
		return v
	case float64:
		if c.is == isSingle {
			v = shortest(float32(v))
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
		return v
	case time.Time:
		return c.time(v)
	case string:
		return c.text(v)
	case []byte:
		switch c.is {
		case asGiven:
			return base64.StdEncoding.EncodeToString(v)
		case isGUID:
			return guid(v)
		}
		return c.text(string(v))
	}
	return strings.ToValidUTF8(fmt.Sprint(v), "\uFFFD")
}

// shortest is the number by the fewest digits that tell it from others of single precision: 2.2 and not 2.200000047683716.
func shortest(v float32) float64 {
	f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	return f
}

// time is a time that the driver read. One of no zone has its hour in whatever zone the driver chose.
func (c columnOf) time(t time.Time) string {
	switch c.is {
	case isDate:
		return t.Format(time.DateOnly)
	case isClock:
		return t.Format("2006-01-02T15:04:05.999999999")
	case isHour:
		return t.Format("15:04:05.999999999")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (c columnOf) text(text string) providers.Value {
	switch c.is {
	case isNumber, isWhole:
		return number(text)
	case isList:
		return list(text)
	case isDate, isClock, isTime, isInstant:
		t, ok := rows.Time(text)
		switch {
		case !ok:
		case c.is == isDate && len(t) > len(time.DateOnly):
			return t[:len(time.DateOnly)]
		case c.is == isInstant && len(t) > len(time.DateOnly) && !zoned(t):
			return t + "Z"
		default:
			return t
		}
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// zoned reports whether a time ends in an offset.
func zoned(t string) bool { return strings.ContainsAny(t[len(time.DateOnly):], "Z+-") }

// number is the number that digits mean where one of Go's is as exact, and else the digits.
func number(digits string) providers.Value {
	digits = strings.TrimSpace(digits)
	if n, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return n
	}
	plain := digits
	if strings.Contains(plain, ".") {
		plain = strings.TrimSuffix(strings.TrimRight(plain, "0"), ".")
	}
	f, err := strconv.ParseFloat(plain, 64)
	switch exact := strconv.FormatFloat(f, 'f', -1, 64); {
	case err != nil || math.IsNaN(f) || math.IsInf(f, 0):
		return digits
	case exact == plain, "0."+strings.TrimPrefix(plain, ".") == exact:
		return f
	}
	return digits
}

// list is an array of one dimension as PostgreSQL writes it, {a,"b c"}, without what is null in it
// (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO); the text where it is none.
func list(text string) providers.Value {
	inner, begins := strings.CutPrefix(text, "{")
	inner, ends := strings.CutSuffix(inner, "}")
	if !begins || !ends {
		return text
	}
	all := []string{}
	for inner != "" {
		var one strings.Builder
		quoted, i := false, 0
		for ; i < len(inner) && (quoted || inner[i] != ','); i++ {
			switch {
			case inner[i] == '\\' && i+1 < len(inner):
				i++
				one.WriteByte(inner[i])
			case inner[i] == '"':
				quoted = !quoted
			case inner[i] == '{' && !quoted:
				return text
			default:
				one.WriteByte(inner[i])
			}
		}
		if inner[:i] != "NULL" {
			all = append(all, strings.ToValidUTF8(one.String(), "\uFFFD"))
		}
		inner = strings.TrimPrefix(inner[i:], ",")
	}
	return all
}

// guid is a GUID as people write it: SQL Server keeps its first three parts with the lowest byte first.
func guid(b []byte) string {
	if len(b) != 16 {
		return base64.StdEncoding.EncodeToString(b)
	}
	return strings.ToUpper(fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint16(b[4:]), binary.LittleEndian.Uint16(b[6:]), b[8:10], b[10:]))
}
