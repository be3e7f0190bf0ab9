package sql

import (
	"database/sql/driver"
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/accord-sync/accord/providers"
)

// patience is how long a statement waits for another program's transaction on the same file.
const patience = 10 * time.Second

// sqliteDialect is for files of SQLite (https://www.sqlite.org). They have no types for times: those that are written are 2026-10-05 09:00:00, as SQLite's own
// functions make them.
func sqliteDialect() *dialect {
	return &dialect{
		name: "sqlite", title: "SQLite", syntax: sqliteSyntax(), connect: openSQLite,
		begin: []string{"pragma query_only = 1", "begin"}, end: []string{"rollback", "pragma query_only = 0"}, exclusive: true,
		savepoint: "savepoint item", release: "release item", back: "rollback to item",
		column:     func(string) columnType { return asGiven },
		undeclared: undeclared,
		argument: func(v any) any {
			if m, ok := v.(moment); ok {
				return m.written("2006-01-02 15:04:05")
			}
			return plainly(v)
		},
		fault: sqliteFault,
	}
}

// openSQLite opens the file that dsn names, which has to be there. What it says after a question mark is handed on: SQLite's parameters of URIs, and _pragma of
// modernc.org/sqlite.
func openSQLite(dsn, dir string, _ time.Duration) (driver.Connector, error) {
	path, query, _ := strings.Cut(dsn, "?")
	values, err := url.ParseQuery(query)
	if path = strings.TrimPrefix(path, "file:"); path == "" || err != nil {
		return nil, refusedDSN("SQLite", "the path of a file")
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if !values.Has("mode") {
		values.Set("mode", "rw") // never made
	}
	values.Add("_pragma", "busy_timeout("+strconv.FormatInt(patience.Milliseconds(), 10)+")")
	values.Add("_pragma", "foreign_keys(1)")
	values.Set("_dqs", "0") // "name" is a column, and no text where there is none
	values.Set("_txlock", "immediate")
	c, err := sqlite.NewConnector("file:" + (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath() + "?" + values.Encode())
	if err != nil {
		return nil, refusedDSN("SQLite", "the path of a file")
	}
	return c, nil
}

// openTables makes a database in memory that nobody else sees. It is one connection.
func openTables() (driver.Connector, error) { return sqlite.NewConnector(":memory:?_dqs=0") }

// undeclared makes expressions of columns: of one that is declared as a time, the driver would turn a text into a time, and what it said of a zone would be lost.
func undeclared(query string, columns []string) string {
	var list []string
	for _, c := range columns {
		name := `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
		list = append(list, "+"+name+" as "+name)
	}
	return "select " + strings.Join(list, ", ") + " from (" + query + "\n)"
}

// SQLite's result codes (https://www.sqlite.org/rescode.html); the lower eight bits tell the kind.
func sqliteFault(err error) fault {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fault{}
	}
	says := sqliteWords(e.Error())
	switch e.Code() & 0xff {
	case 3, 23:
		return fault{class: providers.Unauthorized, says: says}
	case 5, 6:
		return fault{class: providers.Transient, says: "another program holds the database file locked: " + says}
	case 8:
		return fault{class: providers.Unauthorized, says: "the database can only be read: " + says}
	case 9:
		return fault{class: providers.Transient, says: "it took longer than it may, or was interrupted", slow: true}
	case 7, 10, 13:
		return fault{class: providers.Transient, says: says}
	case 14:
		return fault{class: providers.Unreachable, says: "the database file is not there, or may not be opened: correct dsn"}
	case 11, 26:
		return fault{class: providers.Refused, says: "the file that dsn names is no database of SQLite, or is damaged: " + says}
	}
	f := fault{class: providers.Refused, says: says}
	if m := stumble.FindStringSubmatch(says); m != nil {
		f.near = m[1] + m[2]
	}
	return f
}

// sqliteWords are SQLite's words without the driver's: "SQL logic error: no such column: x (1)" says "no such column: x".
func sqliteWords(text string) string {
	if i := strings.LastIndex(text, " ("); i > 0 && strings.HasSuffix(text, ")") {
		text = text[:i]
	}
	if _, own, ok := strings.Cut(text, ": "); ok {
		return own
	}
	return text
}

// stumble is what in a statement SQLite stumbled over, as its words quote it.
var stumble = regexp.MustCompile(`^(?:no such column|no such table|no such function|ambiguous column name): (\S+)$|^near "(.+)": syntax error$`)
