// Package sql reads folders and rows with queries, and writes folders with statements: of PostgreSQL, MySQL and MariaDB, SQL Server, SQLite, and Oracle.
package sql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Driver opens databases. The zero Driver is ready for use.
type Driver struct{}

// What a provider has unless it says so.
const (
	usualTimeout     = 5 * time.Minute
	usualConnections = 4
)

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	query := providers.Attribute{Name: "query", Type: providers.String, Required: true, Doc: "Query that gives the rows; parameters are written `:name`."}
	params := providers.Attribute{Name: "params", Type: providers.Params, Doc: "Values of the query's parameters, by name."}
	return providers.Schema{
		Doc: "Queries and statements of a database: PostgreSQL, MySQL and MariaDB, SQL Server, SQLite, Oracle.",
		Provider: []providers.Attribute{
			{Name: "driver", Type: providers.String, Required: true, Doc: "Kind of database: `sqlite`, `postgres`, `mysql`, `sqlserver`, `oracle`."},
			{Name: "dsn", Type: providers.String, Required: true, Sensitive: true, Doc: "Where the database is and how to log in, in the form that is usual for its kind; of SQLite a path, relative to the workspace."},
			{Name: "timeout", Type: providers.String, Doc: "Longest time that one query may take (default `\"5m\"`). One that takes longer is cancelled, and what needs it is left for the next run."},
			{Name: "connections", Type: providers.Number, Doc: "Most connections at a time, at least 2 (default 4)."},
			{Name: knownAsAttribute, Type: providers.String, Doc: "Database that the places of folders and the UIDs of items are made of (default: the one that `dsn` names, such as `sqlite:timetable.db` or `postgres:db.example.com:5432/office`). Write the old one here when the database moves."},
		},
		Folder: []providers.Attribute{
			query, params,
			{Name: "key", Type: providers.List, Required: true, Doc: "Columns that name an item. Rows with one key are about one item."},
			{Name: "partition", Type: providers.String, Doc: "Column by whose values the rows are many folders, `folder.NAME.partition[KEY]`; a value without rows is an empty folder. One read serves all of them. Rows in which it is null are in none."},
			{Name: "fields", Type: providers.MappedBlock, Required: true, Doc: "What an item says, by expressions over `row`, the first of its rows, and `rows`."},
			{Name: "extra", Type: providers.Mapped, Doc: "More that an item says, for templates and filters: `item.extra.NAME`."},
			{Name: "version", Type: providers.String, Doc: "Column that is another one whenever the row changes. Without it, all columns are compared. Statements compare with it as `:version`."},
			{Name: knownAsAttribute, Type: providers.String, Doc: "Name that its place and the UIDs of its items are made of (default: that of its block). Write the old name here when the block is renamed."},
			{Name: "insert", Type: providers.String, Doc: "Statement that makes a row of an item and gives its key: `returning id`, `output inserted.id`, or by the number that MySQL counts. Parameters are the names of the item's fields, as `:summary` and `:start` (`:start_utc` in UTC), `:uid`, names in `extra` and `params`, and `:key`, a key that Accord makes. With `update` and `delete`, the folder can be written."},
			{Name: "update", Type: providers.String, Doc: "Statement that changes the row of an item: `where id = :key`, of several columns each by its name, `and version = :version` to leave alone what somebody changed meanwhile."},
			{Name: "delete", Type: providers.String, Doc: "Statement that removes the row of an item, likewise."},
		},
		Data:         []providers.Attribute{query, params},
		Tables:       true,
		Snapshot:     true,
		WritableWith: []string{"insert", "update", "delete"},
	}
}

// Open checks what is configured. It does not connect.
func (Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	d, err := dialectOf(cfg.Attributes.String("driver"))
	if err != nil {
		return nil, err
	}
	refused := func(err error) (providers.Provider, error) {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("sql: %w", err))
	}
	timeout, err := time.ParseDuration(cmp.Or(cfg.Attributes.String("timeout"), usualTimeout.String()))
	if err != nil || timeout <= 0 {
		return refused(fmt.Errorf("timeout %q is not a duration such as \"5m\" or \"90s\"", cfg.Attributes.String("timeout")))
	}
	connections, said := cfg.Attributes["connections"].(float64)
	switch {
	case !said:
		connections = usualConnections
	case connections != float64(int(connections)) || connections < 2:
		return refused(fmt.Errorf("connections is %v, and at least 2 are needed: one for all that is read, and others to write", connections))
	}
	db, err := d.open(cfg.Attributes.String("dsn"), cfg.Dir, timeout)
	if err != nil {
		return nil, err
	}
	place, err := d.place(cfg.Attributes.String("dsn"), cfg.Dir)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	db.SetMaxOpenConns(int(connections))
	return &provider{
		dialect: d, db: db, address: cfg.Address, place: d.name + ":" + place, origin: originOf(d, cfg, place), timeout: timeout, ask: cfg.Ask, gate: cfg.Gate, host: d.host(place),
		snapshot: newSnapshot(d, db, timeout), sources: map[string]*source{},
	}, nil
}
