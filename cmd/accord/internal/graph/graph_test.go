package graph

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/carddav"
	"github.com/accord-sync/accord/providers/ldap"
	"github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/providers/vdir"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

var update = flag.Bool("update", false, "write the golden files anew")

// formats are the writers by the ending of their files.
func formats() map[string]func(*Graph, io.Writer) error {
	return map[string]func(*Graph, io.Writer) error{"dot": (*Graph).DOT, "mmd": (*Graph).Mermaid, "svg": (*Graph).SVG}
}

func drawn(t interface{ Fatal(...any) }, g *Graph, format string) string {
	var b bytes.Buffer
	if err := formats()[format](g, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// people stands for every database and directory: it knows two people, by all columns that the examples ask for.
func people(_ *schema.Provider, _ providers.DataConfig, each func(providers.Row) error) error {
	for _, name := range []string{"ann", "ben"} {
		row := providers.Row{"name": name}
		for _, column := range []string{"cn", "id", "login", "mail", "number", "uid"} {
			row[column] = name
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return nil
}

func load(t *testing.T, dir string) *schema.Workspace {
	t.Helper()
	ws, _, diags := schema.Load(dir, schema.Options{
		Drivers: map[string]providers.Driver{
			"caldav": caldav.Driver{}, "carddav": carddav.Driver{}, "ldap": ldap.Driver{}, "sql": sql.Driver{}, "vdir": vdir.Driver{},
		},
		Version: "0.1.0", Now: time.Now,
		Env:  func(string) (string, bool) { return "", false },
		Rows: people,
	})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return ws
}

// TestGolden draws every example, and a workspace with all there is to draw.
func TestGolden(t *testing.T) {
	mains, err := filepath.Glob(filepath.Join("..", "..", "..", "..", "examples", "*", "main.hcl"))
	if err != nil || len(mains) == 0 {
		t.Fatal(mains, err)
	}
	for _, main := range append(mains, filepath.Join("testdata", "everything", "main.hcl")) {
		name := filepath.Base(filepath.Dir(main))
		g := OfWorkspace(load(t, filepath.Dir(main)), map[string]plan.Status{
			`relationship.blocked`: plan.Blocked, `relationship.staff["p03"]`: plan.Alert, `relationship.paused`: plan.Paused, `mesh.people["anna/ben"]`: plan.Alert,
		})
		for format := range formats() {
			t.Run(name+"."+format, func(t *testing.T) {
				got, file := drawn(t, g, format), filepath.Join("testdata", name+"."+format)
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("%s is out of date; see what changed, and run the test with -update\n%s", file, got)
				}
			})
		}
	}
}

// A plan's document alone gives the same picture, less what it does not say.
func TestOfPlan(t *testing.T) {
	ws := load(t, filepath.Join("testdata", "everything"))
	statuses := map[string]plan.Status{}
	doc := &plan.Document{Workspace: ws.Name}
	for _, r := range ws.Relations {
		statuses[r.Address] = plan.OK
		if r.Address == "relationship.blocked" {
			statuses[r.Address] = plan.Blocked
		}
		doc.Relationships = append(doc.Relationships, plan.Relationship{
			Address: r.Address, Source: r.Source.Address, Destination: r.Destination.Address, Status: statuses[r.Address],
		})
	}
	if got := Statuses(doc); !reflect.DeepEqual(got, statuses) {
		t.Errorf("statuses: %v", got)
	}
	want, got := OfWorkspace(ws, statuses), OfPlan(doc)
	alone := 0 // folders without relationship
	for i, n := range want.Nodes {
		if n.Address == "folder.alone" {
			alone = i
		}
	}
	want.Nodes = append(want.Nodes[:alone], want.Nodes[alone+1:]...)
	for i := range want.Nodes {
		n := &want.Nodes[i]
		n.Kind, n.Driver, n.Status, n.Statuses = "", "", plan.OK, map[plan.Status]int{plan.OK: n.Count}
	}
	for i := range want.Edges {
		want.Edges[i].TwoWay = false
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the graph of the plan is\n%+v, want\n%+v", got, want)
	}
}

func TestFold(t *testing.T) {
	var folders []folder
	var relations []relation
	add := func(name string, n int) {
		for i := range n {
			to := name + `["` + string(rune('a'+i)) + `"]`
			status := plan.OK
			if i == 1 {
				status = plan.Disabled
			}
			folders = append(folders, folder{address: to, kind: "calendar", driver: "vdir", status: plan.OK})
			relations = append(relations, relation{address: strings.Replace(to, "folder", "relationship", 1), from: "folder.a", to: to, status: status})
		}
	}
	folders = append(folders, folder{address: "folder.a", kind: "calendar", driver: "vdir", status: plan.OK})
	add("folder.few", 12)
	add("folder.many", 13)
	g := build("w", folders, relations)
	if len(g.Nodes) != 1+12+1 || len(g.Edges) != 12+1 {
		t.Errorf("%d nodes and %d edges: up to 12 instances are drawn one by one", len(g.Nodes), len(g.Edges))
	}
	n, e := g.Nodes[len(g.Nodes)-1], g.Edges[len(g.Edges)-1]
	if numbered(n.Address, n.Count) != "folder.many (13)" {
		t.Errorf("the node is %+v", n)
	}
	if got, want := e.label(), "relationship.many (13) · 12 ok, 1 disabled"; got != want || e.Status != plan.OK {
		t.Errorf("the edge is %q, %s; want %q: most of it flows", got, e.Status, want)
	}
}

// A mesh of many has a line for each member, not for each pair.
func TestMeshIsOneGroup(t *testing.T) {
	var folders []folder
	var relations []relation
	names := "abcdefgh"
	for _, a := range names {
		folders = append(folders, folder{address: "folder." + string(a), status: plan.OK})
		for _, b := range names {
			if a != b {
				relations = append(relations, relation{`mesh.all["` + string(a) + "/" + string(b) + `"]`, "folder." + string(a), "folder." + string(b), true, plan.OK})
			}
		}
	}
	g := build("w", folders, relations)
	if len(g.Edges) != 0 || len(g.Groups) != 1 || len(g.Groups[0].Members) != len(names) || g.Groups[0].Count != len(relations) {
		t.Errorf("%d edges, groups %+v", len(g.Edges), g.Groups)
	}
}
