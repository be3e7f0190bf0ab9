package schema

import (
	"context"
	"errors"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// book is a driver that is asked by queries. It can be configured and located, and nothing else.
type book struct{}

func (book) Schema() providers.Schema {
	query := []providers.Attribute{{Name: "query", Type: providers.String, Required: true}, {Name: "params", Type: providers.Params}}
	return providers.Schema{
		Provider: []providers.Attribute{{Name: "path", Type: providers.String, Required: true}},
		Data:     query,
		Tables:   true,
		Folder: append(query[:2:2], []providers.Attribute{
			{Name: "key", Type: providers.List, Required: true},
			{Name: "partition", Type: providers.String},
			{Name: "fields", Type: providers.MappedBlock, Required: true},
			{Name: "extra", Type: providers.Mapped},
		}...),
	}
}

func (book) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	at := path.Join(p.Attributes.String("path"), f.Attributes.String("query"))
	if f.Partition != nil {
		at += "/" + *f.Partition
	}
	return at, nil
}

// university is a workspace of which everything depends on rows.
const university = `
accord { workspace = "w" }
provider "book" "b" {
  path     = "b"
  timezone = "Europe/London"
}
provider "disk" "d" { path = "d" }
variable "from" { default = "2026-10-01" }
data "book" "students" {
  provider = provider.book.b
  query    = "students"
  params   = { active = true }
  key      = "id"
  guard { min_rows = 2 }
}
folder "timetable" {
  provider  = provider.book.b
  kind      = "calendar"
  access    = "read"
  query     = "lessons"
  params    = { from = var.from, n = 3, none = null }
  key       = ["id"]
  partition = "student"
  fields {
    summary    = upper(row.subject)
    start      = row.starts_at
    location   = join(", ", distinct([for r in rows : "${r.room} (${r.floor})"]))
    categories = row.tags
  }
  extra = { course = row.course, rooms = length(rows) }
}
folder "student" {
  for_each = data.book.students.rows
  provider = provider.disk.d
  kind     = "calendar"
  path     = try(each.value.login, null)
  create   = true
}
relationship "lessons" {
  for_each    = folder.student
  source      = folder.timetable.partition[each.key]
  destination = each.value
  profile     = "one_way"
}
`

func students(rows ...providers.Row) func(*Provider, providers.DataConfig, func(providers.Row) error) error {
	return func(p *Provider, cfg providers.DataConfig, each func(providers.Row) error) error {
		if p.Address != "provider.book.b" || cfg.Address != "data.book.students" || cfg.Attributes.String("query") != "students" ||
			!reflect.DeepEqual(cfg.Attributes["params"], map[string]any{"active": true}) {
			return fmt.Errorf("asked %s for %+v", p.Address, cfg)
		}
		for _, row := range rows {
			if err := each(row); err != nil {
				return fmt.Errorf("the query: %w", err)
			}
		}
		return nil
	}
}

var ann, ben, none = providers.Row{"id": int64(7), "login": "ann"}, providers.Row{"id": int64(8), "login": "ben"}, providers.Row{"id": int64(9), "login": nil}

func loadUniversity(t *testing.T, config string, rows func(*Provider, providers.DataConfig, func(providers.Row) error) error) (*Workspace, string) {
	t.Helper()
	opts := testOptions()
	opts.Drivers["book"], opts.Rows = book{}, rows
	w, src, diags := Load(directory(t, map[string]string{"main.hcl": config}), opts)
	var b strings.Builder
	if err := WriteDiagnostics(&b, src, diags); err != nil {
		t.Fatal(err)
	}
	return w, b.String()
}

