package sql

import (
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"modernc.org/sqlite"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// patience is how long a statement waits for another program's transaction on the same file.
const patience = 10 * time.Second

// sqliteDialect is for files of SQLite (https://www.sqlite.org). They have no types for times: those that are written are 2026-10-05 09:00:00, as SQLite's own
// functions make them.
func sqliteDialect() *dialect {
	return &dialect{
		name: "sqlite", syntax: named.SQLite(), place: sqlitePlace, open: openSQLite,
		begin: []string{"pragma query_only = 1", "begin"}, end: []string{"rollback", "pragma query_only = 0"}, copied: sqliteCopy,
		savepoint: "savepoint item", release: "release item", back: "rollback to item",
		types:   map[string]value.Kind{"": value.Time, "DATE": value.Time, "DATETIME": value.Time, "TIMESTAMP": value.Time, "TEXT": value.Time, "BOOLEAN": value.Truth, "BOOL": value.Truth},
		rewrite: untyped,
		argument: func(v any) any {
			switch v := v.(type) {
			case moment:
				if v.utc {
					return v.written("2006-01-02 15:04:05.999999999Z")
				}
				return v.written("2006-01-02 15:04:05.999999999")
			case stamp:
				return string(v)
			}
			return plainly(v)
		},
		fault: sqliteFault,
	}
}

// sqliteFile takes a dsn apart: a path, or a URI with file:, and what it says after a question mark.
func sqliteFile(dsn, dir string) (path string, options url.Values, err error) {
	path, query, _ := strings.Cut(dsn, "?")
	options, err = url.ParseQuery(query)
	if rest, uri := strings.CutPrefix(path, "file:"); uri && err == nil {
		path, err = url.PathUnescape(rest)
	}
	if path == "" || err != nil {
		return "", nil, refusedDSN("SQLite", "the path of a file")
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	return filepath.Clean(path), options, nil
}

// sqlitePlace is the path of the file, below the workspace's directory as seen from there.
func sqlitePlace(dsn, dir string) (string, error) {
	path, _, err := sqliteFile(dsn, dir)
	if below, outside := filepath.Rel(dir, path); outside == nil && filepath.IsLocal(below) {
		path = below
	}
	return filepath.ToSlash(path), err
}

// openSQLite opens the file that dsn names, which has to be there. Its options are handed on: SQLite's parameters of URIs, and those of modernc.org/sqlite.
func openSQLite(dsn, dir string, _ time.Duration) (*sql.DB, error) {
	path, options, err := sqliteFile(dsn, dir)
	if err != nil {
		return nil, err
	}
	if !options.Has("mode") {
		options.Set("mode", "rw") // never made
	}
	if !options.Has("_busy_timeout") && !options.Has("_timeout") {
		options.Set("_busy_timeout", strconv.FormatInt(patience.Milliseconds(), 10))
	}
	options["_pragma"] = append([]string{"foreign_keys(1)"}, options["_pragma"]...) // the last one counts
	options.Set("_dqs", "0")                                                        // "name" is a column, and no text where there is none
	options.Set("_txlock", "immediate")
	c, err := sqlite.NewConnector((&url.URL{Scheme: "file", Path: filepath.ToSlash(path), OmitHost: true}).String() + "?" + options.Encode())
	if err != nil {
		return nil, refusedDSN("SQLite", "the path of a file")
	}
	return sql.OpenDB(c), nil
}

// openTables makes a database in memory that nobody else sees, of one connection.
func openTables() (*sql.DB, error) {
	c, err := sqlite.NewConnector(":memory:?_dqs=0")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	db.SetConnMaxIdleTime(0)
	return db, nil
}

// untyped makes columns that are declared as times ones of no declared type: the driver would parse them, and what is written without a zone would look like
// UTC. The operator + leaves every value as it is (https://www.sqlite.org/lang_expr.html).
func untyped(query string, columns []*sql.ColumnType) string {
	list, any := make([]string, len(columns)), false
	for i, c := range columns {
		name := `"` + strings.ReplaceAll(c.Name(), `"`, `""`) + `"`
		list[i] = name
		switch c.DatabaseTypeName() {
		case "DATE", "DATETIME", "TIMESTAMP":
			list[i], any = "+"+name+" as "+name, true
		}
	}
	if !any {
		return query
	}
	return "select " + strings.Join(list, ", ") + " from (" + query + "\n)"
}

// SQLite's result codes (https://www.sqlite.org/rescode.html); the lower eight bits tell the kind.
func sqliteFault(err error) fault {
	var (
		u uncopied
		e *sqlite.Error
	)
	if errors.As(err, &u) {
		return u.fault()
	}
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
var stumble = regexp.MustCompile(`^(?:no such column|no such table|no such function|ambiguous column name): "?([^"\s]+)|^near "(.+)": syntax error$`)
