package sql

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// postgresDialect is for PostgreSQL 12 and later. Parameters are sent as texts, of which the server makes what their place needs; a time has its offset, which a column
// without zone passes over.
func postgresDialect() *dialect {
	return &dialect{
		name: "postgres", syntax: named.PostgreSQL(), place: postgresPlace, open: openPostgres,
		stops: true,
		begin: []string{"begin transaction isolation level repeatable read, read only"}, end: []string{"rollback"},
		savepoint: "savepoint item", release: "release savepoint item", back: "rollback to savepoint item",
		types: map[string]value.Kind{
			"TIMESTAMPTZ": value.Instant, "TIMESTAMP": value.Clock, "DATE": value.Date, "TIME": value.Hour, "TIMETZ": value.Hour,
			"NUMERIC": value.Number, "FLOAT4": value.Single, "_TEXT": value.List, "_VARCHAR": value.List, "_BPCHAR": value.List, "_INT4": value.List, "_INT8": value.List, "_UUID": value.List,
			"JSON": value.Text, "JSONB": value.Text, "XML": value.Text,
		},
		argument: postgresArgument,
		fault:    postgresFault,
	}
}

func postgresArgument(v any) any {
	switch v := v.(type) {
	case nil:
		return nil
	case moment:
		return v.written("2006-01-02T15:04:05.999999Z07:00")
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func postgresConfig(dsn string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, refusedDSN("PostgreSQL", "postgres://user:password@host:5432/database, or as host=… user=… password=… dbname=…")
	}
	return cfg, nil
}

func postgresPlace(dsn, _ string) (string, error) {
	cfg, err := postgresConfig(dsn)
	if err != nil {
		return "", err
	}
	return net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port))) + "/" + cmp.Or(cfg.Database, cfg.User), nil
}

func openPostgres(dsn, _ string, limit time.Duration) (*sql.DB, error) {
	cfg, err := postgresConfig(dsn)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"timezone": "UTC", "datestyle": "ISO, YMD", "standard_conforming_strings": "on"} { // which PgBouncer takes as well
		cfg.RuntimeParams[name] = value
	}
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "accord"
	}
	return sql.OpenDB(session{Connector: stdlib.GetConnector(*cfg), must: []string{"set statement_timeout = " + strconv.FormatInt(limit.Milliseconds(), 10), patientPostgres}}), nil
}

// patientPostgres keeps the server from ending a transaction that others keep waiting, by those of its settings that its version has: what is read stays as of one
// moment while other stores are read.
const patientPostgres = `select set_config(name, '0', false) from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')`

// PostgreSQL's error codes (https://www.postgresql.org/docs/current/errcodes-appendix.html); the first two characters tell the kind.
func postgresFault(err error) fault {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return fault{}
	}
	f := fault{class: providers.Refused, says: e.Message}
	if strings.HasPrefix(e.Detail, "Key (") { // others show the whole row
		f.says += ": " + e.Detail
	}
	switch {
	case strings.HasPrefix(e.Code, "28"):
		return fault{class: providers.Unauthorized, says: "user or password in dsn is wrong"}
	case e.Code == "3D000":
		return fault{class: providers.Refused, says: "the database that dsn names is not there"}
	case e.Code == "42501":
		f.class = providers.Unauthorized
	case e.Code == "57014":
		f.class, f.slow = providers.Transient, true
	case strings.HasPrefix(e.Code, "08"), strings.HasPrefix(e.Code, "57P"), e.Code == "25P03", e.Code == "25P04":
		f.class, f.lost = providers.Unreachable, true
	case strings.HasPrefix(e.Code, "40"), strings.HasPrefix(e.Code, "53"), e.Code == "55P03":
		f.class = providers.Transient
	}
	f.offset = int(e.Position)
	return f
}
