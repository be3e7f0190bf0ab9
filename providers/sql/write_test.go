package sql

import (
	"context"
	"database/sql/driver"
	"io"
	"strings"
	"testing"
	"time"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func meeting(t *testing.T, uid, title string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(pim.Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:"+uid+"\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART;TZID=Europe/Paris:20260706T100000\r\nDTEND:20260706T090000Z\r\nSUMMARY:"+title+"\r\nCATEGORIES:Court,Urgent\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// withoutUID is a table that keeps no UIDs: nobody looks for twins in it.
func withoutUID(insert string) appointments {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	a := eventsTable("int", "text", "datetime2").with("insert", insert)
	a = a.with("fields", "").with("update", "update appointment set title = :summary, starts_at = :start where id = :key and changes = :version")
	a.folder.Attributes["fields"] = columnsOf(map[string]string{"summary": "title", "start": "starts_at", "end": "ends_at"})
	a.folder.Zone = london
	return a
}

// batchOf creates, updates and deletes.
func batchOf(t *testing.T) []providers.Write {
	return []providers.Write{
		{Kind: providers.Create, Item: meeting(t, "a@example.com", "A")},
		{Kind: providers.Update, Ref: "7", Version: "0123456789ab-4", Item: meeting(t, "b@example.com", "B")},
		{Kind: providers.Delete, Ref: "8", Version: "0123456789ab-2"},
	}
}

func classes(outcomes []providers.Outcome) (list []string) {
	for _, o := range outcomes {
		list = append(list, strings.TrimSpace(string(o.Class)+" "+o.Ref))
	}
	return list
}

// kept is what a database answers that does as it is told: an insert gives 31, and the query what was written.
func kept(text string) answered {
	if !strings.HasPrefix(text, "select") {
		return answered{columns: []string{"id"}, types: []string{"INT"}, rows: [][]driver.Value{{int64(31)}}, affected: 1}
	}
	return answered{columns: []string{"id"}, types: []string{"NVARCHAR"}, rows: [][]driver.Value{{"31"}, {"7"}, {"a@example.com"}}}
}

const outputInsert = "insert into appointment (title, starts_at, ends_at) output inserted.id values (:summary, :start, :end)"

// TestRecordedWrites shows what the databases are asked of which no server runs here.
func TestRecordedWrites(t *testing.T) {
	for _, c := range []struct {
		in     *dialect
		insert string
		want   []string
		ref    string
	}{
		{sqlserverDialect(), outputInsert, []string{
			"begin", "save transaction item",
			"insert into appointment (title, starts_at, ends_at) output inserted.id values (@p1, @p2, @p3) | A | 2026-07-06T09:00:00+01:00 | 2026-07-06T10:00:00+01:00",
			"save transaction item", "update appointment set title = @p1, starts_at = @p2 where id = @p3 and changes = @p4 | B | 2026-07-06T09:00:00+01:00 | 7 | 4",
			"save transaction item", "delete from appointment where id = @p1 and changes = @p2 | 8 | 2", "select * from appointment", "commit",
		}, "31"},
		{oracleDialect(), "insert into appointment (id, title, starts_at, ends_at) values (:key, :summary, :start, :end)", []string{
			"begin", "savepoint item",
			"insert into appointment (id, title, starts_at, ends_at) values (:1, :2, :3, :4) | a@example.com | A | 2026-07-06T09:00:00 | 2026-07-06T10:00:00",
			"savepoint item", "update appointment set title = :1, starts_at = :2 where id = :3 and changes = :4 | B | 2026-07-06T09:00:00 | 7 | 4",
			"savepoint item", "delete from appointment where id = :1 and changes = :2 | 8 | 2", "select * from appointment", "commit",
		}, "a@example.com"},
	} {
		t.Run(c.in.name, func(t *testing.T) {
			r := &recorder{answer: func(text string) (answered, error) { return kept(text), nil }}
			f := r.folder(t, c.in, withoutUID(c.insert))
			outcomes := f.Write(t.Context(), batchOf(t))
			same(t, "the statements", r.take(), c.want)
			same(t, "the outcomes", classes(outcomes), []string{"done " + c.ref, "done 7", "done"})
			if !outcomes[0].Changed || !outcomes[1].Changed {
				t.Error("nobody looks what the database made of it")
			}
		})
	}
}

// TestRecordedReads shows how a database is read whose snapshots no server here has.
func TestRecordedReads(t *testing.T) {
	for _, c := range []struct {
		in   *dialect
		want []string
	}{
		{sqlserverDialect(), []string{"set transaction isolation level snapshot", "begin transaction", "save transaction item", "select * from appointment"}},
		{oracleDialect(), []string{"set transaction read only", "savepoint item", "select * from appointment"}},
	} {
		r := &recorder{answer: func(text string) (answered, error) {
			return answered{columns: []string{"id", "title", "starts_at", "changes"}, types: []string{"INT", "NVARCHAR", "DATETIME2", "INT"},
				rows: [][]driver.Value{{int64(1), "A", time.Date(2026, 7, 6, 9, 0, 0, 0, time.UTC), int64(1)}}}, nil
		}}
		f := r.folder(t, c.in, withoutUID(strings.ReplaceAll(outputInsert, "(title", "(:key, title")))
		if read, err := f.Changes(t.Context(), "", func(providers.Change) error { return nil }); err != nil || !read.Complete {
			t.Errorf("%s: %+v, %v", c.in.name, read, err)
		}
		same(t, c.in.name, r.take(), c.want)
	}
}

// TestTransactions has things go wrong in the middle of a batch: of what did not happen, no outcome says that it did.
func TestTransactions(t *testing.T) {
	deadlock, constraint := mssql.Error{Number: 1205, Message: "deadlock victim"}, mssql.Error{Number: 547, Message: "conflicted with the CHECK constraint"}
	for _, c := range []struct {
		name, on string // what the statement begins with that fails
		err      error
		only     int // how often; 0: always
		want     []string
		ends     string // what the database was asked last
	}{
		{"one is refused", "update", constraint, 0, []string{"done 31", "refused", "done"}, "commit"},
		{"a deadlock", "update", deadlock, 0, []string{"transient", "transient", "transient"}, "rollback"},
		{"the connection breaks off", "delete", io.ErrUnexpectedEOF, 0, []string{"unreachable", "unreachable", "unreachable"}, "rollback"},
		{"no transaction", "begin", mssql.Error{Number: 10928, Message: "too many"}, 0, []string{"transient", "transient", "transient"}, "begin"},
		{"no answer to the end", "commit", io.ErrUnexpectedEOF, 0, []string{"unknown", "unknown", "unknown"}, "commit"},
		{"the end is refused once", "commit", constraint, 1, []string{"done 31", "done 7", "done"}, "commit"},
		{"the end is refused always", "commit", constraint, 0, []string{"refused", "refused", "refused"}, "commit"},
		{"the transaction is doomed", "rollback transaction item", constraint, 0, []string{"done 31", "refused", "done"}, "commit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := 0
			r := &recorder{answer: func(text string) (answered, error) {
				doomed := strings.HasPrefix(c.on, "rollback t") && strings.HasPrefix(text, "update")
				if doomed || strings.HasPrefix(text, c.on) && (c.only == 0 || failed < c.only) {
					failed++
					return answered{}, c.err
				}
				return kept(text), nil
			}}
			f := r.folder(t, sqlserverDialect(), withoutUID(outputInsert))
			outcomes := f.Write(t.Context(), batchOf(t))
			same(t, "the outcomes", classes(outcomes), c.want)
			if log := r.take(); log[len(log)-1] != c.ends {
				t.Errorf("it ends with %q, want %q", log[len(log)-1], c.ends)
			}
			for _, o := range outcomes {
				if o.Class != providers.Done && (o.Err == nil || !strings.HasPrefix(o.Err.Error(), "sql: folder.appointments: ")) {
					t.Errorf("%s: %v", o.Class, o.Err)
				}
			}
		})
	}
}

// TestInterruptedInTheMiddle ends the context while a batch is written.
func TestInterruptedInTheMiddle(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &recorder{answer: func(text string) (answered, error) {
		if strings.HasPrefix(text, "update") {
			cancel()
		}
		return kept(text), nil
	}}
	f := r.folder(t, sqlserverDialect(), withoutUID(outputInsert))
	same(t, "the outcomes", classes(f.Write(ctx, batchOf(t))), []string{"transient", "transient", "transient"})
	if log := r.take(); log[len(log)-1] != "rollback" {
		t.Errorf("it ends with %q", log[len(log)-1])
	}
}

// TestRowsThatAreNotThere: what meets no row is looked at.
func TestRowsThatAreNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		update string
		want   []string
	}{
		"with versions":    {"update appointment set title = :summary where id = :key and changes = :version", []string{"stale", "missing"}},
		"without versions": {"update appointment set title = :summary where id = :key", []string{"refused", "missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := &recorder{answer: func(text string) (answered, error) {
				if strings.HasPrefix(text, "select") {
					return answered{columns: []string{"id", "title", "starts_at", "changes"}, types: []string{"INT", "NVARCHAR", "NVARCHAR", "INT"},
						rows: [][]driver.Value{{int64(7), "B", "2026-07-06", int64(5)}}}, nil
				}
				return answered{}, nil
			}}
			f := r.folder(t, sqlserverDialect(), withoutUID(outputInsert).with("update", c.update))
			same(t, "the outcomes", classes(f.Write(t.Context(), batchOf(t)[1:])), c.want)
		})
	}
}

