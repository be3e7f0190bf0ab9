package schema

import (
	"fmt"
	"strings"
	"testing"
)

// TestDataMistakes: a data block that cannot be read says why, once; who refers to it stays silent.
func TestDataMistakes(t *testing.T) {
	for block, want := range map[string]string{
		`data "csv" "d" {}`:                                                                         "Missing attribute Missing attribute",
		`data "cvs" "d" { path = "a.csv" }`:                                                         "Unknown type of data",
		`data "csv" "d" { path = "a.csv" }`:                                                         "Missing attribute",
		`data "json" "d" { path = "none.json" }`:                                                    "Unreadable file",
		`data "json" "d" { path = "." }`:                                                            "Unreadable file",
		`data "json" "d" { path = null }`:                                                           "Missing value",
		`data "json" "d" { path = "" }`:                                                             "Missing value",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"\"\n}":                                   "Missing value",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n delimiter = \"ab\"\n}":            "Invalid delimiter",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n kee = 1\n}":                       "Unknown attribute",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n guard { min_rows = \"5%\" }\n}":   "Invalid limit",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n guard { max_shrink = -1 }\n}":     "Invalid limit",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n guard {}\n guard {}\n}":           "Duplicate block",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n}\ndata \"csv\" \"d\" {}":          "Duplicate name",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n}\nlocals { x = data.csv.e.rows }": "Unknown reference",
		"data \"csv\" \"d\" {\n path = \"a.csv\"\n key = \"id\"\n}\nlocals { x = data.csv }":        "Incomplete reference",
	} {
		config := "accord { workspace = \"w\" }\nprovider \"disk\" \"p\" { path = \"p\" }\n" + block + `
folder "f" {
  for_each = data.csv.d.rows
  provider = provider.disk.p
  kind     = "calendar"
  path     = each.key
}
`
		if !strings.Contains(block, `"csv" "d"`) {
			config = strings.ReplaceAll(config, "data.csv.d", "data."+strings.Split(block, `"`)[1]+".d")
		}
		_, _, diags := Load(directory(t, map[string]string{"main.hcl": config, "a.csv": "id\na\n"}), testOptions())
		var got []string
		for _, d := range diags {
			got = append(got, d.Summary)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", block, diags, want)
		}
	}
}

// TestDataInFingerprint: what a roster says is part of the fingerprint where it is used, and so is its guard.
func TestDataInFingerprint(t *testing.T) {
	prints := map[string]string{}
	for _, c := range []struct{ roster, least string }{{"id,at\na,x\n", "1"}, {"id,at\na,y\n", "1"}, {"id,at\nb,x\n", "1"}, {"id,at\na,x\n", "2"}} {
		dir := directory(t, map[string]string{"a.csv": c.roster, "main.hcl": `
accord { workspace = "w" }
provider "disk" "p" { path = "p" }
data "csv" "d" {
  path = "a.csv"
  key  = "id"
  guard { min_rows = ` + c.least + ` }
}
folder "f" {
  for_each = data.csv.d.rows
  provider = provider.disk.p
  kind     = "calendar"
  path     = each.value.at
}
`})
		w, _, diags := Load(dir, testOptions())
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if other, alike := prints[w.Fingerprint]; alike {
			t.Errorf("%v has the fingerprint of %s", c, other)
		}
		prints[w.Fingerprint] = fmt.Sprint(c)
	}
}
