package sql

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log"
	"regexp"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/accord-sync/accord/providers"
)

// mysqlDialect is for MySQL 8 and MariaDB 10.6 and later. A DATETIME is a time without zone, a TIMESTAMP an instant.
func mysqlDialect() *dialect {
	return &dialect{
		name: "mysql", title: "MySQL", syntax: mysqlSyntax(), connect: openMySQL,
		begin: []string{"set transaction isolation level repeatable read", "start transaction with consistent snapshot, read only"}, end: []string{"rollback"},
		savepoint: "savepoint item", release: "release savepoint item", back: "rollback to savepoint item",
		column: func(typ string) columnType {
			switch typ {
			case "TIMESTAMP":
				return instant
			case "DATETIME":
				return localTime
			case "DATE":
				return date
			case "TIME":
				return timeOfDay
			case "DECIMAL":
				return exactNumber
			}
			return asGiven
		},
		argument: func(v any) any {
			if m, ok := v.(moment); ok {
				return m.written("2006-01-02 15:04:05")
			}
			return plainly(v)
		},
		fault: mysqlFault,
	}
}

func openMySQL(dsn, _ string, limit time.Duration) (driver.Connector, error) {
	const form = "user:password@tcp(host:3306)/database"
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, refusedDSN("MySQL", form)
	}
	cfg.ClientFoundRows = true // an update that changes nothing found its row
	cfg.ParseTime, cfg.MultiStatements, cfg.InterpolateParams, cfg.AllowAllFiles = false, false, false, false
	cfg.Logger = log.New(io.Discard, "", 0)
	c, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, refusedDSN("MySQL", form)
	}
	return session{
		Connector: c,
		must:      []string{"set time_zone = '+00:00'"},
		may: []string{
			fmt.Sprintf("set session max_execution_time = %d", limit.Milliseconds()), // MySQL
			fmt.Sprintf("set session max_statement_time = %f", limit.Seconds()),      // MariaDB
		},
	}, nil
}

// mysqlLine is how a message ends that says in which line a mistake is.
var mysqlLine = regexp.MustCompile(` at line (\d+)$`)

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
	return f
}
