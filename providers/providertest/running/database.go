package running

import (
	"context"
	"database/sql"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// patience is how long one statement or request to a server may take.
const patience = 2 * time.Minute

// Databases are the servers that [NewDatabase] knows.
func Databases() []string { return []string{"postgres", "mariadb"} }

// Database is one on a server that runs.
type Database struct {
	Driver   string // as a provider block says it: postgres, mysql
	Host     string
	Port     string
	User     string // may make databases
	Password string
	Name     string
}

// NewDatabase makes a database that nobody else knows on one of the [Databases]; see [One] for when that server does not run. It is dropped when the test
// ends, with whoever is still connected to it.
func NewDatabase(t testing.TB, server string) Database {
	t.Helper()
	s := One(t, server)
	d := Database{Driver: server, Host: s.Value("HOST"), Port: s.Value("PORT"), User: s.Value("USER"), Password: s.Value("PASSWORD"), Name: s.Value("DATABASE")}
	drop := " with (force)"
	if server == "mariadb" {
		d.Driver, drop = "mysql", ""
	}
	administration, name := d, unused()
	administration.exec(t, "create database "+name)
	t.Cleanup(func() { administration.exec(t, "drop database "+name+drop) })
	d.Name = name
	return d
}

// DSN is what a provider block says to reach it.
func (d Database) DSN() string {
	address := net.JoinHostPort(d.Host, d.Port)
	if d.Driver == "mysql" {
		c := mysql.NewConfig()
		c.User, c.Passwd, c.Net, c.Addr, c.DBName = d.User, d.Password, "tcp", address, d.Name
		return c.FormatDSN()
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(d.User, d.Password), Host: address, Path: "/" + d.Name}
	return u.String() + "?sslmode=disable"
}

// Open connects to it, as another application would. It is closed when the test ends.
func (d Database) Open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatalf("%s: %v", d.Driver, err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// open leaves several statements in one text to MySQL; PostgreSQL takes them from the simple protocol only.
func (d Database) open() (*sql.DB, error) {
	if d.Driver == "mysql" {
		c, err := mysql.ParseDSN(d.DSN())
		if err != nil {
			return nil, err
		}
		c.MultiStatements = true
		connector, err := mysql.NewConnector(c)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	}
	c, err := pgx.ParseConfig(d.DSN())
	if err != nil {
		return nil, err
	}
	c.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	return stdlib.OpenDB(*c), nil
}

func (d Database) exec(t testing.TB, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	db, err := d.open()
	if err != nil {
		t.Fatalf("%s: %v", d.Driver, err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Errorf("%s: %s: %v", d.Driver, statement, err)
	}
}
