package sql_test

import (
	"context"
	stdsql "database/sql"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/schema/pim"
)

// store is a database file, and a provider over it.
type store struct {
	*testing.T
	path     string
	provider providers.Provider
}

// newStore makes a file by some statements, and opens it.
func newStore(t *testing.T, statements ...string) *store {
	t.Helper()
	s := &store{T: t, path: filepath.Join(t.TempDir(), "test.db")}
	s.exec(statements...)
	s.open(nil)
	return s
}

// exec changes the file as another program would.
func (s *store) exec(statements ...string) {
	s.Helper()
	db, err := stdsql.Open("sqlite", s.path)
	if err != nil {
		s.Fatal(err)
	}
	defer db.Close()
	for _, text := range statements {
		if _, err := db.Exec(text); err != nil {
			s.Fatalf("%s: %v", text, err)
		}
	}
}

// open opens a provider, which then is the store's. What more says is added to its attributes.
func (s *store) open(more providers.Attributes) providers.Provider {
	s.Helper()
	s.provider = providertest.Open(s.T, sql.Driver{}, s.config(more))
	return s.provider
}

func (s *store) config(more providers.Attributes) providers.Config {
	a := providers.Attributes{"driver": "sqlite", "dsn": s.path}
	maps.Copy(a, more)
	return providers.Config{Address: "provider.sql.test", Dir: filepath.Dir(s.path), Attributes: a}
}

// columns maps names to columns of the first row.
func columns(of map[string]string) providers.Mapping {
	m := providers.Mapping{Identity: fmt.Sprint(of), Columns: map[string][]string{}}
	for name, column := range of {
		m.Names, m.Columns[name] = append(m.Names, name), []string{column}
	}
	slices.Sort(m.Names)
	m.Of = func(rows []providers.Row) (map[string]any, error) {
		said := map[string]any{}
		for name, column := range of {
			v, there := rows[0][column]
			if !there {
				return nil, fmt.Errorf("there is no column %q", column)
			}
			said[name] = v
		}
		return said, nil
	}
	return m
}

// lessons is a folder over a query with the columns id, subject, starts_at, ends_at.
func lessons(query string, more providers.Attributes) providers.FolderConfig {
	a := providers.Attributes{
		"query": query, "key": []string{"id"},
		"fields": columns(map[string]string{"summary": "subject", "start": "starts_at", "end": "ends_at"}),
	}
	maps.Copy(a, more)
	return providers.FolderConfig{Address: "folder.lessons", Kind: pim.Calendar, ReadOnly: true, Attributes: a, Zone: time.UTC}
}

// partition is a part of a folder.
func partition(cfg providers.FolderConfig, key string) providers.FolderConfig {
	cfg.Address = fmt.Sprintf("%s.partition[%q]", cfg.Address, key)
	cfg.Partition = &key
	return cfg
}

func (s *store) folder(cfg providers.FolderConfig) providers.Folder {
	s.Helper()
	f, err := s.provider.Folder(s.Context(), cfg)
	if err != nil {
		s.Fatal(err)
	}
	return f
}

// list reads a folder: versions by ref.
func (s *store) list(f providers.Folder, cursor string) (map[string]string, providers.Read) {
	s.Helper()
	versions := map[string]string{}
	read, err := f.Changes(s.Context(), cursor, func(c providers.Change) error {
		if _, twice := versions[c.Ref]; twice {
			s.Errorf("%q is listed twice", c.Ref)
		}
		versions[c.Ref] = c.Version
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return versions, read
}

// fetch reads one item.
func (s *store) fetch(f providers.Folder, ref string) providers.Fetched {
	s.Helper()
	var got providers.Fetched
	if err := f.Fetch(s.Context(), []string{ref}, func(one providers.Fetched) error { got = one; return nil }); err != nil {
		s.Fatal(err)
	}
	return got
}

// rows asks for the rows of a data block.
func (s *store) rows(query string, params map[string]any) ([]providers.Row, error) {
	return rowsOf(s.Context(), s.provider, query, params)
}

func rowsOf(ctx context.Context, p providers.Provider, query string, params map[string]any) ([]providers.Row, error) {
	a := providers.Attributes{"query": query}
	if params != nil {
		a["params"] = params
	}
	var all []providers.Row
	err := p.(providers.Source).Rows(ctx, providers.DataConfig{Address: "data.sql.test", Attributes: a}, func(row providers.Row) error {
		all = append(all, row)
		return nil
	})
	return all, err
}

// says checks that an error has a class and contains some texts.
func says(t *testing.T, err error, class providers.Class, texts ...string) {
	t.Helper()
	if err == nil || providers.ClassOf(err) != class {
		t.Errorf("the error is %v, of class %s; want %s", err, providers.ClassOf(err), class)
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q is not in the error: %v", text, err)
		}
	}
}
