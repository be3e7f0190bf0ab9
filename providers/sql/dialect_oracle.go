package sql

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// oracleDialect is for Oracle Database 19 and later. Its driver is in programs that are built with the tag oracle. Times are sent as texts, of which the session's
// formats make times; a column with a zone takes to_timestamp_tz(:start || …) in the statement.
func oracleDialect() *dialect {
	return &dialect{
		name: "oracle", syntax: named.Oracle(), place: oraclePlace, open: openOracle,
		begin: []string{"set transaction read only"}, end: []string{"rollback"},
		savepoint: "savepoint item", back: "rollback to savepoint item",
		types: map[string]value.Kind{
			"TimeStampTZ": value.Instant, "TimeStampTZ_DTY": value.Instant, "TimeStampLTZ_DTY": value.Instant, "DATE": value.Clock, "TIMESTAMP": value.Clock, "TimeStampDTY": value.Clock,
			"NUMBER": value.Number,
		},
		argument: func(v any) any {
			switch v := v.(type) {
			case moment:
				return v.written("2006-01-02T15:04:05.999999999")
			case stamp:
				if at := strings.TrimSuffix(string(v), "Z"); isOracleTime(at) {
					return at
				}
				return string(v)
			}
			return plainly(v)
		},
		fault: oracleFault,
	}
}

// isOracleTime reports whether a text is in the form that the session's formats take.
func isOracleTime(text string) bool {
	_, err := time.Parse("2006-01-02T15:04:05", text) // which takes a fraction as well
	return err == nil
}

const oracleForm = "oracle://user:password@host:1521/service"

func oraclePlace(dsn, _ string) (string, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "oracle" || u.Host == "" {
		return "", refusedDSN("Oracle Database", oracleForm)
	}
	return u.Host + u.Path, nil
}

// oracleMeaning is what the number in ORA-00942 means (https://docs.oracle.com/en/error-help/db/). offset is where in the statement, from 1; 0: it is not known.
func oracleMeaning(code int, says string, offset int) fault {
	in := func(codes ...int) bool { return slices.Contains(codes, code) }
	switch {
	case in(1005, 1017, 28000, 28001):
		return fault{class: providers.Unauthorized, says: "user or password in dsn is wrong, or the account is locked"}
	case in(1031, 41900):
		return fault{class: providers.Unauthorized, says: says}
	case in(1013, 3136):
		return fault{class: providers.Transient, says: says, slow: true}
	case in(18, 20, 54, 60, 1555, 2049, 8177, 12516, 12519, 12520):
		return fault{class: providers.Transient, says: says}
	case in(28, 1012, 1033, 1034, 1089, 1090, 3113, 3114, 3135, 12170, 12505, 12514, 12528, 12537, 12541, 12545, 12547):
		return fault{class: providers.Unreachable, says: "the database does not answer", lost: true}
	}
	return fault{class: providers.Refused, says: says, offset: offset}
}
