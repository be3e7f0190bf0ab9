package reconcile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
)

// byTitle chooses a template by an event's title: bookings show who comes as their title, others are prefixed.
const byTitle = `startswith(item.summary, "Booking") ? template.who_comes : template.plain`

// templateOf is the template that an expression is, of calendars.
func templateOf(t *testing.T, expression string) *template.Template {
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
  template    = `+expression+`
}
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	ws, _, diags := schema.Load(dir, schema.Options{Drivers: map[string]providers.Driver{"memory": memory.Driver{}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return ws.Relations[0].Template
}

// templated copies both ways with a template.
func templated(t *testing.T, expression string) *office {
	t.Helper()
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.relate("copy", "a", "b", twoWay()).Template = templateOf(t, expression)
	return o
}

// wording is what an event says.
type wording struct{ title, note string }

// saying has each folder hold one event, which says this.
func (o *office) saying(want map[string]wording) {
	o.t.Helper()
	for folder, want := range want {
		o.holds(folder, want.title)
		if got := o.find(folder, want.title).Item.Fields()["description"].Plain(); got != want.note {
			o.t.Errorf("%s: the note is %q, want %q", folder, got, want.note)
		}
	}
}

// noted is an event with a note.
func noted(t *testing.T, s wording) *pim.Item {
	t.Helper()
	note, err := pim.FieldValue(pim.Calendar, "description", s.note)
	if err != nil {
		t.Fatal(err)
	}
	return event("one", s.title).WithFields(pim.Fields{"description": note})
}

// What flows back is undone by the template that made the replica, whatever the choice has come to since.
func TestWayBackOfAChosenTemplate(t *testing.T) {
	edit := func(folder string, field, words string) func(*office) {
		return func(o *office) { o.edit(folder, o.titles(folder)[0], field, words) }
	}
	for name, c := range map[string]struct {
		before     wording
		does       []func(*office)
		want, copy wording
	}{
		"title of a booking": {wording{"Booking 1", "Yuki"}, []func(*office){edit("b", "summary", "Yuki, Ann comes")},
			wording{"Booking 1", "Yuki, Ann"}, wording{"Yuki, Ann comes", "Booking 1"}},
		"note of a booking": {wording{"Booking 1", "Yuki"}, []func(*office){edit("b", "description", "Booking 2")},
			wording{"Booking 2", "Yuki"}, wording{"Yuki comes", "Booking 2"}},
		"title of another": {wording{"Lunch", "Yuki"}, []func(*office){edit("b", "summary", "P Dinner comes")},
			wording{"Dinner comes", "Yuki"}, wording{"P Dinner comes", "Yuki"}},
		"into the other": {wording{"Booking 1", "Yuki"}, []func(*office){edit("b", "description", "Lunch")},
			wording{"Lunch", "Yuki"}, wording{"P Lunch", "Yuki"}},
		"original renamed into the other": {wording{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), edit("b", "summary", "Ann comes")},
			wording{"Lunch", "Ann"}, wording{"P Lunch", "Ann"}},
		"original became a booking": {wording{"Lunch", "Yuki"}, []func(*office){edit("a", "summary", "Booking 1"), edit("b", "description", "Ann")},
			wording{"Booking 1", "Ann"}, wording{"Ann comes", "Booking 1"}},
		"both in one field": {wording{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), edit("b", "description", "Booking 2")},
			wording{"Lunch", "Yuki"}, wording{"P Lunch", "Yuki"}},
		"original gone": {wording{"Booking 1", "Yuki"}, []func(*office){func(o *office) { o.erase("a", "Booking 1") }, edit("b", "summary", "Ann comes")},
			wording{"Booking 1", "Ann"}, wording{"Ann comes", "Booking 1"}},
		"one after the other": {wording{"Booking 1", "Yuki"}, []func(*office){edit("a", "summary", "Lunch"), (*office).applyQuietly, edit("b", "summary", "P Dinner")},
			wording{"Dinner", "Yuki"}, wording{"P Dinner", "Yuki"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := templated(t, byTitle)
			o.at("a").Put(noted(t, c.before))
			o.apply()
			for _, does := range c.does {
				does(o)
			}
			o.apply()
			o.saying(map[string]wording{"a": c.want, "b": c.copy})
			o.settled()
		})
	}
}

// An edit that meets a change of the template is undone as the template before had it, and the replica says what the new one has it say.
func TestWayBackOfATemplateThatChanges(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		edit          wording // of the replica
		want, copy    wording
	}{
		"begins to swap": {"template.plain", "template.who_comes", wording{"P Dinner", "Yuki"}, wording{"Dinner", "Yuki"}, wording{"Yuki comes", "Dinner"}},
		"swaps no more":  {"template.who_comes", "template.plain", wording{"Ann comes", "Lunch"}, wording{"Lunch", "Ann"}, wording{"P Lunch", "Ann"}},
		"is there now":   {"null", "template.who_comes", wording{"Dinner", "Yuki"}, wording{"Dinner", "Yuki"}, wording{"Yuki comes", "Dinner"}},
		"is gone":        {"template.who_comes", "null", wording{"Ann comes", "Lunch"}, wording{"Lunch", "Ann"}, wording{"Lunch", "Ann"}},
		"is chosen now":  {"template.who_comes", byTitle, wording{"Ann comes", "Lunch"}, wording{"Lunch", "Ann"}, wording{"P Lunch", "Ann"}},
		"stays the same": {"template.who_comes", "template.who_comes", wording{"Ann comes", "Lunch"}, wording{"Lunch", "Ann"}, wording{"Ann comes", "Lunch"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := templated(t, c.before)
			o.at("a").Put(noted(t, wording{"Lunch", "Yuki"}))
			o.apply()
			r := o.ws.Relations[0]
			r.Template = templateOf(t, c.after)
			r.Fingerprint, o.ws.Fingerprint = c.after, c.after
			copied := o.at("b").Items()[0]
			o.at("b").Replace(copied.Ref, copied.Item.WithFields(noted(t, c.edit).Fields()))
			o.apply()
			o.saying(map[string]wording{"a": c.want, "b": c.copy})
			o.settled()
		})
	}
}

func (o *office) applyQuietly() { o.apply() }