// TestRows: people and their folders come from rows, and of the source there is one folder for each of them.
func TestRows(t *testing.T) {
	w, said := loadUniversity(t, university, students(ann, ben, none))
	if said != "" {
		t.Fatal(said)
	}
	if len(w.Relations) != 3 || len(w.Data) != 1 || w.Data[0].Rows != 3 || w.Data[0].MinRows != 2 || w.Unasked != nil {
		t.Fatalf("%+v", w)
	}
	if f := w.Folder(`folder.student["9"]`); f == nil || !f.Unresolved {
		t.Fatalf("%+v", f)
	}
	f := w.Relations[1].Source
	if f.Address != `folder.timetable.partition["8"]` || f.Location != "b/lessons/8" || f.Config.Partition == nil || *f.Config.Partition != "8" || f.Config.Zone.String() != "Europe/London" {
		t.Fatalf("%+v", f)
	}
	if got, want := f.Config.Attributes["params"], any(map[string]any{"from": "2026-10-01", "n": 3.0, "none": nil}); !reflect.DeepEqual(got, want) {
		t.Errorf("parameters %v", got)
	}
	rows := []providers.Row{
		{"subject": "law", "starts_at": "2026-10-05T09:00:00", "room": "A", "floor": int64(2), "tags": []string{"x", "y"}, "course": "L1"},
		{"subject": "law", "starts_at": "2026-10-05T09:00:00", "room": "B", "floor": 0.5, "tags": nil, "course": "L1"},
	}
	if got := f.Config.Attributes.Mapping("fields").Columns["start"]; !slices.Equal(got, []string{"starts_at"}) {
		t.Errorf("start is made of the columns %q", got)
	}
	fields, err := f.Config.Attributes.Mapping("fields").Of(rows)
	want := map[string]any{"summary": "LAW", "start": "2026-10-05T09:00:00", "location": "A (2), B (0.5)", "categories": []any{"x", "y"}}
	if err != nil || !reflect.DeepEqual(fields, want) {
		t.Errorf("%v, %v", fields, err)
	}
	extra, err := f.Config.Attributes.Mapping("extra").Of(rows)
	if err != nil || !reflect.DeepEqual(extra, map[string]any{"course": "L1", "rooms": "2"}) {
		t.Errorf("%v, %v", extra, err)
	}
}

// TestRowsThatLack: what an expression over rows cannot make is said with its file, line and column.
func TestRowsThatLack(t *testing.T) {
	w, said := loadUniversity(t, university, students(ann, ben))
	if said != "" {
		t.Fatal(said)
	}
	for want, row := range map[string]providers.Row{
		`summary: main.hcl:25: there is no column "subject": the columns are floor, room, starts_at, tags`: {"starts_at": "x", "room": "A", "floor": "", "tags": nil},
		`start: main.hcl:26`: {"subject": "s", "room": "A", "floor": "", "tags": nil},
		`no column "floor"`:  {"subject": "s", "starts_at": "x", "room": "A", "tags": nil},
	} {
		if _, err := w.Relations[0].Source.Config.Attributes.Mapping("fields").Of([]providers.Row{row}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", row, err, want)
		}
	}
}

// TestColumnsThatLack: a column that an expression needs is missed before there are rows, and one that it can do without is not.
func TestColumnsThatLack(t *testing.T) {
	columns := []string{"subject", "starts_at", "room", "floor", "tags"}
	for fields, want := range map[string]string{
		`start = row.starts_at`:                                       ``,
		`start = row.starts`:                                          `start: main.hcl:26: there is no column "starts": the columns are floor, room, starts_at, subject, tags`,
		`start = rows[0].starts`:                                      `start: main.hcl:26: there is no column "starts"`,
		`start = try(row.starts, row.starts_at, "2026-10-01")`:        ``,
		`start = row.room == "A" ? row.starts_at : rows[1].starts_at`: ``, // how many rows there will be is not known
		`start = "${row.starts_at}T${lower(row.time)}"`:               `there is no column "time"`,
	} {
		w, said := loadUniversity(t, strings.Replace(university, "start      = row.starts_at", fields, 1), students(ann, ben))
		if said != "" {
			t.Fatal(said)
		}
		err := w.Relations[0].Source.Config.Attributes.Mapping("fields").Fits(columns)
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", fields, err, want)
		}
	}
}

// TestExtraOfNull: what a row says nothing of is empty in extra, and what extra does not name is a mistake.
func TestExtraOfNull(t *testing.T) {
	for filter, want := range map[string]string{
		`item.extra.course != "Rowing"`: "",
		`item.extra.cuorse != "Rowing"`: "item.extra",
	} {
		w, said := loadUniversity(t, strings.Replace(university, `profile     = "one_way"`, `profile     = "one_way"`+"\n  filter = "+filter, 1), students(ann, ben))
		if said != "" {
			t.Fatal(said)
		}
		r := w.Relations[0]
		passes, err := r.Filter.Match(pim.New(pim.Calendar, "u"), r)
		if (err != nil) != (want != "") || err == nil && !passes {
			t.Errorf("%s: %t, %v", filter, passes, err)
		}
	}
}

