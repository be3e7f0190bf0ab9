package sql

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
)

// TestFailures gives each database's errors their class, and words.
func TestFailures(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 5432}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	for _, c := range []struct {
		in    *dialect
		err   error
		class providers.Class
		says  string
		slow  bool
		lost  bool
	}{
		{postgresDialect(), &pgconn.PgError{Code: "42703", Message: `column "hue" does not exist`, Position: 8}, providers.Refused, `line 1, column 8: column "hue" does not exist`, false, false},
		{postgresDialect(), &pgconn.PgError{Code: "23505", Message: "duplicate key", Detail: "Key (uid)=(a) already exists."}, providers.Refused, "duplicate key: Key (uid)=(a) already exists.", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "28P01", Message: `password authentication failed for user "sync"`}, providers.Unauthorized, "user or password in dsn is wrong", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "42501", Message: "permission denied for table lesson"}, providers.Unauthorized, "permission denied for table lesson", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "57014", Message: "canceling statement due to statement timeout"}, providers.Transient, "canceling statement due to statement timeout", true, false},
		{postgresDialect(), &pgconn.PgError{Code: "40P01", Message: "deadlock detected"}, providers.Transient, "deadlock detected", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "40001", Message: "could not serialize access"}, providers.Transient, "could not serialize access", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "53300", Message: "too many connections"}, providers.Transient, "too many connections", false, false},
		{postgresDialect(), &pgconn.PgError{Code: "57P01", Message: "terminating connection"}, providers.Unreachable, "terminating connection", false, true},
		{postgresDialect(), &pgconn.PgError{Code: "25P03", Message: "terminating connection due to idle-in-transaction timeout"}, providers.Unreachable, "terminating connection due to idle-in-transaction timeout", false, true},
		{postgresDialect(), &pgconn.PgError{Code: "25P04", Message: "terminating connection due to transaction timeout"}, providers.Unreachable, "terminating connection due to transaction timeout", false, true},
		{mysqlDialect(), &mysql.MySQLError{Number: 1064, Message: "You have an error in your SQL syntax near 'form' at line 2"}, providers.Refused, "line 2: You have an error in your SQL syntax near 'form'", false, false},
		{mysqlDialect(), &mysql.MySQLError{Number: 1045, Message: "Access denied for user 'sync'@'192.0.2.7'"}, providers.Unauthorized, "user or password in dsn is wrong, or the user may not use the database", false, false},
		{mysqlDialect(), &mysql.MySQLError{Number: 1213, Message: "Deadlock found"}, providers.Transient, "Deadlock found", false, false},
		{mysqlDialect(), &mysql.MySQLError{Number: 1969, Message: "max_statement_time exceeded"}, providers.Transient, "max_statement_time exceeded", true, false},
		{mysqlDialect(), &mysql.MySQLError{Number: 1062, Message: "Duplicate entry"}, providers.Refused, "Duplicate entry", false, false},
		{mysqlDialect(), mysql.ErrInvalidConn, providers.Unreachable, "the connection to the database broke off", false, true},
		{sqlserverDialect(), mssql.Error{Number: 207, Message: "Invalid column name 'hue'.", LineNo: 3}, providers.Refused, "line 1, column 8: Invalid column name 'hue'.", false, false},
		{sqlserverDialect(), mssql.Error{Number: 18456, Message: "Login failed for user 'sync'."}, providers.Unauthorized, "user or password in dsn is wrong", false, false},
		{sqlserverDialect(), mssql.Error{Number: 1205, Message: "chosen as the deadlock victim"}, providers.Transient, "chosen as the deadlock victim", false, false},
		{sqlserverDialect(), mssql.Error{Number: 3952, Message: "Snapshot isolation transaction failed"}, providers.Refused, "the database does not allow snapshots, and without one what is read may not fit together: alter database … set allow_snapshot_isolation on", false, false},
		{sqlserverDialect(), mssql.Error{Number: 2627, Message: "Violation of UNIQUE KEY constraint"}, providers.Refused, "Violation of UNIQUE KEY constraint", false, false},
		{sqliteDialect(), refused, providers.Unreachable, "no connection to the database: connection refused: correct host and port in dsn, or see whether the server runs", false, false},
		{postgresDialect(), fmt.Errorf("failed to connect to `user=sync`: %w", refused), providers.Unreachable, "no connection to the database: connection refused: correct host and port in dsn, or see whether the server runs", false, false},
		{postgresDialect(), &net.DNSError{Name: "db.example.com", Err: "no such host"}, providers.Unreachable, "the server's name is not known: correct the host in dsn", false, false},
		{mysqlDialect(), driver.ErrBadConn, providers.Unreachable, "the connection to the database broke off", false, true},
		{mysqlDialect(), io.ErrUnexpectedEOF, providers.Unreachable, "the connection to the database broke off", false, true},
		{sqlserverDialect(), context.DeadlineExceeded, providers.Transient, "it took longer than it may", true, true},
		{sqlserverDialect(), context.Canceled, providers.Transient, "it was interrupted", false, true},
	} {
		s, err := named.Parse("select hue, :a from lesson", c.in.syntax)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Bind(map[string]any{"a": 1})
		if err != nil {
			t.Fatal(err)
		}
		got := c.in.failure(c.err, &b)
		f := c.in.understand(c.err)
		if providers.ClassOf(got) != c.class || got.Error() != c.says || f.slow != c.slow || f.lost != c.lost {
			t.Errorf("%s: %v is %s: %s (slow %v, lost %v), want %s: %s (%v, %v)", c.in.name, c.err, providers.ClassOf(got), got, f.slow, f.lost, c.class, c.says, c.slow, c.lost)
		}
	}
	if err := postgresDialect().failure(nil, nil); err != nil {
		t.Error(err)
	}
	if err := mysqlDialect().failure(fmt.Errorf("ping: %w", context.Canceled), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not what the context says", err)
	}
}

