package rows_test

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
)

func TestTime(t *testing.T) {
	for text, want := range map[string]string{
		"2026-10-05":                     "2026-10-05",
		"2026-10-05 09:00":               "2026-10-05T09:00:00",
		"2026-10-05 09:00:00":            "2026-10-05T09:00:00",
		"2026-10-05T09:00:00":            "2026-10-05T09:00:00",
		"2026-10-05 09:00:00.250":        "2026-10-05T09:00:00.25",
		"2026-10-05 09:00:00.000":        "2026-10-05T09:00:00",
		"2026-10-05 09:00:00Z":           "2026-10-05T09:00:00Z",
		"2026-10-05 09:00:00+02":         "2026-10-05T09:00:00+02:00",
		"2026-10-05 09:00:00+0200":       "2026-10-05T09:00:00+02:00",
		"2026-10-05 09:00:00 -03:30":     "2026-10-05T09:00:00-03:30",
		"2026-10-05 09:00:00.5+00:00":    "2026-10-05T09:00:00.5Z",
		"":                               "",
		"soon":                           "",
		"2026-10-05 is the first Monday": "",
		"2026-10-05T":                    "",
		"05.10.2026":                     "",
	} {
		if got, ok := rows.Time(text); got != want || ok != (want != "") {
			t.Errorf("%q is %q (%v), want %q", text, got, ok, want)
		}
	}
}

// FuzzTime: what is a time in the form of values stays as it is.
func FuzzTime(f *testing.F) {
	for _, text := range []string{"2026-10-05", "2026-10-05 09:00:00.250 -0330", "2026-10-05T09:00z", "9999-12-31 23:59:59", "0000-00-00 00:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, ok := rows.Time(text)
		if again, still := rows.Time(once); ok != still || again != once {
			t.Errorf("%q is %q, and that is %q (%v)", text, once, again, still)
		}
	})
}

func TestKey(t *testing.T) {
	row := providers.Row{"id": int64(7), "room": "A/1", "none": nil, "empty": "", "list": []string{"a"}}
	for _, test := range []struct {
		columns []string
		want    string
		err     string
	}{
		{[]string{"id"}, "7", ""},
		{[]string{"room"}, "A/1", ""},
		{[]string{"id", "room"}, "7/A%2F1", ""},
		{[]string{"id", "none"}, "", `column "none", which is its key, is null`},
		{[]string{"empty"}, "", `column "empty", which is its key, is empty`},
		{[]string{"list"}, "", `column "list", which is its key, is a list`},
		{[]string{"ID"}, "", `there is no column "ID", which is its key: the columns are empty, id, list, none, room`},
	} {
		got, err := rows.Key(row, test.columns)
		if got != test.want || (err == nil) != (test.err == "") || err != nil && err.Error() != test.err {
			t.Errorf("the key of %v is %q (%v), want %q (%s)", test.columns, got, err, test.want, test.err)
		}
	}
}

func TestSplitKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringN(1, 5, 20), 1, 3).Draw(t, "texts")
		row, columns := providers.Row{}, []string{"a", "b", "c"}[:len(texts)]
		for i, text := range texts {
			row[columns[i]] = text
		}
		key, err := rows.Key(row, columns)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := rows.SplitKey(key, len(columns)); err != nil || !slices.Equal(got, texts) {
			t.Errorf("%q came back as %q (%v)", texts, got, err)
		}
	})
	for _, key := range []string{"a", "a/b/c", "a/%zz"} {
		if got, err := rows.SplitKey(key, 2); err == nil {
			t.Errorf("%q is a key of two columns: %q", key, got)
		}
	}
}

// TestCompare: values are in this order, and differ.
func TestCompare(t *testing.T) {
	sorted := []providers.Value{nil, false, true, -0.5, int64(0), 0.25, int64(1), int64(1<<53 + 1), int64(1<<53 + 2), "", "a", "b", []string{}, []string{"a"}, []string{"a", "b"}, []string{"b"}}
	for i, a := range sorted {
		for j, b := range sorted {
			if got, want := rows.Compare(a, b), cmp.Compare(i, j); got != want {
				t.Errorf("%#v to %#v is %d, want %d", a, b, got, want)
			}
		}
	}
}
