package schema

import (
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/template"
	"github.com/accord-sync/accord/schema/window"
)

var (
	oneWay = Policies{
		SourceEdit: SourceEditPropagate, SourceDelete: SourceDeletePropagate, DestinationEdit: DestinationEditDiscard, DestinationDelete: DestinationDeleteRecopy,
		Conflict: ConflictMerge, Existing: ExistingAdopt, OnUnmatched: UnmatchedDelete, OnRemove: RemoveDelete, AdoptOnDelete: AdoptRelease,
	}
	twoWay = Policies{
		SourceEdit: SourceEditPropagate, SourceDelete: SourceDeletePropagate, DestinationEdit: DestinationEditPropagate, DestinationDelete: DestinationDeletePropagate,
		Conflict: ConflictMerge, Existing: ExistingAdopt, OnUnmatched: UnmatchedDelete, OnRemove: RemoveDelete, AdoptOnDelete: AdoptDelete,
	}
)

func TestPolicies(t *testing.T) {
	with := func(p Policies, change func(*Policies)) Policies {
		change(&p)
		return p
	}
	tests := []struct {
		name, config string
		want         Policies
	}{
		{"one_way", `profile = "one_way"`, oneWay},
		{"two_way", `profile = "two_way"`, twoWay},
		{"one policy overridden", "profile = \"one_way\"\non_destination { edit = \"keep\" }", with(oneWay, func(p *Policies) { p.DestinationEdit = DestinationEditKeep })},
		{"from a policy block", `policy = policy.careful`, with(twoWay, func(p *Policies) {
			p.Conflict, p.OnRemove, p.AdoptOnDelete = ConflictManual, RemoveRetire, AdoptRelease
		})},
		{"over a policy block", "policy = policy.careful\nconflict = \"newest\"\nadopt { on_delete = \"delete\" }", with(twoWay, func(p *Policies) { p.Conflict, p.OnRemove = ConflictNewest, RemoveRetire })},
		{"null is as if not written", "profile = \"one_way\"\nexisting = null", oneWay},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := load(t, frame+`
policy "careful" {
  profile   = "two_way"
  conflict  = "manual"
  on_remove = "retire"
  adopt { on_delete = "release" }
}
relationship "r" {
  source      = folder.a
  destination = folder.b["x"]
`+test.config+`
}`)
			if got := w.Relations[0].Policies; got != test.want {
				t.Errorf("%+v\nwant %+v", got, test.want)
			}
		})
	}
}