func TestOracleFailures(t *testing.T) {
	for code, want := range map[int]providers.Class{
		1: providers.Refused, 942: providers.Refused, 1017: providers.Unauthorized, 1031: providers.Unauthorized, 60: providers.Transient, 8177: providers.Transient,
		1013: providers.Transient, 12541: providers.Unreachable, 3113: providers.Unreachable,
	} {
		if f := oracleMeaning(code, "ORA", 5); f.class != want || f.offset != 0 && want != providers.Refused {
			t.Errorf("ORA-%05d is %s at %d, want %s", code, f.class, f.offset, want)
		}
	}
}

// TestSQLiteFailures asks the real thing.
func TestSQLiteFailures(t *testing.T) {
	d := sqliteDialect()
	db, err := openTables()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("create table lesson (id integer primary key, title text not null)"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"select hue from lesson":                   "line 1, column 8: no such column: hue",
		"select id\nfrom lessen":                   "line 2, column 6: no such table: lessen",
		"selekt 1":                                 `line 1, column 1: near "selekt": syntax error`,
		`select "hue" from lesson`:                 `line 1, column 9: no such column: "hue" - should this be a string literal in single-quotes?`,
		"insert into lesson values (1, null)":      "NOT NULL constraint failed: lesson.title",
		"select id, id from lesson where idd = id": "line 1, column 33: no such column: idd",
	} {
		_, err := db.Exec(text)
		s, wrong := named.Parse(text, d.syntax)
		if wrong != nil {
			t.Fatal(wrong)
		}
		b, wrong := s.Bind(nil)
		if wrong != nil {
			t.Fatal(wrong)
		}
		got := d.failure(err, &b)
		if got == nil || got.Error() != want || providers.ClassOf(got) != providers.Refused {
			t.Errorf("%s: %v (%s), want %s", text, got, providers.ClassOf(got), want)
		}
	}
}

func TestSQLiteFileThatIsNotThere(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "text.db")
	if err := os.WriteFile(none, []byte(strings.Repeat("no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]providers.Class{"missing.db": providers.Unreachable, "text.db": providers.Refused} {
		db, err := sqliteDialect().open(dsn, dir, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Exec("select 1 from sqlite_schema")
		if got := sqliteDialect().failure(err, nil); providers.ClassOf(got) != want || strings.Contains(got.Error(), dsn) {
			t.Errorf("%s: %v (%s), want %s", dsn, got, providers.ClassOf(got), want)
		}
		db.Close()
	}
	if _, err := os.Stat(filepath.Join(dir, "missing.db")); err == nil {
		t.Error("a database was made")
	}
}

// TestSessionThatIsInterrupted: what ends just after a statement that may fail is no connection.
func TestSessionThatIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &recorder{answer: func(string) (answered, error) {
		cancel()
		return answered{}, nil
	}}
	if c, err := (session{Connector: r, may: []string{"set a = 1"}}).Connect(ctx); c != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", c, err)
	}
}

// TestSQLServerSession: the driver resets sessions, and runs this each time.
func TestSQLServerSession(t *testing.T) {
	c, err := sqlserverConnector("sqlserver://sync:hush@db.example.com:1433?database=calendar")
	if err != nil {
		t.Fatal(err)
	}
	if want := "set lock_timeout 10000"; c.SessionInitSQL != want {
		t.Errorf("sessions begin with %q, want %q", c.SessionInitSQL, want)
	}
}

