//go:build !oracle

package sql

import (
	"database/sql"
	"errors"
	"time"

	"github.com/accord-sync/accord/providers"
)

func openOracle(string, string, time.Duration) (*sql.DB, error) {
	return nil, providers.Classed(providers.Refused, errors.New("sql: this program was built without the driver for Oracle Database: build it with go build -tags oracle ./cmd/accord"))
}

func oracleFault(error) fault { return fault{} }
