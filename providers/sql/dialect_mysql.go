package sql

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"regexp"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// mysqlDialect is for MySQL 8 and MariaDB 10.6 and later. A DATETIME is a time without zone, a TIMESTAMP an instant.
func mysqlDialect() *dialect {
	return &dialect{
		name: "mysql", syntax: named.MySQL(), place: mysqlPlace, open: openMySQL,
		stops: true,
		begin: []string{"set transaction isolation level repeatable read", "start transaction with consistent snapshot, read only"}, end: []string{"rollback"},
		lastID: true, savepoint: "savepoint item", release: "release savepoint item", back: "rollback to savepoint item",
		types: map[string]value.Kind{
			"TIMESTAMP": value.Instant, "DATETIME": value.Clock, "DATE": value.Date, "TIME": value.Hour, "DECIMAL": value.Number, "UNSIGNED BIGINT": value.Whole, "FLOAT": value.Single,
			"CHAR": value.Text, "VARCHAR": value.Text, "TINYTEXT": value.Text, "TEXT": value.Text, "MEDIUMTEXT": value.Text, "LONGTEXT": value.Text, "ENUM": value.Text, "SET": value.Text, "JSON": value.Text,
		},
		argument: func(v any) any {
			switch v := v.(type) {
			case moment:
				return v.written("2006-01-02 15:04:05.999999")
			case stamp:
				return v.plain()
			}
			return plainly(v)
		},
		fault: mysqlFault,
	}
}

func mysqlConfig(dsn string) (*mysql.Config, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, refusedDSN("MySQL", "user:password@tcp(host:3306)/database")
	}
	cfg.ClientFoundRows = true // an update that changes nothing found its row
	cfg.ParseTime, cfg.MultiStatements, cfg.InterpolateParams, cfg.AllowAllFiles = false, false, false, false
	cfg.Logger = log.New(io.Discard, "", 0)
	return cfg, nil
}

func mysqlPlace(dsn, _ string) (string, error) {
	cfg, err := mysqlConfig(dsn)
	if err != nil {
		return "", err
	}
	return cfg.Addr + "/" + cfg.DBName, nil
}

func openMySQL(dsn, _ string, limit time.Duration) (*sql.DB, error) {
	cfg, err := mysqlConfig(dsn)
	if err != nil {
		return nil, err
	}
	c, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, refusedDSN("MySQL", "user:password@tcp(host:3306)/database")
	}
	return sql.OpenDB(session{
		Connector: c,
		must:      []string{"set time_zone = '+00:00'"},
		may: []string{
			fmt.Sprintf("set session max_execution_time = %d", limit.Milliseconds()), // MySQL
			fmt.Sprintf("set session max_statement_time = %f", limit.Seconds()),      // MariaDB
		},
	}), nil
}

var (
	// mysqlLine is how a message ends that says in which line a mistake is.
	mysqlLine = regexp.MustCompile(` at line (\d+)$`)

	// mysqlName is how a message begins that says what is not there.
	mysqlName = regexp.MustCompile(`^(?:Unknown column '([^']+)'|Table '(?:[^'.]+\.)?([^']+)' doesn't exist)`)
)

// The error numbers of MySQL and MariaDB (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html,
// https://mariadb.com/kb/en/mariadb-error-code-reference/).
func mysqlFault(err error) fault {
	var e *mysql.MySQLError
	if errors.Is(err, mysql.ErrInvalidConn) {
		return fault{class: providers.Unreachable, says: "the connection to the database broke off", lost: true}
	}
	if !errors.As(err, &e) {
		return fault{}
	}
	f := fault{class: providers.Refused, says: e.Message}
	switch e.Number {
	case 1044, 1045, 1698, 1130, 3118:
		return fault{class: providers.Unauthorized, says: "user or password in dsn is wrong, or the user may not use the database"}
	case 1049:
		return fault{class: providers.Refused, says: "the database that dsn names is not there"}
	case 1142, 1143, 1227, 1370:
		f.class = providers.Unauthorized
	case 1317, 1969, 3024:
		f.class, f.slow = providers.Transient, true
	case 1020, 1040, 1041, 1203, 1205, 1213, 1226:
		f.class = providers.Transient
	case 1053, 1927, 3169:
		f.class, f.lost = providers.Unreachable, true
	}
	if m := mysqlLine.FindStringSubmatch(f.says); m != nil {
		f.says, f.at = strings.TrimSuffix(f.says, m[0]), "line "+m[1]
	}
	if m := mysqlName.FindStringSubmatch(f.says); m != nil {
		f.near = m[1] + m[2]
	}
	return f
}
