package roster

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/accord-sync/accord/schema/diagnose"
)

// TestRows: what is read of each type, as JSON.
func TestRows(t *testing.T) {
	for _, test := range []struct {
		of, text, key string
		want          string
	}{
		{"csv", "id,name\nb,Ben\na,\"Anna, \"\"the\"\" first\"\n", "id", `{"a":{"id":"a","name":"Anna, \"the\" first"},"b":{"id":"b","name":"Ben"}}`},
		{"csv", "id, name\r\na, \"two\r\nlines\"\r\n\r\n", "id", `{"a":{"id":"a","name":"two\nlines"}}`},
		{"csv", "id;a,b\n1;x\n", "id", `{"1":{"a,b":"x","id":"1"}}`},
		{"csv", "id\n", "id", `{}`},
		{"csv", "id\n007\n7\n", "id", `{"007":{"id":"007"},"7":{"id":"7"}}`},
		{"json", `[{"id": "a", "n": 1}, {"id": 2, "l": [true]}]`, "id", `{"2":{"id":2,"l":[true],"n":null},"a":{"id":"a","l":null,"n":1}}`},
		{"json", `{"a": {"n": 1}, "b": {}}`, "", `{"a":{"n":1},"b":{"n":null}}`},
		{"json", `[]`, "id", `{}`},
		{"yaml", "a: {on: no}\nb: {on: true}\n", "", `{"a":{"on":"no"},"b":{"on":true}}`},
		{"yaml", "- {id: a, x: \"${y}\"}\n", "id", `{"a":{"id":"a","x":"${y}"}}`},
		{"yaml", "", "", `{}`},
	} {
		o := Options{Key: test.key, Delimiter: ','}
		if strings.HasPrefix(test.text, "id;") {
			o.Delimiter = ';'
		}
		rows, n, diags := Read(test.of, "roster", []byte(test.text), o)
		if diags.HasErrors() {
			t.Errorf("%s %q: %v", test.of, test.text, diags)
			continue
		}
		got, err := ctyjson.Marshal(rows, rows.Type())
		if err != nil || string(got) != test.want || n != rows.LengthInt() {
			t.Errorf("%s %q: %s, %d rows, %v\nwant %s", test.of, test.text, got, n, err, test.want)
		}
	}
}