// TestTwins: an item whose UID is there is not made again, and the UIDs are read once for as long as items are only added.
func TestTwins(t *testing.T) {
	reads := 0
	r := &recorder{answer: func(text string) (answered, error) {
		if strings.HasPrefix(text, "select") {
			reads++
			return answered{columns: []string{"id", "uid", "starts_at", "changes"}, types: []string{"INT", "TEXT", "TEXT", "INT"},
				rows: [][]driver.Value{{int64(7), "there@example.com", "2026-07-06", int64(5)}, {int64(31), "made@example.com", "2026-07-06", int64(1)}}}, nil
		}
		return kept(text), nil
	}}
	a := eventsTable("int", "text", "text")
	f := r.folder(t, sqlserverDialect(), a.with("insert", "insert into appointment (uid, title) output inserted.id values (:uid, :summary)"))
	create := func(uids ...string) []string {
		var writes []providers.Write
		for _, uid := range uids {
			writes = append(writes, providers.Write{Kind: providers.Create, Item: meeting(t, uid, "A")})
		}
		return classes(f.Write(t.Context(), writes))
	}
	same(t, "the first batch", create("a@example.com", "b@example.com"), []string{"done 31", "done 31"})
	same(t, "the second batch", create("c@example.com"), []string{"done 31"})
	if reads != 3 {
		t.Errorf("the rows were read %d times, want once for the UIDs, and once before each transaction ends", reads)
	}
	same(t, "twins", create("a@example.com", "there@example.com", "d@example.com", "d@example.com"), []string{"stale", "stale", "done 31", "stale"})
}

