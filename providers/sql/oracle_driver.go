//go:build oracle

package sql

import (
	"database/sql/driver"
	"errors"
	"strings"
	"time"

	ora "github.com/sijms/go-ora/v2"
	"github.com/sijms/go-ora/v2/network"
)

func openOracle(dsn, _ string, _ time.Duration) (driver.Connector, error) {
	if !strings.HasPrefix(dsn, "oracle://") {
		return nil, refusedDSN("Oracle Database", "oracle://user:password@host:1521/service")
	}
	return session{Connector: ora.NewConnector(dsn), must: oracleSession()}, nil
}

func oracleFault(err error) fault {
	var e *network.OracleError
	if !errors.As(err, &e) {
		return fault{}
	}
	return oracleMeaning(e.ErrCode, e.ErrMsg, e.ErrPos()+1)
}