// TestNothingOfTheDSN looks for what is in a dsn in all that is said of it.
func TestNothingOfTheDSN(t *testing.T) {
	for name, dsns := range map[string][]string{
		"postgres":  {"postgres://sync:hush@db.example.com:nan/calendar", "host=db user=sync password=hush port=hush", "hush"},
		"mysql":     {"sync:hush@tcp(db.example.com:3306", "sync:hush@db.example.com", "hush"},
		"sqlserver": {"sqlserver://sync:hush@db.example.com:hush?database=calendar", "server=db;password=hush;port=hush"},
		"sqlite":    {"hush.db?%zz", "?hush"},
		"oracle":    {"hush", "oracle://%zz:hush"},
	} {
		d, err := dialectOf(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, dsn := range dsns {
			_, err := d.open(dsn, t.TempDir(), time.Minute)
			if err == nil {
				t.Errorf("%s: %q opens", name, dsn)
			} else if providers.ClassOf(err) != providers.Refused || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %q: %v (%s)", name, dsn, err, providers.ClassOf(err))
			}
			if place, err := d.place(dsn, "/work"); err == nil && strings.Contains(place, "hush") {
				t.Errorf("%s: %q is at %s", name, dsn, place)
			} else if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %q: %v", name, dsn, err)
			}
		}
	}
}

func TestPlacesOfDatabases(t *testing.T) {
	for _, c := range []struct{ driver, dsn, want string }{
		{"postgres", "postgres://sync:hush@db.example.com/calendar?sslmode=disable", "db.example.com:5432/calendar"},
		{"postgres", "host=db.example.com user=sync password=hush port=5433", "db.example.com:5433/sync"},
		{"mysql", "sync:hush@tcp(db.example.com)/calendar?charset=utf8mb4", "db.example.com:3306/calendar"},
		{"sqlserver", "sqlserver://sync:hush@db.example.com:1433?database=calendar", "db.example.com:1433/calendar"},
		{"sqlserver", "sqlserver://sync:hush@db.example.com/main?database=calendar", `db.example.com\main/calendar`},
		{"oracle", "oracle://sync:hush@db.example.com:1521/calendar", "db.example.com:1521/calendar"},
		{"sqlite", "data/../timetable.db?_pragma=cache_size(10)", "timetable.db"},
		{"sqlite", "file:time%20table.db", "time table.db"},
		{"sqlite", "/srv/timetable.db", "/srv/timetable.db"},
	} {
		d, err := dialectOf(c.driver)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := d.place(c.dsn, "/work"); err != nil || got != c.want {
			t.Errorf("%s is at %q, %v; want %q", c.dsn, got, err, c.want)
		}
	}
	if _, err := dialectOf("access"); err == nil || !strings.Contains(err.Error(), `"sqlite", "postgres", "mysql", "sqlserver", "oracle"`) {
		t.Errorf("another driver: %v", err)
	}
}

// TestArguments shows what drivers are given for a time of an item, in London's summer, and for others.
func TestArguments(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := momentOf("2026-10-05T10:00:00+02:00", london, false)
	utc := momentOf("2026-10-05T10:00:00+02:00", london, true)
	date := momentOf("2026-10-05", london, false)
	version := stamp("2026-10-05T09:00:00.123Z")
	for name, want := range map[string]string{
		"sqlite":    "2026-10-05 09:00:00 | 2026-10-05 08:00:00Z | 2026-10-05 | 2026-10-05T09:00:00.123Z | 5 | 0.5 | 1 | <nil> | x",
		"postgres":  "2026-10-05T09:00:00+01:00 | 2026-10-05T08:00:00Z | 2026-10-05 | 2026-10-05T09:00:00.123Z | 5 | 0.5 | true | <nil> | x",
		"mysql":     "2026-10-05 09:00:00 | 2026-10-05 08:00:00 | 2026-10-05 | 2026-10-05 09:00:00.123 | 5 | 0.5 | 1 | <nil> | x",
		"sqlserver": "2026-10-05 09:00:00 +0100 BST | 2026-10-05 08:00:00 +0000 UTC | 2026-10-05 | 2026-10-05T09:00:00.123Z | 5 | 0.5 | 1 | <nil> | x",
		"oracle":    "2026-10-05T09:00:00 | 2026-10-05T08:00:00 | 2026-10-05 | 2026-10-05T09:00:00.123 | 5 | 0.5 | 1 | <nil> | x",
	} {
		d, err := dialectOf(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range []any{at, utc, date, version, 5.0, 0.5, true, nil, "x"} {
			got = append(got, fmt.Sprint(d.argument(v)))
		}
		if all := strings.Join(got, " | "); all != want {
			t.Errorf("%s is given\n%s\nwant\n%s", name, all, want)
		}
	}
	for _, v := range []stamp{"REV-XYZ", "Z", "2026-10-05"} {
		if got := oracleDialect().argument(v); got != string(v) {
			t.Errorf("oracle is given %v for the version %q", got, v)
		}
	}
	if got := momentOf("", london, false); got != nil {
		t.Errorf("no time is %v", got)
	}
}