// TestAstray writes what the query then does not give: it is refused, as it would be made again in every run, and the others are written.
func TestAstray(t *testing.T) {
	a := eventsTable("integer primary key autoincrement", "text", "text").with("query", "select * from appointment where ends_at > '2026-03-01'")
	for _, c := range []struct {
		name string
		appointments
		want []string
	}{
		{"all are given", a, []string{"done 3", "done 1", "done"}},
		{"an insert that leaves out what the query asks for", a.with("insert", "insert into appointment (uid, title, starts_at, ends_at) values (:uid, :summary, :start, '1999-01-01') returning id"), []string{"refused", "done 1", "done"}},
		{"an update out of the query", a.with("update", "update appointment set ends_at = '1999-01-01' where id = :key and changes = :version"), []string{"done 3", "refused", "done"}},
		{"an update of more than its row", a.with("update", "update appointment set title = :summary where id = :key and changes = :version or title = 'C'"), []string{"done 3", "refused", "done"}},
		{"a delete of more than its row", a.with("delete", "delete from appointment where id = :key and changes = :version or title = 'B'").with("update", "update appointment set starts_at = :start, ends_at = :end where id = :key and changes = :version"), []string{"done 3", "done 1", "refused"}},
		{"an insert that gives back another column", a.with("insert", strings.Replace(a.folder.Attributes.String("insert"), "returning id", "returning changes", 1)), []string{"refused", "done 1", "done"}},
		{"a delete that does nothing", a.with("delete", "update appointment set changes = changes + 1 where id = :key and changes = :version"), []string{"done 3", "done 1", "refused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := fileOf(t, c.table+`; insert into appointment (uid, title, starts_at, ends_at) values ('b@example.com', 'B', '2026-07-06', '2026-07-07'), ('c@example.com', 'C', '2026-07-06', '2026-07-07')`)
			f, err := opened(t, "sqlite", file).Folder(t.Context(), c.folder)
			if err != nil {
				t.Fatal(err)
			}
			outcomes := f.Write(t.Context(), []providers.Write{
				{Kind: providers.Create, Item: meeting(t, "a@example.com", "A")},
				{Kind: providers.Update, Ref: "1", Version: "0123-1", Item: meeting(t, "b@example.com", "B")},
				{Kind: providers.Delete, Ref: "2", Version: "0123-1"},
			})
			same(t, "the outcomes", classes(outcomes), c.want)
			want := map[string]bool{"1": true, "3": outcomes[0].Class == providers.Done, "2": outcomes[2].Class != providers.Done}
			if _, err := f.Changes(t.Context(), "", func(c providers.Change) error {
				if !want[c.Ref] {
					t.Errorf("%s is there", c.Ref)
				}
				delete(want, c.Ref)
				return nil
			}); err != nil {
				t.Fatal(err)
			}
			for ref, there := range want {
				if there {
					t.Errorf("%s is not there", ref)
				}
			}
		})
	}
}

