package reconcile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// chosenOffice copies both ways with a template that each event gets by its title: bookings show who comes as their title, others are prefixed.
func chosenOffice(t *testing.T) *office {
	t.Helper()
	dir := t.TempDir()
	err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(`
accord { workspace = "office" }
provider "memory" "office" { store = "office" }
folder "f" {
  for_each = toset(["a", "b"])
  provider = provider.memory.office
  kind     = "calendar"
  name     = each.key
}
template "who_comes" {
  kind   = "calendar"
  swap   = ["summary", "description"]
  suffix = { summary = " comes" }
}
template "plain" {
  kind   = "calendar"
  prefix = { summary = "P " }
}
relationship "copy" {
  source      = folder.f["a"]
  destination = folder.f["b"]
  profile     = "two_way"
  template    = startswith(item.summary, "Booking") ? template.who_comes : template.plain
}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	ws, _, diags := schema.Load(dir, schema.Options{Drivers: map[string]providers.Driver{"memory": memory.Driver{}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("copy", "a", "b", twoWay()).Template = ws.Relations[0].Template
	return o
}

// What flows back is undone by the template that made the replica, whatever the choice has come to since.
func TestWayBackOfAChosenTemplate(t *testing.T) {
	type says struct{ title, note string }
	edit := func(folder string, field, words string) func(*office) {
		return func(o *office) { o.edit(folder, o.titles(folder)[0], field, words) }
	}
	for name, c := range map[string]struct {
		before     says
		does       []func(*office)
		want, copy says
	}{
		"title of a booking": {says{"Booking 1", "Yuki"}, []func(*office){edit("b", "summary", "Yuki, Ann comes")},
			says{"Booking 1", "Yuki, Ann"}, says{"Yuki, Ann comes", "Booking 1"}},
		"note of a booking": {says{"Booking 1", "Yuki"}, []func(*office){edit("b", "description", "Booking 2")},
			says{"Booking 2", "Yuki"}, says{"Yuki comes", "Booking 2"}},
		"title of another": {says{"Lunch", "Yuki"}, []func(*office){edit("b", "summary", "P Dinner comes")},
			says{"Dinner comes", "Yuki"}, says{"P Dinner comes", "Yuki"}},
		"into the other": {says{"Booking 1", "Yuki"}, []func(*office){edit("b", "description", "Lunch")},
			says{"Lunch", "Yuki"}, says{"P Lunch", "Yuki"}},
		"original renamed into the other": {says{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), edit("b", "summary", "Ann comes")},
			says{"Lunch", "Ann"}, says{"P Lunch", "Ann"}},
		"original became a booking": {says{"Lunch", "Yuki"}, []func(*office){edit("a", "summary", "Booking 1"), edit("b", "description", "Ann")},
			says{"Booking 1", "Ann"}, says{"Ann comes", "Booking 1"}},
		"both in one field": {says{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), edit("b", "description", "Booking 2")},
			says{"Lunch", "Yuki"}, says{"P Lunch", "Yuki"}},
		"original gone": {says{"Booking 1", "Yuki"}, []func(*office){func(o *office) { o.erase("a", "Booking 1") }, edit("b", "summary", "Ann comes")},
			says{"Booking 1", "Ann"}, says{"Ann comes", "Booking 1"}},
		"one after the other": {says{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), (*office).applyQuietly, edit("b", "summary", "P Dinner")},
			says{"Dinner", "Yuki"}, says{"P Dinner", "Yuki"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := chosenOffice(t)
			it := event("one", c.before.title)
			note, err := pim.FieldValue(pim.Calendar, "description", c.before.note)
			if err != nil {
				t.Fatal(err)
			}
			o.at("a").Put(it.WithFields(pim.Fields{"description": note}))
			o.apply()
			for _, does := range c.does {
				does(o)
			}
			o.apply()
			for folder, want := range map[string]says{"a": c.want, "b": c.copy} {
				o.holds(folder, want.title)
				if got := o.find(folder, want.title).Item.Fields()["description"].Plain(); got != want.note {
					t.Errorf("%s: the note is %q, want %q", folder, got, want.note)
				}
			}
			o.settled()
		})
	}
}

func (o *office) applyQuietly() { o.apply() }
