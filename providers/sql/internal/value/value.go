// Package value reads what the drivers of databases give, in the form of a [providers.Value].
package value

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

// Kind is how the values of a column are read.
type Kind int

const (
	AsGiven Kind = iota
	Date         // a date
	Clock        // a time without a zone
	Instant      // a time that is an instant; text has the zone UTC
	Hour         // a time of a day
	Number       // digits, as the text of a number that may be larger or more exact than one of Go's
	Whole        // digits of a whole number
	Text         // bytes that are text
	Time         // text that is a time if it looks like one
	Truth        // 0 or 1
	GUID         // 16 bytes as SQL Server orders them
	List         // an array of PostgreSQL's, as text
	Single       // a number of single precision, which the driver made one of double
)

// Column is a column of a query's result.
type Column struct {
	Name string
	Is   Kind
}

// Cell is a value as the driver gives it.
type Cell struct{ V any }

// Scan makes a cell a sql.Scanner that copies nothing. Numbers are int64 and float64 as far as they fit: the driver of MySQL gives others where a query has no parameters.
func (c *Cell) Scan(v any) error {
	switch n := v.(type) {
	case uint64:
		if n <= math.MaxInt64 {
			v = int64(n)
		}
	case float32:
		v = float64(n)
	}
	c.V = v
	return nil
}

// Cells are those of a row, and what a row is scanned into to fill them.
func Cells(columns int) (cells []Cell, into []any) {
	cells, into = make([]Cell, columns), make([]any, columns)
	for i := range cells {
		into[i] = &cells[i]
	}
	return cells, into
}

// AsHeld are columns of which those of some names keep the text that the database has, also where it looks like a time: statements compare with it.
func AsHeld(columns []Column, names ...string) []Column {
	columns = slices.Clone(columns)
	for i, c := range columns {
		if c.Is == Time && slices.Contains(names, c.Name) {
			columns[i].Is = AsGiven
		}
	}
	return columns
}

// Value is what a driver gives in the form of a [providers.Value].
func (c Column) Value(v any) providers.Value {
	switch v := v.(type) {
	case nil, bool:
		return v
	case int64:
		if c.Is == Truth && (v == 0 || v == 1) {
			return v == 1
		}
		return v
	case float64:
		if c.Is == Single {
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
		switch c.Is {
		case AsGiven:
			return base64.StdEncoding.EncodeToString(v)
		case GUID:
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
func (c Column) time(t time.Time) string {
	switch c.Is {
	case Date:
		return t.Format(time.DateOnly)
	case Clock:
		return t.Format("2006-01-02T15:04:05.999999999")
	case Hour:
		return t.Format("15:04:05.999999999")
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (c Column) text(text string) providers.Value {
	switch c.Is {
	case Number, Whole:
		return number(text)
	case List:
		return list(text)
	case Date, Clock, Time, Instant:
		t, ok := rows.Time(text)
		switch {
		case !ok:
		case c.Is == Date && len(t) > len(time.DateOnly):
			return t[:len(time.DateOnly)]
		case c.Is == Instant && len(t) > len(time.DateOnly) && !zoned(t):
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
