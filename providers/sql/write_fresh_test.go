package sql

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/accord-sync/accord/providers"
)

// office is a recorded database with a table that partitions of one block are written to.
type office struct {
	recorder
	mu     sync.Mutex
	rows   [][]driver.Value
	writes [][]driver.Value // of the transaction that was not ended yet

	hold chan struct{} // an insert waits for it; nil: it does not
	last chan struct{} // the end of the next query waits for it; nil: it does not
}

func newOffice() *office {
	o := &office{}
	o.answer = o.answers
	return o
}

func (o *office) answers(text string) (answered, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case strings.HasPrefix(text, "insert"):
		if hold := o.hold; hold != nil {
			o.mu.Unlock()
			<-hold
			o.mu.Lock()
		}
		id := int64(len(o.rows) + 1)
		o.writes = append(o.writes, []driver.Value{id, strings.Split(text, " | ")[1], "A", "2026-07-06", int64(1)})
		return answered{columns: []string{"id"}, types: []string{"INT"}, rows: [][]driver.Value{{id}}}, nil
	case text == "commit":
		o.rows, o.writes = append(o.rows, o.writes...), nil
	case strings.HasPrefix(text, "select"):
		a := answered{columns: []string{"id", "office", "title", "starts_at", "changes"}, types: []string{"INT", "NVARCHAR", "NVARCHAR", "NVARCHAR", "INT"}, end: o.last}
		o.last = nil
		a.rows = append(append(a.rows, o.rows...), o.writes...)
		return a, nil
	}
	return answered{affected: 1}, nil
}

// in is a folder over one office.
func (o *office) in(t *testing.T, p *provider, name string) *folder {
	t.Helper()
	a := withoutUID("insert into appointment (office, title, starts_at) output inserted.id values (:partition, :summary, :start)").with("partition", "office")
	a.folder.Address, a.folder.Partition = fmt.Sprintf("folder.appointments.partition[%q]", name), &name
	if p == nil {
		return o.folder(t, sqlserverDialect(), a)
	}
	f, err := p.Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	return f.(*folder)
}

func fetched(t *testing.T, f providers.Folder, ref string) (got providers.Fetched) {
	t.Helper()
	if err := f.Fetch(t.Context(), []string{ref}, func(one providers.Fetched) error { got = one; return nil }); err != nil {
		t.Error(err)
	}
	return got
}

// TestPartitionsWrittenAtOnce: what is read of one partition while another one is written is not what its writer gets, neither when it waits for that read nor afterwards.
func TestPartitionsWrittenAtOnce(t *testing.T) {
	for name, soon := range map[string]bool{"while it is read": true, "afterwards": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice()
				north := o.in(t, nil, "north")
				defer north.p.Close()
				south := o.in(t, north.p, "south")
				create := func(f *folder) []string {
					return classes(f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: meeting(t, "a@example.com", "A")}}))
				}
				same(t, "of north", create(north), []string{"done 1"})

				hold, last := make(chan struct{}), make(chan struct{})
				o.hold, o.last = hold, last
				var all sync.WaitGroup
				all.Go(func() { same(t, "of south", create(south), []string{"done 2"}) })
				synctest.Wait() // its transaction is begun
				all.Go(func() {
					if got := fetched(t, north, "1"); got.Err != nil {
						t.Error(got.Err)
					}
				})
				synctest.Wait() // the query has given all that was there
				close(hold)
				synctest.Wait() // its transaction is done
				look := func() {
					if got := fetched(t, south, "2"); got.Err != nil {
						t.Errorf("what was just written: %v", got.Err)
					}
				}
				if soon {
					all.Go(look)
					synctest.Wait() // it waits for the query that still runs
				}
				close(last)
				all.Wait()
				look()
			})
		})
	}
}

// TestWaitingForOneRead: those who ask while the rows are read have the next read in common.
func TestWaitingForOneRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice()
		f := o.in(t, nil, "north")
		defer f.p.Close()
		f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: meeting(t, "a@example.com", "A")}})
		o.take()
		last := make(chan struct{})
		o.last = last
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if got := fetched(t, f, "1"); got.Err != nil {
					t.Error(got.Err)
				}
			})
		}
		synctest.Wait() // one reads
		close(last)
		all.Wait()
		queries := 0
		for _, text := range o.take() {
			if strings.HasPrefix(text, "select") {
				queries++
			}
		}
		if queries != 2 {
			t.Errorf("five who ask at a time have %d reads, want one and the next", queries)
		}
	})
}

// TestLookingBetweenBatches: once a folder is written, who looks sees what others wrote since.
func TestLookingBetweenBatches(t *testing.T) {
	file := fileOf(t, eventsTable("integer primary key autoincrement", "text", "text").table+
		`; insert into appointment (uid, title, starts_at) values ('b@example.com', 'B', '2026-07-06'), ('c@example.com', 'C', '2026-07-06')`)
	a := eventsTable("", "", "").with("update", "update appointment set title = :summary where id = :key")
	p := opened(t, "sqlite", file)
	f, err := p.Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	title := func(ref string) string {
		got := fetched(t, f, ref)
		if got.Err != nil {
			t.Fatal(got.Err)
		}
		return got.Item.Title()
	}
	if title("1") != "B" || title("2") != "C" {
		t.Fatal("the rows are others")
	}
	same(t, "the outcomes", classes(f.Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: "1", Item: meeting(t, "b@example.com", "B2")}})), []string{"done 1"})
	if got := title("1"); got != "B2" {
		t.Errorf("read back is %q", got)
	}
	clerk(t, file, "update appointment set title = 'Settled' where id = 2")
	if got := title("2"); got != "Settled" {
		t.Errorf("before the next batch there is %q", got)
	}
}

// TestSettle: who looks before writing sees what is there, also before the first write.
func TestSettle(t *testing.T) {
	a := eventsTable("integer primary key autoincrement", "text", "text")
	file := fileOf(t, a.table+`; insert into appointment (uid, title, starts_at) values ('b@example.com', 'B', '2026-07-06')`)
	f, err := opened(t, "sqlite", file).Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		settle bool
		want   string
	}{{false, "B"}, {false, "B"}, {true, "Settled"}} {
		if step.settle {
			if err := providers.Settle(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		if got := fetched(t, f, "1"); got.Err != nil || got.Item.Title() != step.want {
			t.Errorf("settled %v: %+v, want %q", step.settle, got, step.want)
		}
		clerk(t, file, "update appointment set title = 'Settled'")
	}
}

// clerk is another program that writes.
func clerk(t *testing.T, file, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}
