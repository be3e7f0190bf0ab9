package sql

import (
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// TestMistakesInWriting: what is wrong with the statements of a folder is said before anything is asked.
func TestMistakesInWriting(t *testing.T) {
	a := eventsTable("integer primary key", "text", "text")
	update := a.folder.Attributes.String("update")
	unzoned := a
	unzoned.folder.Zone = nil
	pair := a.with("key", "")
	pair.folder.Attributes["key"] = []string{"office", "number"}
	with := func(a appointments, attribute string, v any) appointments {
		a = a.with(attribute, "")
		a.folder.Attributes[attribute] = v
		return a
	}
	booking := with(pair.with("insert", "insert into appointment (title) values (:summary) returning office, number").with("delete", "delete from appointment where office = :office and number = :number"), "key", []string{"room", "start"}).
		with("update", "update appointment set starts_at = :start where room = :room and start = :start").with("delete", "delete from appointment where room = :room and start = :start")
	course := with(with(booking, "key", []string{"course", "number"}), "extra", providers.Mapping{Names: []string{"course"}}).with("update", "update appointment set title = :summary where course = :course and number = :number")
	parted := with(booking, "key", []string{"partition", "number"}).with("partition", "office").with("update", "update appointment set title = :summary where part = :partition and number = :number")
	keyed := with(a, "key", []string{"start"}).with("update", "update appointment set starts_at = :start where start = :start")
	constant := a.with("params", "")
	constant.folder.Attributes["params"] = map[string]any{"office": 3.0}
	tables := a.with("table", "")
	tables.folder.Attributes["table"] = []providers.Table{{Name: "a"}}
	for _, c := range []struct {
		name string
		in   *dialect
		appointments
		want string
	}{
		{"one is missing", sqliteDialect(), a.with("delete", " "), "delete: the statement is missing: a folder is written with insert, update and delete, or read without any of them"},
		{"two are missing", sqliteDialect(), a.with("delete", "").with("insert", ""), "insert and delete: the statement is missing"},
		{"a parameter that is not there", sqliteDialect(), a.with("update", "update appointment\nset title = :titel where id = :key"), "update: line 2, column 13: there is no parameter :titel; there are :alarms, "},
		{"an item in a delete", sqliteDialect(), a.with("delete", "delete from appointment where id = :key and title = :summary"), "delete: line 1, column 53: there is no parameter :summary; there are :id, :key, :version"},
		{"a version in an insert", sqliteDialect(), a.with("insert", "insert into appointment (changes) values (:version)"), "insert: line 1, column 43: there is no parameter :version"},
		{"a version of no column", sqliteDialect(), a.with("version", ""), "update: line 1, column 190: :version is the value of a column: say which, in version"},
		{"no row is named", sqliteDialect(), a.with("update", "update appointment set title = :summary"), "update: it does not say which row: add where id = :key"},
		{"half of a key is named", sqliteDialect(), pair.with("insert", "insert into appointment (title) values (:summary) returning office, number").with("update", "update appointment set title = :summary where office = :office"), "update: it does not say which row: add where office = :office and number = :number"},
		{"the key of a pair", sqliteDialect(), pair.with("insert", "insert into appointment (title) values (:summary) returning office, number"), "update: line 1, column 171: there is no parameter :key"},
		{"a key that the item says", sqliteDialect(), booking, "update: line 1, column 36: :start is what the item says, and a column of key as well: let the query call the column something else, with as, and write that in key"},
		{"a key of one column that the item says", sqliteDialect(), keyed, "update: line 1, column 36: :start is what the item says, and a column of key as well: say which row by :key"},
		{"a key that extra names", sqliteDialect(), course, "update: line 1, column 56: :course is what the item says, and a column of key as well"},
		{"a key that is called like the partition", sqliteDialect(), parted, "update: line 1, column 54: :partition is the partition, and a column of key as well"},
		{"no key comes back", postgresDialect(), a.without(" returning id"), "insert: it does not tell the key of the new row: end it with returning id"},
		{"no key comes back", sqlserverDialect(), a.without(" returning id"), "insert: it does not tell the key of the new row: write output inserted.id before values"},
		{"no key comes back", oracleDialect(), a.without(" returning id"), "insert: it does not tell the key of the new row: write :key into id, which Accord makes then"},
		{"no key comes back", sqliteDialect(), a.without(" returning id"), "insert: it does not tell the key of the new row: end it with returning id"},
		{"nowhere", sqliteDialect(), unzoned, "insert: line 1, column 101: times cannot be written without knowing where: say timezone, of the folder or of its provider"},
		{"a text without end", sqliteDialect(), a.with("update", update+" and note = 'x"), "update: line 1, column 210: what begins with a quote here has no end"},
		{"a constant for nobody", sqliteDialect(), constant, `params gives "office", and neither the query nor a statement has :office`},
		{"over tables", sqliteDialect(), tables, "a folder over table blocks is only read: leave insert, update and delete out"},
	} {
		_, err := c.in.writingOf(c.folder)
		if err == nil || !strings.HasPrefix(err.Error(), "sql: folder.appointments: "+c.want) || providers.ClassOf(err) != providers.Refused {
			t.Errorf("%s, %s: %v (%s)\nwant %s", c.name, c.in.name, err, providers.ClassOf(err), c.want)
		}
	}
	if _, err := (Driver{}).Locate(providers.Config{Attributes: providers.Attributes{"driver": "sqlite", "dsn": "a.db"}}, a.with("delete", "").folder); err == nil {
		t.Error("nobody says so when the configuration is checked")
	}
}

func TestReadOnlyWithoutStatements(t *testing.T) {
	a := eventsTable("integer primary key", "text", "text").with("insert", "").with("update", "").with("delete", "")
	if w, err := sqliteDialect().writingOf(a.folder); w != nil || err != nil {
		t.Errorf("a folder without statements: %v, %v", w, err)
	}
	r := &recorder{}
	f := r.folder(t, sqliteDialect(), a)
	if !f.Capabilities().ReadOnly {
		t.Error("the folder says that it can be written")
	}
	same(t, "the outcomes", classes(f.Write(t.Context(), batchOf(t))), []string{"refused", "refused", "refused"})
	same(t, "the statements", r.take(), nil)
}

// TestWhatAFolderCan: what its statements make it able to do.
func TestWhatAFolderCan(t *testing.T) {
	a := eventsTable("integer primary key", "text", "text")
	r := &recorder{}
	if c := r.folder(t, sqliteDialect(), a).Capabilities(); c.ReadOnly || !c.Conditional || c.Creates != providers.ByUID || !c.Zoned || c.Markers {
		t.Errorf("with uid and version: %+v", c)
	}
	if c := r.folder(t, sqliteDialect(), a.with("delete", "delete from appointment where id = :key")).Capabilities(); c.Conditional {
		t.Errorf("a delete without version: %+v", c)
	}
	if c := r.folder(t, sqlserverDialect(), withoutUID(outputInsert)).Capabilities(); c.Creates != providers.NotIdempotent {
		t.Errorf("without uid: %+v", c)
	}
}

// TestParametersOfAnItem shows what the parameters of an item are.
func TestParametersOfAnItem(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	partition := "north"
	cfg := providers.FolderConfig{
		Address: "folder.people", Kind: pim.Contacts, Partition: &partition, Zone: london,
		Attributes: providers.Attributes{
			"query": "select * from person", "key": []string{"office", "number"}, "partition": "region", "version": "changes", "params": map[string]any{"source": "accord"},
			"fields": columnsOf(map[string]string{"name": "name"}), "extra": providers.Mapping{Names: []string{"group_type"}},
			"insert": "insert into person values (:uid, :name, :emails, :addresses, :categories, :birthday, :photo, :group_type, :partition, :source) returning office, number",
			"update": "update person set name = :name where office = :office and number = :number and changes = :version",
			"delete": "delete from person where office = :office and number = :number",
		},
	}
	w, err := sqliteDialect().writingOf(cfg)
	if err != nil {
		t.Fatal(err)
	}
	it, err := pim.Parse(pim.Contacts, []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada@example.com\r\nFN:Ada\r\nN:L;Ada;;;\r\nEMAIL;TYPE=WORK:ada@example.com\r\nEMAIL:ada@home.example\r\n"+
		"ADR:;;1 Park Row;Leeds;;LS1;UK\r\nCATEGORIES:Board,Law\r\nBDAY:1980-04-15\r\nX-GROUP-TYPE:lab\r\nEND:VCARD\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		write providers.Write
		want  []any
	}{
		{providers.Write{Kind: providers.Create, Item: it}, []any{
			"ada@example.com", "Ada", "ada@example.com, ada@home.example", "1 Park Row, LS1, Leeds, UK", "Board, Law", "1980-04-15", int64(0), "lab", "north", "accord",
		}},
		{providers.Write{Kind: providers.Update, Item: it, Ref: "a%2Fb/7", Version: "0123-9"}, []any{"Ada", "a/b", "7", "9"}},
		{providers.Write{Kind: providers.Delete, Ref: "a%2Fb/7", Version: "0123-9"}, []any{"a/b", "7"}},
	} {
		b, err := w.bind(c.write)
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Args) != len(c.want) {
			t.Fatalf("%s: %q, want %q", c.write.Kind, b.Args, c.want)
		}
		for i, want := range c.want {
			if b.Args[i] != want {
				t.Errorf("%s: parameter %d is %#v, want %#v", c.write.Kind, i+1, b.Args[i], want)
			}
		}
	}
	if _, err := w.bind(providers.Write{Kind: providers.Delete, Ref: "7"}); providers.ClassOf(err) != providers.Missing {
		t.Errorf("a ref of another key: %v", err)
	}
}
