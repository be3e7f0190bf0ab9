//go:build oracle

package sql

import (
	"database/sql"
	"errors"
	"time"

	ora "github.com/sijms/go-ora/v2"
	"github.com/sijms/go-ora/v2/network"
)

func openOracle(dsn, dir string, _ time.Duration) (*sql.DB, error) {
	if _, err := oraclePlace(dsn, dir); err != nil {
		return nil, err
	}
	return sql.OpenDB(session{Connector: ora.NewConnector(dsn), must: oracleSession()}), nil
}

func oracleFault(err error) fault {
	var e *network.OracleError
	if !errors.As(err, &e) {
		return fault{}
	}
	return oracleMeaning(e.ErrCode, e.ErrMsg, e.ErrPos()+1)
}

// oracleSession are the statements that sessions begin with.
func oracleSession() []string {
	return []string{
		"alter session set time_zone = '+00:00'",
		`alter session set nls_date_format = 'YYYY-MM-DD"T"HH24:MI:SS'`,
		`alter session set nls_timestamp_format = 'YYYY-MM-DD"T"HH24:MI:SSXFF'`,
		"alter session set nls_numeric_characters = '.,'",
	}
}
