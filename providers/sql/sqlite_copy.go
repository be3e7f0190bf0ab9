package sql

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"

	"github.com/accord-sync/accord/providers"
)

// sqliteCopy copies the file of a connection into a temporary one, unless its readers keep nobody from writing, which they do but in WAL mode
// (https://www.sqlite.org/lockingv3.html, https://www.sqlite.org/wal.html): a plan may be looked at for long, and the application that the file belongs to goes on. The
// copy is nil where there is no need.
func sqliteCopy(ctx context.Context, conn *sql.Conn) (copied *sql.DB, remove func() error, err error) {
	var mode string
	if err := conn.QueryRowContext(ctx, "pragma journal_mode").Scan(&mode); err != nil || strings.EqualFold(mode, "wal") {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "accord-sqlite-")
	if err != nil {
		return nil, nil, uncopied{err}
	}
	remove = func() error { return os.RemoveAll(dir) }
	uri := (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dir, "copy.db")), OmitHost: true}).String()
	if err := conn.Raw(func(c any) error { return sqliteBackup(c, uri) }); err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	c, err := sqlite.NewConnector(uri + "?mode=ro&_dqs=0")
	if err != nil {
		return nil, nil, errors.Join(err, remove())
	}
	return sql.OpenDB(c), remove, nil
}

// sqliteBackup copies all pages at once, as they are at one instant.
func sqliteBackup(c any, uri string) error {
	source, ok := c.(interface {
		NewBackup(string) (*sqlite.Backup, error)
	})
	if !ok {
		return errors.New("the driver cannot copy a database")
	}
	b, err := source.NewBackup(uri)
	if err != nil {
		return uncopied{err}
	}
	for more := true; more && err == nil; {
		more, err = b.Step(-1)
	}
	err = errors.Join(err, b.Finish())
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == 13 { // no room left: of the two, the copy alone is written
		return uncopied{err}
	}
	return err
}

// uncopied is an error of where the copy was to be, and none of the database.
type uncopied struct{ error }

func (u uncopied) fault() fault {
	return fault{class: providers.Transient, says: "no copy of its file can be made where temporary files are: " + u.Error() + ": make room there, or let TMPDIR name another folder"}
}
