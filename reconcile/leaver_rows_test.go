package reconcile_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	accordsql "github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/schema/pim"
)

const caseSystem = `
accord {
  workspace = "cases"
  guard { max_leavers = "100%%" }
}
provider "sql" "db" {
  driver   = "sqlite"
  dsn      = "cases.db"
  timezone = "Europe/London"
}
provider "memory" "office" { store = "office" }
data "sql" "people" {
  provider = provider.sql.db
  query    = "select login from person"
  key      = "login"
  guard { min_rows = 0 }
}
folder "diary" {
  provider = provider.memory.office
  kind     = "calendar"
  name     = "diary"
}
folder "app" {
  provider = provider.sql.db
  kind     = "calendar"
  key      = ["code"]
  version  = "ver"
  insert   = "insert into app (owner, title, begins) values (:%[2]s, :summary, :start) returning code"
  update   = "update app set title = :summary, begins = :start, ver = ver + 1 where code = :key and owner = :%[2]s and ver = :version"
  delete   = "delete from app where code = :key and owner = :%[2]s and ver = :version"
  fields {
    summary = %[3]s
    start   = row.begins
  }
  %[1]s
}
`

const (
	inPartitions = `query = "select code, owner, title, begins, ver from app"
  partition = "owner"`
	forEachOwner = `for_each = data.sql.people.rows
  query    = "select code, title, begins, ver from app where owner = :me"
  params   = { me = each.key }`
	diaries = `
relationship "diaries" {
  for_each    = data.sql.people.rows
  source      = folder.diary
  destination = folder.app%s[each.key]
  profile     = "one_way"
}
`
)

// Who leaves a table that holds the items of many people takes their items along, whether the table is one block with a partition or a folder for each of them, and
// also when all leave at once and the block stays. What cannot be read any more stays.
func TestLeaverWhoseItemsAreRows(t *testing.T) {
	ours := `row.title`
	for what, c := range map[string]struct {
		folder, title string
		leave         string // a statement; "": the relationship leaves
		left          string
	}{
		"a partition":                           {inPartitions, ours, "delete from person where login = 'ben'", "ann 2, cy ${x} 2"},
		"all partitions":                        {inPartitions, ours, "delete from person", ""},
		"the relationship to partitions":        {inPartitions, ours, "", ""},
		"a key of for_each":                     {forEachOwner, ours, "delete from person where login = 'ben'", "ann 2, cy ${x} 2"},
		"all keys of for_each":                  {forEachOwner, ours, "delete from person", "everything"},
		"a key that what is made of rows reads": {forEachOwner, `trimprefix(row.title, each.key)`, "delete from person where login = 'ben'", "everything"},
	} {
		t.Run(what, func(t *testing.T) {
			store := memory.New(memory.DAV(), time.Now)
			office := store.AddFolder("diary", pim.Calendar)
			desk := &campus{t: t, dir: t.TempDir(), now: time.Now, drivers: map[string]providers.Driver{"sql": accordsql.Driver{}, "memory": memory.Driver{Stores: map[string]*memory.Store{"office": store}}}}
			db, err := sql.Open("sqlite", filepath.Join(desk.dir, "cases.db"))
			desk.must(err)
			defer db.Close()
			do := func(statement string) {
				t.Helper()
				_, err := db.Exec(statement)
				desk.must(err)
			}
			do("create table person (login text)")
			do("create table app (code integer primary key, owner text, title text, begins text, ver int default 1)")
			do("insert into person values ('ann'), ('ben'), ('cy ${x}')")
			office.Put(event("one", "Lunch"))
			office.Put(event("two", "Tea"))
			name, of := "partition", ".partition"
			if c.folder == forEachOwner {
				name, of = "me", ""
			}
			folders := fmt.Sprintf(caseSystem, c.folder, name, c.title)
			write := func(text string) { desk.must(os.WriteFile(filepath.Join(desk.dir, "main.hcl"), []byte(text), 0o666)) }
			write(folders + fmt.Sprintf(diaries, of))
			_, _, err = desk.run(context.Background())
			desk.must(err)

			if c.leave == "" {
				write(folders)
			} else {
				do(c.leave)
			}
			said, _, err := desk.run(context.Background())
			desk.must(err)
			var left []string
			rows, err := db.Query("select owner || ' ' || count(*) from app group by owner order by owner")
			desk.must(err)
			for rows.Next() {
				var one string
				desk.must(rows.Scan(&one))
				left = append(left, one)
			}
			desk.must(rows.Err())
			if want := strings.ReplaceAll(c.left, "everything", "ann 2, ben 2, cy ${x} 2"); strings.Join(left, ", ") != want {
				t.Errorf("the table holds %q, want %q: %+v", left, want, said)
			}
		})
	}
}
