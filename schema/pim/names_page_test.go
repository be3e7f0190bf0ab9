package pim_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

var updatePages = flag.Bool("update", false, "write docs/names.md")

// TestNamesPage holds the page of names to the names that expressions see.
func TestNamesPage(t *testing.T) {
	var page strings.Builder
	page.WriteString("# What an item has\n\n" +
		"Filters and templates see these names of `item`, and plans name fields alike. What is absent is `\"\"`, `[]` or, for numbers and times, `null`.\n" +
		"Times are RFC 3339 text in the item's zone, or a date when `all_day` is true. This page is written by\n" +
		"`go test ./schema/pim -run TestNamesPage -update`.\n")
	for _, kind := range pim.Kinds() {
		fmt.Fprintf(&page, "\n## %s\n\n| name | type | meaning | a template can set it |\n| --- | --- | --- | --- |\n", kind)
		for _, n := range pim.Names(kind) {
			settable := ""
			if n.Settable {
				settable = "yes"
			}
			fmt.Fprintf(&page, "| `%s` | %s | %s | %s |\n", n.Name, n.Type, n.Doc, settable)
		}
	}
	const path = "../../docs/names.md"
	if *updatePages {
		if err := os.WriteFile(path, []byte(page.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page.String() {
		t.Error("docs/names.md is out of date: go test ./schema/pim -run TestNamesPage -update")
	}
}
