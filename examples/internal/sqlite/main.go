// Command sqlite makes, changes and asks the SQLite files of the examples, on machines that have no other program for it.
//
//	go run ./examples/internal/sqlite FILE <SCRIPT.sql
//	go run ./examples/internal/sqlite FILE "update room set name = 'Brandt Hall' where id = 1"
//
// All statements take effect, or none. Rows that a statement gives are printed, a line each, with tabs between the values.
package main

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sqlite:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) (err error) {
	var script string
	switch len(args) {
	case 2:
		script = args[1]
	case 1:
		text, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		script = string(text)
	default:
		return errors.New("usage: sqlite FILE [STATEMENTS], or sqlite FILE <SCRIPT")
	}
	path, err := filepath.Abs(args[0])
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_txlock=immediate"}).String())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.Begin()
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	rows, err := tx.Query(script)
	if err == nil {
		err = print(out, rows)
	}
	if err != nil {
		return fmt.Errorf("%s: nothing is changed: %w", args[0], errors.Join(err, tx.Rollback()))
	}
	return tx.Commit()
}

// print writes what is in rows. Null is an empty value.
func print(out io.Writer, rows *sql.Rows) error {
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]sql.NullString, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	w := bufio.NewWriter(out)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		for i, v := range values {
			if i > 0 {
				w.WriteByte('\t')
			}
			w.WriteString(v.String)
		}
		w.WriteByte('\n')
	}
	return errors.Join(rows.Err(), w.Flush())
}