func TestMeshExpands(t *testing.T) {
	w := load(t, frame+`
template "from_a" {
  kind   = "calendar"
  prefix = { summary = "A: " }
}
mesh "m" {
  folders = [folder.a, folder.b["y"]]
  profile = "one_way"
  filter  = item.summary != ""
  member "third" {
    folder   = folder.b["x"]
    template = template.from_a
    filter   = item.location != ""
  }
}`)
	type edge struct {
		address, source, destination string
		template                     bool
	}
	var got []edge
	filters := map[*template.Filter]int{}
	for _, r := range w.Relations {
		got = append(got, edge{r.Address, r.Source.Address, r.Destination.Address, r.Template != nil})
		filters[r.Filter]++
		if want := (Policies{}); r.Policies == want || r.Policies.AdoptOnDelete != AdoptDelete || r.Key == "" || r.Block != "mesh.m" {
			t.Errorf("%s: %+v", r.Address, r)
		}
	}
	want := []edge{
		{`mesh.m["a/third"]`, "folder.a", `folder.b["x"]`, false}, {`mesh.m["a/y"]`, "folder.a", `folder.b["y"]`, false},
		{`mesh.m["third/a"]`, `folder.b["x"]`, "folder.a", true}, {`mesh.m["third/y"]`, `folder.b["x"]`, `folder.b["y"]`, true},
		{`mesh.m["y/a"]`, `folder.b["y"]`, "folder.a", false}, {`mesh.m["y/third"]`, `folder.b["y"]`, `folder.b["x"]`, false},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if len(filters) != 2 || filters[w.Relations[0].Filter] != 4 {
		t.Errorf("filters are used %v times", filters)
	}
	if b := w.Blocks; len(b) != 1 || b[0].Address != "mesh.m" || !reflect.DeepEqual(b[0].Keys, []string{"a", "third", "y"}) {
		t.Errorf("blocks %+v", b)
	}
}

func TestWorkspace(t *testing.T) {
	w := load(t, `
accord {
  workspace = "office"
  guard {
    max_deletes = "20%"
    max_leavers = 5
  }
}
provider "disk" "local" {
  path     = "d"
  timezone = "Europe/London"
}
folder "a" {
  provider = provider.disk.local
  kind     = "tasks"
  path     = "a"
  tags     = ["x", "y"]
}
folder "b" {
  for_each = { "o'neil \"x\"" = null, bob = "bob" }
  provider = provider.disk.local
  kind     = "tasks"
  path     = each.value
  timezone = "Europe/Paris"
  access   = "write"
  create   = true
}
relationship "r" {
  for_each    = folder.b
  source      = folder.a
  destination = each.value
  profile     = "one_way"
  enabled     = each.key == "bob"
  labels      = { who = each.key }
  settle      = "5m"
  schedule { every = "15m" }
  guard {
    max_deletes = "10%"
    max_adds    = 100
  }
}
removed {
  from      = relationship.gone
  on_remove = "release"
}
`)
	if w.Name != "office" || w.StatePath != filepath.Join(w.Dir, ".accord", "state") || w.Guard != (RunGuard{Limit{Set: true, Percent: true, Value: 20}, Limit{Set: true, Percent: false, Value: 5}}) {
		t.Errorf("workspace %s at %s with %v", w.Name, w.StatePath, w.Guard)
	}
	a, bob, oneil := w.Folders[0], w.Folders[1], w.Folders[2]
	if a.Zone.String() != "Europe/London" || bob.Zone.String() != "Europe/Paris" || !reflect.DeepEqual(a.Config.Attributes["tags"], []string{"x", "y"}) {
		t.Errorf("zones %s and %s, tags %v", a.Zone, bob.Zone, a.Config.Attributes["tags"])
	}
	if oneil.Address != `folder.b["o'neil \"x\""]` || !oneil.Unresolved || oneil.Location != "" || bob.Unresolved || !bob.Create || bob.Location != "d/bob" {
		t.Errorf("%+v\n%+v", oneil, bob)
	}
	r := w.Relations[0]
	if r.Address != `relationship.r["bob"]` || !r.Enabled || w.Relations[1].Enabled || r.Settle != 5*time.Minute || r.Every != 15*time.Minute || r.Labels["who"] != "bob" {
		t.Errorf("%+v", r)
	}
	if r.Guard != (Guard{MaxAdds: Limit{Set: true, Percent: false, Value: 100}, MaxDeletes: Limit{Set: true, Percent: true, Value: 10}}) {
		t.Errorf("guard %+v", r.Guard)
	}
	if len(w.Removed) != 1 || w.Removed[0].From != "relationship.gone" || w.Removed[0].OnRemove != RemoveRelease {
		t.Errorf("removed %+v", w.Removed)
	}
}

func TestWindow(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	length := func(days int) *time.Duration {
		d := time.Duration(days) * 24 * time.Hour
		return &d
	}
	for _, test := range []struct {
		config string
		want   *window.Window
	}{
		{"", nil},
		{"window { past = null }", nil},
		{`window { past = "0d" }`, &window.Window{Past: length(0)}},
		{"window {\npast = \"7d\"\nfuture = \"26w\"\nrecurring_past = \"1d\"\n}", &window.Window{Past: length(7), Future: length(182), RecurringPast: length(1)}},
		{"window {\nfrom = \"2026-09-01\"\nto = \"2026-12-18\"\n}", &window.Window{From: day("2026-09-01"), To: day("2026-12-18")}},
		{`window { from = each.key == "x" ? "2026-09-01" : null }`, &window.Window{From: day("2026-09-01")}},
	} {
		if got := down(t, test.config, "").Window; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", test.config, got, test.want)
		}
	}
}