// TestRowsNobodyAskedFor: without anybody who asks, what depends on rows is missing, and nothing is wrong with that.
func TestRowsNobodyAskedFor(t *testing.T) {
	w, said := loadUniversity(t, university, nil)
	if said != "" || !reflect.DeepEqual(w.Unasked, []string{"data.book.students"}) || len(w.Relations) != 0 {
		t.Errorf("%s%+v", said, w)
	}
}

// TestRowsThatCannotBe: whatever is wrong with rows is an error that names the data block, the row and the column.
func TestRowsThatCannotBe(t *testing.T) {
	for want, rows := range map[string][]providers.Row{
		`the key "id" is "7" in rows 1 and 3`:       {ann, ben, {"id": "7"}},
		`the key "id" of row 2 is null or empty`:    {ann, {"id": nil}},
		`there is no column "id", which is its key`: {{"di": "7"}},
	} {
		w, said := loadUniversity(t, university, students(rows...))
		if !strings.Contains(said, "data.book.students: the query: "+want) || strings.Count(said, "Error: ") != 1 {
			t.Errorf("%s, want %s", said, want)
		}
		if len(w.Relations) != 0 {
			t.Errorf("relationships of people nobody knows: %+v", w.Relations)
		}
	}
	_, said := loadUniversity(t, university, func(*Provider, providers.DataConfig, func(providers.Row) error) error {
		return errors.New("the server is away")
	})
	if !strings.Contains(said, "data.book.students: the server is away.") || !strings.Contains(said, "Nothing is planned without them") {
		t.Error(said)
	}
}

// TestTwoOfABlockInOnePlace: an address that belongs to two is nobody's until the rows are mended.
func TestTwoOfABlockInOnePlace(t *testing.T) {
	w, said := loadUniversity(t, university, students(ann, ben, providers.Row{"id": int64(5), "login": "ann"}))
	if strings.Contains(said, "Error: ") || !strings.Contains(said, "Two of a block in one place") {
		t.Fatal(said)
	}
	for key, with := range map[string]string{"5": "7", "7": "5", "8": ""} {
		f := w.Folder(`folder.student["` + key + `"]`)
		if f.Unresolved != (with != "") || with != "" && f.UnresolvedBecause() != fmt.Sprintf(`folder.student["%s"] and folder.student["%s"] have the same address: correct the rows that they are made of`, key, with) {
			t.Errorf("%s: %v, %s", key, f.Unresolved, f.UnresolvedBecause())
		}
	}
}

// TestRowsWithAnAddressThatCannotBe: what is wrong with one row is that row's matter, and what is wrong with all of them is the block's.
func TestRowsWithAnAddressThatCannotBe(t *testing.T) {
	w, said := loadUniversity(t, university, students(ann, providers.Row{"id": int64(8), "login": ""}))
	if f := w.Folder(`folder.student["8"]`); f == nil || !f.Unresolved || f.UnresolvedBecause() != `folder.student["8"]: path is empty` || !strings.HasPrefix(said, "Warning: Folder cannot be located") {
		t.Errorf("%s%+v", said, f)
	}
	if _, said := loadUniversity(t, university, students(providers.Row{"id": int64(8), "login": ""})); !strings.HasPrefix(said, "Error: Folder cannot be located") {
		t.Error(said)
	}
}

// TestPartitionThatNobodyNames: the state may know a partition that no relationship names any more.
func TestPartitionThatNobodyNames(t *testing.T) {
	w, said := loadUniversity(t, university, students(ann, none))
	if said != "" {
		t.Fatal(said)
	}
	folders := len(w.Folders)
	for _, key := range []string{"9", `a "b"`, "${x} %{y}", "$${z}"} {
		address := "folder.timetable.partition[" + scope.Quote(key) + "]"
		f := w.Partition(address)
		if f == nil || f.Address != address || f.Location != "b/lessons/"+key || f.Config.Partition == nil || *f.Config.Partition != key || f.Config.Address != address {
			t.Errorf("%s is %+v", address, f)
		}
	}
	for _, address := range []string{"folder.timetable", "folder.timetable.partition[null]", `folder.student["9"]`, `folder.other.partition["9"]`} {
		if f := w.Partition(address); f != nil {
			t.Errorf("%s is %s", address, f.Address)
		}
	}
	if len(w.Folders) != folders {
		t.Errorf("there are %d folders, and were %d", len(w.Folders), folders)
	}
}

