package value_test

import (
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// TestValues: what drivers give, by the kind of the column.
func TestValues(t *testing.T) {
	at := time.Date(2026, 10, 5, 9, 0, 0, 500e6, time.FixedZone("", 2*60*60))
	for _, c := range []struct {
		is    value.Kind
		given any
		want  providers.Value
	}{
		{value.AsGiven, nil, nil},
		{value.AsGiven, uint64(42), int64(42)},
		{value.AsGiven, uint64(math.MaxUint64), "18446744073709551615"},
		{value.AsGiven, float32(0.5), 0.5},
		{value.AsGiven, math.Inf(1), "+Inf"},
		{value.AsGiven, []byte{0, 0xff, 0x10}, "AP8Q"},
		{value.AsGiven, "f\xff", "f\uFFFD"},
		{value.AsGiven, at, "2026-10-05T07:00:00.5Z"},
		{value.Single, float32(2.2), 2.2},
		{value.Single, float64(float32(2.2)), 2.2},
		{value.Single, math.NaN(), "NaN"},
		{value.Truth, int64(1), true},
		{value.Truth, int64(2), int64(2)},
		{value.Date, at, "2026-10-05"},
		{value.Date, "2026-10-05 09:00:00", "2026-10-05"},
		{value.Clock, at, "2026-10-05T09:00:00.5"},
		{value.Hour, at, "09:00:00.5"},
		{value.Instant, []byte("2026-10-05 09:00:00"), "2026-10-05T09:00:00Z"},
		{value.Instant, []byte("2026-10-05 09:00:00+02"), "2026-10-05T09:00:00+02:00"},
		{value.Instant, "2026-10-05", "2026-10-05"},
		{value.Time, "2026-10-05 09:00", "2026-10-05T09:00:00"},
		{value.Time, "soon", "soon"},
		{value.Text, []byte("2026-10-05 09:00"), "2026-10-05 09:00"},
		{value.Number, []byte("12.50"), 12.5},
		{value.Number, "-7", int64(-7)},
		{value.Number, ".5", 0.5},
		{value.Number, "0.12345678901234567890", "0.12345678901234567890"},
		{value.Number, "NaN", "NaN"},
		{value.Whole, []byte("18446744073709551615"), "18446744073709551615"},
		{value.GUID, []byte("\x10\xb8\xa7\x6b\xad\x9d\xd1\x11\x80\xb4\x00\xc0\x4f\xd4\x30\xc8"), "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"},
		{value.GUID, []byte("short"), "c2hvcnQ="},
		{value.List, `{a,"b, c","d \"e\" \\f",NULL,"","NULL"}`, []string{"a", "b, c", `d "e" \f`, "", "NULL"}},
		{value.List, "{}", []string{}},
		{value.List, "{{1},{2}}", "{{1},{2}}"},
		{value.List, "none", "none"},
	} {
		cells, into := value.Cells(1)
		if err := into[0].(*value.Cell).Scan(c.given); err != nil {
			t.Fatal(err)
		}
		if got := (value.Column{Is: c.is}).Value(cells[0].V); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%#v as %d is %#v, want %#v", c.given, c.is, got, c.want)
		}
	}
}

// TestAsHeld: what statements compare with stays as the database has it, and only where it would be taken for a time.
func TestAsHeld(t *testing.T) {
	columns := []value.Column{{Name: "id", Is: value.Time}, {Name: "day", Is: value.Date}, {Name: "title", Is: value.Time}}
	want := []value.Column{{Name: "id"}, {Name: "day", Is: value.Date}, {Name: "title", Is: value.Time}}
	if got := value.AsHeld(columns, "id", "day"); !reflect.DeepEqual(got, want) || columns[0].Is != value.Time {
		t.Errorf("%v, of %v", got, columns)
	}
}
