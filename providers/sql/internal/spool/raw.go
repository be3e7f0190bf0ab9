package spool

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// What a value in a body begins with.
const (
	rawNull byte = iota
	rawFalse
	rawTrue
	rawInt
	rawFloat
	rawText
	rawBytes
	rawTime
)

// appendRaw appends a value as the driver gives it: equal values are equal bytes, and how they read is worked out when somebody asks.
func appendRaw(b []byte, is value.Kind, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, rawNull)
	case bool:
		if v {
			return append(b, rawTrue)
		}
		return append(b, rawFalse)
	case int64:
		return binary.AppendVarint(append(b, rawInt), v)
	case float64:
		return binary.BigEndian.AppendUint64(append(b, rawFloat), math.Float64bits(v))
	case string:
		return append(binary.AppendUvarint(append(b, rawText), uint64(len(v))), v...)
	case []byte:
		return append(binary.AppendUvarint(append(b, rawBytes), uint64(len(v))), v...)
	case time.Time:
		if is == value.Date || is == value.Clock || is == value.Hour { // what the clock says counts, in whatever zone the driver put it
			v = time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), v.Nanosecond(), time.UTC)
		}
		b = binary.AppendVarint(append(b, rawTime), v.Unix())
		return binary.AppendUvarint(b, uint64(v.Nanosecond()))
	}
	return appendRaw(b, is, fmt.Sprint(v))
}

// cutRaw takes the first value off b, which appendRaw made.
func cutRaw(b []byte) (v any, rest []byte) {
	kind, b := b[0], b[1:]
	switch kind {
	case rawFalse, rawTrue:
		return kind == rawTrue, b
	case rawInt:
		n, size := binary.Varint(b)
		return n, b[size:]
	case rawFloat:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), b[8:]
	case rawText, rawBytes:
		n, size := binary.Uvarint(b)
		text, rest := b[size:size+int(n)], b[size+int(n):]
		if kind == rawBytes {
			return text, rest
		}
		return string(text), rest
	case rawTime:
		seconds, size := binary.Varint(b)
		b = b[size:]
		nanos, size := binary.Uvarint(b)
		return time.Unix(seconds, int64(nanos)).UTC(), b[size:]
	}
	return nil, b
}

// rowOf is the row that a body holds, of all columns but one; without -1: of all.
func rowOf(columns []value.Column, body []byte, without int) providers.Row {
	row := make(providers.Row, len(columns))
	for i, c := range columns {
		if i == without {
			continue
		}
		var v any
		v, body = cutRaw(body)
		row[c.Name] = c.Value(v)
	}
	return row
}