// TestPartitionOfNobody: a row that does not say which partition is meant leaves one relationship unresolved.
func TestPartitionOfNobody(t *testing.T) {
	w, said := loadUniversity(t, strings.Replace(university, "partition[each.key]", "partition[each.value.path]", 1), students(ann, none))
	if said != "" || len(w.Relations) != 2 {
		t.Fatal(said)
	}
	if s := w.Relations[0].Source; s.Unresolved || s.Address != `folder.timetable.partition["ann"]` {
		t.Errorf("%+v", s)
	}
	if s := w.Relations[1].Source; !s.Unresolved || s.Address != "folder.timetable.partition[null]" {
		t.Errorf("%+v", s)
	}
}

// TestMistakesAboutRows makes each mistake once that can be made about rows.
func TestMistakesAboutRows(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`key      = "id"`, ``, "Missing attribute"},
		{`query    = "students"`, ``, "Missing attribute"},
		{`provider = provider.book.b
  query    = "students"`, `provider = provider.disk.d
  query    = "students"`, "Wrong provider"},
		{`data "book" "students"`, `data "disk" "students"`, "Unknown type of data"},
		{`params   = { active = true }`, `params   = { active = [1] }`, "Wrong value"},
		{`params   = { active = true }`, `params   = 3`, "Wrong value"},
		{`summary    = upper(row.subject)`, `summry = row.subject`, "Did you mean summary"},
		{`summary    = upper(row.subject)`, `summary = item.summary`, "item"},
		{`query     = "lessons"`, `query     = row.subject`, "row"},
		{`  fields {`, `  felds {`, "Did you mean fields"},
		{`partition = "student"`, ``, "partition"},
		{`folder.timetable.partition[each.key]`, `folder.timetable`, "partition"},
		{`access    = "read"`, `for_each = toset(["a"])`, "Partition of a block with for_each"},
		{`key       = ["id"]`, "key = [\"id\"]\n table \"t\" {\n provider = provider.disk.d\n}", "has no rows to give"},
		{`key       = ["id"]`, "key = [\"id\"]\n table \"t\" {\n provider = provider.book.b\n}", "Missing attribute"},
		{`key       = ["id"]`, "key = [\"id\"]\n table \"t\" {\n query = \"x\"\n}", "Missing attribute"},
		{`key       = ["id"]`, "key = [\"id\"]\n table \"t\" {\n provider = provider.book.b\n query = \"x\"\n}\n table \"t\" {\n provider = provider.book.b\n query = \"x\"\n}", "Duplicate"},
	} {
		if !strings.Contains(university, c.old) {
			t.Fatalf("there is no %s", c.old)
		}
		_, said := loadUniversity(t, strings.Replace(university, c.old, c.new, 1), students(ann, ben))
		if !strings.Contains(said, "Error: ") || strings.Contains(said, "Invalid index") || !strings.Contains(said, c.want) {
			t.Errorf("%s: said is\n%s, want %s", c.new, said, c.want)
		}
	}
}

// TestTables: a table block has what a data block of its provider's driver has.
func TestTables(t *testing.T) {
	config := strings.Replace(university, `key       = ["id"]`, "key = [\"id\"]\n table \"t\" {\n provider = provider.book.b\n query = \"x\"\n params = { a = var.from }\n}", 1)
	w, said := loadUniversity(t, config, students(ann, ben))
	if said != "" {
		t.Fatal(said)
	}
	want := []providers.Table{{Name: "t", Provider: "provider.book.b", Data: providers.DataConfig{Address: "table.t",
		Attributes: providers.Attributes{"query": "x", "params": map[string]any{"a": "2026-10-01"}}}}}
	if got := w.Relations[0].Source.Config.Attributes.Tables(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	before, _ := loadUniversity(t, university, students(ann, ben))
	if before.Fingerprint == w.Fingerprint {
		t.Error("a table is not in the fingerprint")
	}
}

func (book) Open(context.Context, providers.Config) (providers.Provider, error) {
	return nil, errors.New("book: cannot be opened")
}