// TestKeysThatLookLikeTimes: the key of what is written is what the table has, and meets its row.
func TestKeysThatLookLikeTimes(t *testing.T) {
	for _, c := range []struct {
		kind, returning string
		want            []string
		ref             string // of what was made
	}{
		{"text", "starts_at", []string{"done 2026-07-06 09:00:00", "done 2026-10-05 09:00:00", "done"}, "2026-07-06 09:00:00"},
		{"datetime", "+starts_at", []string{"done 2026-07-06 09:00:00", "done 2026-10-05 09:00:00", "done"}, "2026-07-06 09:00:00"},
		{"datetime", "starts_at", []string{"refused", "done 2026-10-05 09:00:00", "done"}, ""},
	} {
		t.Run(c.kind+" "+c.returning, func(t *testing.T) {
			a := withoutUID("insert into appointment (title, starts_at) values (:summary, :start) returning "+c.returning).with("query", "select starts_at, title, ends_at, changes from appointment").
				with("update", "update appointment set title = :summary where starts_at = :key").with("delete", "delete from appointment where starts_at = :starts_at and changes = :version")
			a.folder.Attributes["key"] = []string{"starts_at"}
			f, err := opened(t, "sqlite", fileOf(t, "create table appointment (starts_at "+c.kind+" primary key, title text, ends_at text, changes integer not null default 1);"+
				" insert into appointment (title, starts_at) values ('A', '2026-10-05 09:00:00'), ('B', '2026-10-06 09:00:00')")).Folder(t.Context(), a.folder)
			if err != nil {
				t.Fatal(err)
			}
			outcomes := f.Write(t.Context(), []providers.Write{
				{Kind: providers.Create, Item: meeting(t, "a@example.com", "C")},
				{Kind: providers.Update, Ref: "2026-10-05 09:00:00", Version: "0123-1", Item: meeting(t, "b@example.com", "A2")},
				{Kind: providers.Delete, Ref: "2026-10-06 09:00:00", Version: "0123-1"},
			})
			same(t, "the outcomes", classes(outcomes), c.want)
			if err := outcomes[0].Err; err != nil && !strings.Contains(err.Error(), `column "starts_at", which is its key, comes as a time, and the text that the table has is not known: write a + before it`) {
				t.Error(err)
			}
			if got := fetched(t, f, "2026-10-05 09:00:00"); got.Err != nil || got.Item.Title() != "A2" || !strings.Contains(string(got.Item.Bytes()), "DTSTART;TZID=Europe/London:20261005T090000") {
				t.Errorf("what was changed is %+v", got)
			}
		})
	}
	a := eventsTable("text primary key", "text", "text").with("insert", "").with("update", "").with("delete", "")
	f, err := opened(t, "sqlite", fileOf(t, a.table+"; insert into appointment (id, uid, starts_at) values ('2026-10-05 09:00:00', 'a', '2026-10-05')")).Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := fetched(t, f, "2026-10-05T09:00:00"); got.Err != nil {
		t.Errorf("what is only read has another ref than before: %v", got.Err)
	}
}
