package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// table is what people do to items in folders, and what the folders hold afterwards.
type table struct {
	folders []string
	rows    []tableRow
}

type tableRow struct {
	item          string
	before, after []string // in each folder
}

func readTable(ts *testscript.TestScript, name string) (t table) {
	for line := range strings.Lines(ts.ReadFile(name)) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		before, after, ok := strings.Cut(line, "|")
		r := tableRow{before: strings.Fields(before), after: strings.Fields(after)}
		if !ok || len(r.before) != len(r.after)+1 {
			ts.Fatalf("%s: %q is no row of a table", name, line)
		}
		r.item, r.before = r.before[0], r.before[1:]
		if t.folders == nil {
			t.folders = r.after
			continue
		}
		if len(r.after) != len(t.folders) {
			ts.Fatalf("%s: %q is of %d folders, and there are %d", name, line, len(r.after), len(t.folders))
		}
		t.rows = append(t.rows, r)
	}
	return t
}

// begun is the table before people did anything: every item is in all folders as [folders.begin] made it.
func (t table) begun() table {
	rows := slices.Clone(t.rows)
	for i := range rows {
		rows[i].after = slices.Repeat([]string{atFirst}, len(t.folders))
	}
	return table{t.folders, rows}
}

// atFirst is where items are that nobody moved.
const atFirst = "Paris"

// folders are those of a workspace by name. A folder may have two.
type folders map[string]folder

// begin puts every item of a table into the first of its folders.
func (f folders) begin(ts *testscript.TestScript, t table) {
	for _, r := range t.rows {
		ts.Check(f[t.folders[0]].put(newItem(r.item, r.item, atFirst)))
	}
}

// people does the first half of a table.
func (f folders) people(ts *testscript.TestScript, t table) {
	held := f.all(ts, t)
	for _, r := range t.rows {
		for i, name := range t.folders {
			there := held[name][r.item]
			switch act := r.before[i]; {
			case act == ".":
			case act == "-":
				for _, it := range there {
					ts.Check(f[name].remove(it))
				}
			case len(there) > 1:
				ts.Fatalf("%s holds %d items %q: which one is changed?", name, len(there), r.item)
			case len(there) == 1:
				ts.Check(f[name].put(there[0].saying(act)))
			case i == 0 || strings.HasPrefix(act, "="):
				ts.Check(f[name].put(newItem(r.item, r.item, act)))
			default:
				ts.Check(f[name].put(newItem(r.item, r.item+" of "+name, act)))
			}
		}
	}
}

// hold compares the second halves of tables with what is there. Where several tables say something of an item, the last counts.
func (f folders) hold(ts *testscript.TestScript, tables []table) {
	for _, name := range tables[0].folders {
		want := map[string]string{}
		for _, t := range tables {
			column := slices.IndexFunc(t.folders, func(other string) bool { return f[other] == f[name] })
			for _, r := range t.rows {
				want[r.item] = r.after[column]
			}
		}
		got := map[string]string{}
		for item, there := range f.all(ts, tables[0])[name] {
			var says []string
			for _, it := range there {
				says = append(says, it.says())
			}
			slices.Sort(says)
			got[item] = strings.Join(says, ",")
		}
		var wrong strings.Builder
		for _, item := range slices.Sorted(maps.Keys(want)) {
			if want[item] == "-" {
				want[item] = ""
			}
			if got[item] != want[item] {
				fmt.Fprintf(&wrong, "\n%s: %q, want %q", item, got[item], want[item])
			}
			delete(got, item)
		}
		if len(got) > 0 {
			fmt.Fprintf(&wrong, "\nand there is more: %q", got)
		}
		if wrong.Len() > 0 {
			ts.Fatalf("%s holds%s", name, wrong.String())
		}
	}
}

// all is what the folders of a table hold: by folder and name.
func (f folders) all(ts *testscript.TestScript, t table) map[string]map[string][]item {
	all := map[string]map[string][]item{}
	for _, name := range t.folders {
		there, err := f[name].items()
		ts.Check(err)
		all[name] = map[string][]item{}
		for _, it := range there {
			key := it.name()
			all[name][key] = append(all[name][key], it)
		}
	}
	return all
}
