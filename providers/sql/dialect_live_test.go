package sql

import (
	"database/sql"
	"net"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/providers/sql/internal/named"
)

// TestServersThatRefuse asks real servers with a dsn that is wrong, and for what is not there, and looks that no password is in what is said.
func TestServersThatRefuse(t *testing.T) {
	running.Each(t, running.Databases(), func(t *testing.T, server string) {
		d := running.NewDatabase(t, server)
		if _, err := d.Open(t).ExecContext(t.Context(), "create table appointment (id integer primary key, title varchar(20) not null)"); err != nil {
			t.Fatal(err)
		}
		silent, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, closed, _ := net.SplitHostPort(silent.Addr().String())
		if err := silent.Close(); err != nil {
			t.Fatal(err)
		}
		login, name, port, host := d, d, d, d
		login.Password, name.Name, port.Port, host.Host = "hush-hush", "nobody_made_it", closed, "no-such-host.invalid"
		for what, c := range map[string]struct {
			running.Database
			want providers.Class
			says string
		}{
			"login": {login, providers.Unauthorized, "user or password in dsn is wrong"}, "database": {name, providers.Refused, "the database that dsn names is not there"},
			"port": {port, providers.Unreachable, "connection refused"}, "host": {host, providers.Unreachable, "the server's name is not known"},
		} {
			err := opened(t, c.Driver, c.DSN()).Check(t.Context())
			if providers.ClassOf(err) != c.want || err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), c.Password) {
				t.Errorf("a wrong %s: %v (%s), want %s: %s", what, err, providers.ClassOf(err), c.want, c.says)
			}
		}

		dialect, err := dialectOf(d.Driver)
		if err != nil {
			t.Fatal(err)
		}
		db, err := dialect.open(d.DSN(), "", usualTimeout)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for text, says := range map[string]string{
			"select id,\n hue from appointment":                                      "line 2, column 2: ",
			"select id\n from appointmant where id = :id":                            "line 2, column 7: ",
			"insert into appointment (id, title)\nvalues (:id, null)":                "",
			"insert into appointment (id, title)\nvalues (:id, :long)":               "",
			"insert into appointment (id, title)\nvalues (:text, 'a')":               "",
			"insert into appointment (id, title)\nvalues (:id, 'a'), (:id + 0, 'b')": "",
		} {
			s, err := named.Parse(text, dialect.syntax)
			if err != nil {
				t.Fatal(err)
			}
			b, err := s.Bind(map[string]any{"id": dialect.argument(1.0), "long": dialect.argument(strings.Repeat("long ", 9)), "text": dialect.argument("no number")})
			if err != nil {
				t.Fatal(err)
			}
			_, err = db.ExecContext(t.Context(), b.Text, b.Args...)
			if got := dialect.failure(err, &b); providers.ClassOf(got) != providers.Refused || !strings.HasPrefix(got.Error(), says) {
				t.Errorf("%s: %v (%s), want %s…", text, got, providers.ClassOf(got), says)
			} else {
				t.Log(got)
			}
		}
	})
}

// TestLockedByAnother writes a row that another program is just changing: nothing is lost or waited for without end, and the next try writes it.
func TestLockedByAnother(t *testing.T) {
	a := eventsTable("integer primary key", "varchar(60)", "varchar(60)")
	const row = "insert into appointment (id, uid, title, starts_at, ends_at) values (7, 'b@example.com', 'Before', '2026-07-06 09:00:00', '2026-07-06 10:00:00')"
	try := func(t *testing.T, application *sql.DB, p providers.Provider) {
		for _, text := range []string{a.table, row} {
			if _, err := application.ExecContext(t.Context(), text); err != nil {
				t.Fatal(err)
			}
		}
		f, err := p.Folder(t.Context(), a.folder)
		if err != nil {
			t.Fatal(err)
		}
		tx, err := application.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "update appointment set note = 'in the middle' where id = 7"); err != nil {
			t.Fatal(err)
		}
		writes := []providers.Write{{Kind: providers.Update, Ref: "7", Version: "0123-1", Item: meeting(t, "b@example.com", "After")}}
		out := f.Write(t.Context(), writes)[0]
		if out.Class != providers.Transient {
			t.Errorf("while the row is locked: %s, %v", out.Class, out.Err)
		}
		t.Log(out.Err)
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if out := f.Write(t.Context(), writes)[0]; out.Class != providers.Done {
			t.Errorf("afterwards: %s, %v", out.Class, out.Err)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		file := fileOf(t, "select 1")
		application, err := sql.Open("sqlite", "file:"+file+"?_txlock=immediate")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = application.Close() })
		try(t, application, opened(t, "sqlite", file))
	})
	t.Run("servers", func(t *testing.T) {
		running.Each(t, running.Databases(), func(t *testing.T, server string) {
			d := running.NewDatabase(t, server)
			try(t, d.Open(t), providertest.Open(t, Driver{}, providers.Config{Address: "provider.sql.cases", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN(), "timeout": "300ms"}}))
		})
	})
}
