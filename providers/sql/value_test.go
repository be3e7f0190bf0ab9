package sql_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/providers/sql"
)

// readAs checks how one row of a table with a column for each type is read. The columns are named by their declarations.
type readAs struct{ declared, value string }

func TestValuesOfSQLite(t *testing.T) {
	for test, want := range map[readAs]providers.Value{
		{"integer", "9007199254740993"}:                 int64(9007199254740993),
		{"integer", "null"}:                             nil,
		{"real", "2.5"}:                                 2.5,
		{"real", "3"}:                                   3.0,
		{"numeric", "'12.50'"}:                          12.5,
		{"text", "'Ü, \"x\"'"}:                          `Ü, "x"`,
		{"text", "cast(x'66ff' as text)"}:               "f\uFFFD",
		{"text", "''"}:                                  "",
		{"blob", "x'00ff10'"}:                           "AP8Q",
		{"boolean", "1"}:                                true,
		{"boolean", "0"}:                                false,
		{"boolean", "7"}:                                int64(7),
		{"date", "'2026-10-05'"}:                        "2026-10-05",
		{"datetime", "'2026-10-05 09:00:00'"}:           "2026-10-05T09:00:00",
		{"datetime", "'2026-10-05 09:00'"}:              "2026-10-05T09:00:00",
		{"datetime", "'2026-10-05 09:00:00.125'"}:       "2026-10-05T09:00:00.125",
		{"datetime", "'2026-10-05T09:00:00Z'"}:          "2026-10-05T09:00:00Z",
		{"datetime", "'2026-10-05 09:00:00+02:00'"}:     "2026-10-05T09:00:00+02:00",
		{"timestamp", "'2026-10-05 09:00:00'"}:          "2026-10-05T09:00:00",
		{"timestamp", "'soon'"}:                         "soon",
		{"timestamp", "1790000000"}:                     int64(1790000000),
		{"text", "'2026-10-05 09:00:00'"}:               "2026-10-05T09:00:00",
		{"text", "datetime('2026-10-05 09:00:00')"}:     "2026-10-05T09:00:00",
		{"text", "'2026-10-05 and not a minute later'"}: "2026-10-05 and not a minute later",
	} {
		t.Run(test.declared+" "+test.value, func(t *testing.T) {
			s := newStore(t, "create table t (v "+test.declared+")", "insert into t values ("+test.value+")")
			for _, query := range []string{"select v from t", "select v from t where v is not null or 1;", "select v from t -- all of it\n"} {
				got, err := s.rows(query, nil)
				if want := []providers.Row{{"v": want}}; err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %#v (%v), want %#v", query, got, err, want)
				}
			}
		})
	}
}

// serverValues are how the types of a server are read, by declaration and value.
func serverValues(server string) map[readAs]providers.Value {
	if server == "mariadb" {
		return map[readAs]providers.Value{
			{"bigint", "9007199254740993"}: int64(9007199254740993), {"int", "-7"}: int64(-7), {"bigint unsigned", "18446744073709551615"}: "18446744073709551615",
			{"bigint unsigned", "42"}: int64(42), {"float", "2.2"}: 2.2, {"float", "-3"}: -3.0,
			{"double", "2.5"}: 2.5, {"decimal(10,2)", "12.50"}: 12.5, {"decimal(40,20)", "0.12345678901234567890"}: "0.12345678901234567890",
			{"varchar(20)", "'Ü'"}: "Ü", {"text", "null"}: nil, {"varbinary(4)", "x'00ff10'"}: "AP8Q", {"date", "'2026-10-05'"}: "2026-10-05",
			{"datetime", "'2026-10-05 09:00:00'"}: "2026-10-05T09:00:00", {"datetime(3)", "'2026-10-05 09:00:00.125'"}: "2026-10-05T09:00:00.125",
			{"timestamp null", "'2026-10-05 09:00:00'"}: "2026-10-05T09:00:00Z", {"time", "'09:30:00'"}: "09:30:00", {"enum('a','b')", "'b'"}: "b", {"json", `'{"a":1}'`}: `{"a":1}`,
		}
	}
	return map[readAs]providers.Value{
		{"bigint", "9007199254740993"}: int64(9007199254740993), {"smallint", "-7"}: int64(-7), {"double precision", "2.5"}: 2.5, {"real", "2.2"}: 2.2, {"real", "'NaN'"}: "NaN",
		{"numeric(10,2)", "12.50"}: 12.5, {"numeric", "0.12345678901234567890"}: "0.12345678901234567890", {"text", "'Ü'"}: "Ü", {"varchar(20)", "null"}: nil,
		{"bytea", `'\x00ff10'`}: "AP8Q", {"boolean", "true"}: true, {"date", "'2026-10-05'"}: "2026-10-05", {"timestamp", "'2026-10-05 09:00:00'"}: "2026-10-05T09:00:00",
		{"timestamp(3)", "'2026-10-05 09:00:00.125'"}: "2026-10-05T09:00:00.125", {"timestamptz", "'2026-10-05 09:00:00+02'"}: "2026-10-05T07:00:00Z",
		{"text[]", `array['a', 'b, c', 'd "e" \f', null, '', 'NULL']`}: []string{"a", "b, c", `d "e" \f`, "", "NULL"}, {"int[]", "'{1,2}'"}: []string{"1", "2"},
		{"varchar(5)[]", "'{}'"}: []string{}, {"int4[]", "'{{1},{2}}'"}: "{{1},{2}}",
		{"time", "'09:30:00'"}: "09:30:00", {"uuid", "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'"}: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", {"json", `'{"a":1}'`}: `{"a":1}`,
	}
}

func TestValuesOfServers(t *testing.T) {
	for _, server := range running.Databases() {
		t.Run(server, func(t *testing.T) {
			d := running.NewDatabase(t, server)
			values := serverValues(server)
			var names, declared, inserted []string
			want := providers.Row{}
			for _, test := range slices.SortedFunc(maps.Keys(values), func(a, b readAs) int { return strings.Compare(a.declared, b.declared) }) {
				name := "c" + string(rune('a'+len(names)))
				names, declared, inserted = append(names, name), append(declared, name+" "+test.declared), append(inserted, test.value)
				want[name] = values[test]
			}
			if _, err := d.Open(t).Exec("create table t (" + strings.Join(declared, ", ") + "); insert into t values (" + strings.Join(inserted, ", ") + ")"); err != nil {
				t.Fatal(err)
			}
			p := providertest.Open(t, sql.Driver{}, providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN()}})
			for query, params := range map[string]map[string]any{"select * from t": nil, "select * from t where :n = 1": {"n": 1.0}} {
				got, err := rowsOf(t.Context(), p, query, params)
				if err != nil || len(got) != 1 {
					t.Fatalf("%s: %v, %v", query, got, err)
				}
				for i, name := range names {
					if !reflect.DeepEqual(got[0][name], want[name]) {
						t.Errorf("%s: %s is %#v, want %#v", query, declared[i], got[0][name], want[name])
					}
				}
			}
		})
	}
}
