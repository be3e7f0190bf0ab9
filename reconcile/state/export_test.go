package state

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestExportIsExact: what is imported from an export is the state that was exported, and is exported alike.
func TestExportIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := Memory()
		for range rapid.IntRange(1, 3).Draw(t, "commits") {
			b := batches().Draw(t, "batch")
			for _, e := range b.Entries {
				b.Applies = append(b.Applies, Apply{Number: e.Apply})
			}
			if err := from.Commit(b); err != nil {
				t.Fatal(err)
			}
		}
		var text, again bytes.Buffer
		n, err := Export(&text, from, true)
		if err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(text.String(), "\n"); lines != n+2 {
			t.Fatalf("%d records are in %d lines", n, lines)
		}
		to := Memory()
		if got, err := Import(to, bytes.NewReader(text.Bytes())); err != nil || got != n {
			t.Fatalf("%d of %d records were imported: %v\n%s", got, n, err, text.String())
		}
		if got, want := dump(t, to), dump(t, from); got != want {
			t.Fatalf("imported:\n%s\nexported:\n%s\nas\n%s", got, want, text.String())
		}
		if _, err := Export(&again, to, true); err != nil || again.String() != text.String() {
			t.Fatalf("the second export differs: %v\n%s\n%s", err, again.String(), text.String())
		}
	})
}

// stuff sets every field of a value, at any depth, to something that is not zero.
func stuff(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		stuff(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		stuff(v.Index(0), n)
		stuff(v.Index(1), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		stuff(key, n)
		stuff(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(int64(*n), 7).UTC()))
			return
		}
		for i := range v.NumField() {
			stuff(v.Field(i), n)
		}
	default:
		panic("a record has a field of kind " + v.Kind().String() + ", of which an export knows nothing")
	}
}

func whole[T any](t *testing.T) {
	t.Helper()
	var record T
	n := 0
	stuff(reflect.ValueOf(&record).Elem(), &n)
	line, err := appendLine(nil, "record", record)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := readLine[T](line); err != nil || !reflect.DeepEqual(got, record) {
		t.Errorf("%T: %v\n%+v\n%+v\n%s", record, err, got, record, line)
	}
	if _, err := readLine[T]([]byte(strings.Replace(string(line), "{", `{"colour":1,`, 1))); err == nil || !strings.Contains(err.Error(), `"colour" is unknown`) {
		t.Errorf("%T: an unknown field is %v", record, err)
	}
}

// TestLinesHaveEveryField: a field that is added to a record is in exports from then on.
func TestLinesHaveEveryField(t *testing.T) {
	whole[Header](t)
	whole[Folder](t)
	whole[FolderItem](t)
	whole[Relationship](t)
	whole[Pair](t)
	whole[Data](t)
	whole[Health](t)
	whole[Apply](t)
	whole[Entry](t)
}

// TestExportHasEveryRecord: a kind of record that is added to a Batch is in exports from then on.
func TestExportHasEveryRecord(t *testing.T) {
	kinds := reflect.TypeFor[Batch]()
	for i := range kinds.NumField() {
		field := kinds.Field(i)
		if field.Type.Kind() != reflect.Slice || strings.HasPrefix(field.Name, "Drop") {
			continue
		}
		from, n := Memory(), 0
		commit(t, from, &Batch{Applies: []Apply{{Number: 3}}}) // of which an entry is
		record := reflect.New(field.Type.Elem()).Elem()
		stuff(record, &n)
		if e, ok := record.Addr().Interface().(*Entry); ok {
			e.Apply = 3
		}
		b := &Batch{}
		reflect.ValueOf(b).Elem().Field(i).Set(reflect.Append(reflect.MakeSlice(field.Type, 0, 1), record))
		commit(t, from, b)
		var text bytes.Buffer
		if n, err := Export(&text, from, true); err != nil || n != 2 {
			t.Errorf("%s: %d records are exported, of 2: %v\n%s", field.Name, n, err, text.String())
		}
		if n, err := Import(Memory(), &text); err != nil || n != 2 {
			t.Errorf("%s: %d records are imported, of 2: %v", field.Name, n, err)
		}
	}
}

func TestExportHoldsNoContentUnlessAskedFor(t *testing.T) {
	from := Memory()
	commit(t, from, &Batch{Workspace: "office", Applies: []Apply{{Number: 3, Size: 9}}, Entries: []Entry{{Apply: 3, Seq: 1, Images: []byte("BEGIN:VEVENT"), Outcome: "done"}}})
	for _, images := range []bool{false, true} {
		var text bytes.Buffer
		if _, err := Export(&text, from, images); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text.String(), `"images"`) != images || strings.Contains(text.String(), `"size"`) != images {
			t.Errorf("with images %v, the export is\n%s", images, text.String())
		}
	}
}

func TestImportRefusesWhatIsNoExport(t *testing.T) {
	from := Memory()
	commit(t, from, &Batch{Workspace: "office", Data: []Data{{Address: "data.a", Rows: 3}, {Address: "data.b", Rows: 4}}})
	var text bytes.Buffer
	if _, err := Export(&text, from, false); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(text.String(), "\n")
	for name, test := range map[string]struct{ text, want string }{
		"nothing":       {"", "ends before its last line"},
		"cut off":       {strings.Join(lines[:2], ""), "ends before its last line"},
		"a line short":  {lines[0] + lines[1] + lines[3], "line 3: it counts 2 records, and there are 1"},
		"no first line": {strings.Join(lines[1:], ""), "line 1: an export begins"},
		"no JSON":       {"BEGIN:VCALENDAR\n", "line 1: it is no JSON object"},
		"more after it": {text.String() + lines[1], "line 5: it comes after the last line"},
		"unknown type":  {lines[0] + `{"type":"colour"}` + "\n", `line 2: its type "colour" is unknown`},
		"newer":         {`{"type":"state","format":999}` + "\n", "line 1: it has format 999"},
		"wrong kind":    {lines[0] + `{"type":"data","rows":"many"}` + "\n", "line 2: rows: "},
	} {
		if _, err := Import(Memory(), strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v, want %q", name, err, test.want)
		}
	}
}

func FuzzImport(f *testing.F) {
	f.Add(`{"type":"state","format":1,"workspace":"office","last_apply":2}` + "\n" + `{"type":"pair","relationship":"r","original":{"base64":"/w=="}}` + "\n" + `{"type":"end","records":1}` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		to := Memory()
		if _, err := Import(to, strings.NewReader(text)); err != nil {
			return
		}
		if _, err := Export(&bytes.Buffer{}, to, true); err != nil {
			t.Errorf("what was imported cannot be exported: %v", err)
		}
	})
}