// TestMistakes: what is wrong with a roster, in which line, and what to do.
func TestMistakes(t *testing.T) {
	block := hcl.Range{Filename: "main.hcl", Start: hcl.Pos{Line: 9}, End: hcl.Pos{Line: 9}}
	for _, test := range []struct{ of, text, key, at, summary, todo string }{
		{"csv", "id,name\na,1\nb,2\na,3\n", "id", "roster:4", "Duplicate key", "Take one of the two out"},
		{"csv", "id,name\na,1\n ,2\n", "id", "roster:3", "Empty key", "Give it a value"},
		{"csv", "id,name\na,1,2\n", "id", "roster:2", "Ragged row", "in quotes"},
		{"csv", "id,name\na\n", "id", "roster:2", "Ragged row", "Add what is missing"},
		{"csv", "id,name\n\"x\ny\",1,2\n", "id", "roster:2", "Ragged row", ""},
		{"csv", "id,name\na,\"b\nc,d\n", "id", "roster:2", "Invalid CSV", "missing quote"},
		{"csv", "id,name\na,5\" disk\n", "id", "roster:2", "Invalid CSV", "twice"},
		{"csv", "", "id", "roster:1", "No header row", "id,name,email"},
		{"csv", "id,,x\n", "id", "roster:1", "Unnamed column", "Name it"},
		{"csv", "id,x,x\n", "id", "roster:1", "Duplicate column", "another name"},
		{"csv", "ident,name\n", "id", "main.hcl:9", "Unknown column", "There is: ident, name."},
		{"csv", "name,emial\n", "email", "main.hcl:9", "Unknown column", "Did you mean emial?"},
		{"csv", "id;name\na;b\n", "id", "roster:1", "One column alone", `delimiter = ";"`},
		{"csv", "id,name\na,M\xfcller\n", "id", "roster:2", "Not UTF-8", "Save it as UTF-8"},
		{"csv", "\xff\xfei\x00d\x00", "id", "roster:1", "Not UTF-8", "Save it as UTF-8"},
		{"json", `[{"id": "a"}, {"id": "a"}]`, "id", "roster:1", "Duplicate key", "all different"},
		{"json", "[{\"id\": \"a\"},\n {\"n\": 1}]", "id", "roster:2", "Empty key", "take the row out"},
		{"json", `[{"id": "a"}]`, "", "main.hcl:9", "Missing attribute", `key = "id"`},
		{"json", `[{"id": "a"}]`, "idd", "main.hcl:9", "Unknown column", "Did you mean id?"},
		{"json", `{"a": {}}`, "id", "main.hcl:9", "Rows have keys", "Leave key out"},
		{"json", "{\"a\": {},\n\"b\": 1}", "", "roster:2", "Not a row", "A roster is"},
		{"json", "[1]", "id", "main.hcl:9", "Unknown column", "Name one of its columns"},
		{"json", "[{\"id\": 1},\n1]", "id", "roster:2", "Not a row", "A roster is"},
		{"json", `"x"`, "", "roster:1", "Not a roster", "A roster is"},
		{"json", `{"a": {},}`, "", "roster:1", "Invalid JSON", "Take it out"},
		{"yaml", "a: {}\na: {}\n", "", "roster:2", "Duplicate key", ""},
		{"yaml", "a: {}\n\tb: {}\n", "", "roster:2", "Invalid YAML", "spaces"},
		{"yaml", "'': {}\n", "", "roster:1", "Empty key", ""},
	} {
		_, _, diags := Read(test.of, "roster", []byte(test.text), Options{Key: test.key, KeyAt: block, Delimiter: ','})
		if len(diags) != 1 {
			t.Errorf("%s %q: %d mistakes: %v", test.of, test.text, len(diags), diags)
			continue
		}
		d := diags[0]
		if at := fmt.Sprintf("%s:%d", d.Subject.Filename, d.Subject.Start.Line); at != test.at || d.Summary != test.summary || !strings.Contains(diagnose.Remedy(d), test.todo) {
			t.Errorf("%s %q: at %s: %s: %s %s\nwant at %s: %s: … %s", test.of, test.text, at, d.Summary, d.Detail, diagnose.Remedy(d), test.at, test.summary, test.todo)
		}
	}
}

// TestManyMistakes: a file with a mistake in each of its lines is not read to its end.
func TestManyMistakes(t *testing.T) {
	text := "id,name\n" + strings.Repeat("a\n", 1000)
	if _, _, diags := Read("csv", "roster", []byte(text), Options{Key: "id", Delimiter: ','}); len(diags) != most {
		t.Errorf("%d mistakes are reported, want %d", len(diags), most)
	}
}

// FuzzRead reads any bytes as each type: it must not panic, and either there are rows or it is said why not.
func FuzzRead(f *testing.F) {
	f.Add([]byte("id,name\na,\"b\"\n"), "id")
	f.Add([]byte(`[{"id": 1}]`), "id")
	f.Add([]byte("a: {b: c}\n"), "")
	f.Fuzz(func(t *testing.T, text []byte, key string) {
		for _, of := range Types() {
			rows, n, diags := Read(of, "roster", text, Options{Key: key, Delimiter: ','})
			if !diags.HasErrors() && (!rows.IsWhollyKnown() || rows.LengthInt() != n) {
				t.Errorf("%s: %#v is not %d rows", of, rows, n)
			}
			for _, d := range diags {
				if d.Subject == nil || d.Subject.Filename == "roster" && d.Subject.End.Byte > len(text) {
					t.Errorf("%s: %v is outside of the file", of, d)
				}
			}
		}
	})
}

// BenchmarkCSV reads ten thousand people.
func BenchmarkCSV(b *testing.B) {
	var text strings.Builder
	text.WriteString("id,name,email\n")
	for i := range 10000 {
		fmt.Fprintf(&text, "p%d,Person %d,p%d@example.com\n", i, i, i)
	}
	b.ReportAllocs()
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if _, n, diags := Read("csv", "roster", []byte(text.String()), Options{Key: "id", Delimiter: ','}); n != 10000 {
			b.Fatal(diags)
		}
	}
}
