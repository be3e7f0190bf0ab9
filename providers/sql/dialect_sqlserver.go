package sql

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// sqlserverDialect is for SQL Server 2016 and later, and Azure SQL. A time is sent with its offset, which a column without zone passes over.
func sqlserverDialect() *dialect {
	return &dialect{
		name: "sqlserver", syntax: named.SQLServer(), place: sqlserverPlace, open: openSQLServer,
		begin:     []string{"set transaction isolation level snapshot", "begin transaction"},
		end:       []string{"if @@trancount > 0 rollback transaction", "set transaction isolation level read committed"},
		savepoint: "save transaction item", back: "rollback transaction item",
		types: map[string]value.Kind{
			"DATETIMEOFFSET": value.Instant, "DATETIME": value.Clock, "DATETIME2": value.Clock, "SMALLDATETIME": value.Clock, "DATE": value.Date, "TIME": value.Hour,
			"DECIMAL": value.Number, "NUMERIC": value.Number, "MONEY": value.Number, "SMALLMONEY": value.Number, "REAL": value.Single, "UNIQUEIDENTIFIER": value.GUID,
		},
		argument: func(v any) any {
			switch v := v.(type) {
			case moment:
				if v.day {
					return v.Format(time.DateOnly)
				}
				return v.Time
			case stamp:
				return string(v)
			}
			return plainly(v)
		},
		fault: sqlserverFault,
	}
}

const sqlserverForm = "sqlserver://user:password@host:1433?database=name"

func sqlserverPlace(dsn, _ string) (string, error) {
	cfg, err := msdsn.Parse(dsn)
	if err != nil {
		return "", refusedDSN("SQL Server", sqlserverForm)
	}
	host := cfg.Host
	switch {
	case cfg.Instance != "":
		host += `\` + cfg.Instance
	case cfg.Port != 0:
		host = net.JoinHostPort(host, strconv.FormatUint(cfg.Port, 10))
	}
	return host + "/" + cfg.Database, nil
}

func openSQLServer(dsn, _ string, _ time.Duration) (*sql.DB, error) {
	c, err := sqlserverConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(c), nil
}

// sqlserverConnector opens connections that wait for another program's lock as long as all do. The driver resets a session before each use.
func sqlserverConnector(dsn string) (*mssql.Connector, error) {
	c, err := mssql.NewConnector(dsn)
	if err != nil {
		return nil, refusedDSN("SQL Server", sqlserverForm)
	}
	c.SessionInitSQL = fmt.Sprintf("set lock_timeout %d", patience.Milliseconds())
	return c, nil
}

// sqlserverName is how a message begins that says what is not there.
var sqlserverName = regexp.MustCompile(`^Invalid (?:column|object) name '([^']+)'`)

// SQL Server's error numbers (https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors).
func sqlserverFault(err error) fault {
	var e mssql.Error
	if !errors.As(err, &e) {
		return fault{}
	}
	f := fault{class: providers.Refused, says: e.Message}
	if slices.Contains([]int32{102, 105, 156, 207, 208, 209, 4104, 4145}, e.Number) && e.LineNo > 0 {
		f.at = fmt.Sprintf("line %d", e.LineNo)
	}
	if m := sqlserverName.FindStringSubmatch(f.says); m != nil {
		f.near = m[1]
	}
	switch e.Number {
	case 18450, 18452, 18456, 18470, 18487, 18488:
		return fault{class: providers.Unauthorized, says: "user or password in dsn is wrong"}
	case 911, 4060:
		return fault{class: providers.Unauthorized, says: "the database that dsn names is not there, or the user may not use it"}
	case 229, 230, 262, 297, 300, 916:
		f.class = providers.Unauthorized
	case 3952:
		f.says = "the database does not allow snapshots, and without one what is read may not fit together: alter database … set allow_snapshot_isolation on"
	case 1204, 1205, 1222, 3960, 3961, 8645, 8651, 10928, 10929, 40197, 40501, 49918, 49919, 49920:
		f.class = providers.Transient
	case 596, 6005, 17142, 40613:
		f.class, f.lost = providers.Unreachable, true
	}
	return f
}
