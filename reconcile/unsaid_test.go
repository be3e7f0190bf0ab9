package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// unnamed takes a field out of what folder a has, as an administrator does who takes it out of what is made of rows: no item there says it any more.
func (o *office) unnamed(field string) {
	o.can(func(address string, c *providers.Capabilities) {
		if address == "folder.a" {
			c.Lacks = append(c.Lacks, field)
		}
	})
	for _, title := range o.titles("a") {
		o.edit("a", title, field, nil)
	}
}

// A field that the source has no more is deleted nowhere for that, whatever the policies, also when all is looked at again. It is again what the source says when that
// has it.
func TestFieldThatTheSourceLacksIsNotDeleted(t *testing.T) {
	edits := []schema.DestinationEdit{schema.DestinationEditDiscard, schema.DestinationEditKeep, schema.DestinationEditPropagate, schema.DestinationEditPreserve}
	for _, edit := range edits {
		t.Run(string(edit), func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", memory.Table())
			o.folder("b", memory.DAV())
			policies := oneWay()
			policies.DestinationEdit = edit
			r := o.relate("copy", "a", "b", policies)
			for _, title := range []string{"Breakfast", "Lunch"} {
				o.at("a").Put(event("", title).WithFields(pim.Fields{"location": value(pim.Calendar, "location", "R1")}))
			}
			o.apply()
			says := func(title, location string) {
				t.Helper()
				if got := o.find("b", title).Item.Fields()["location"].Plain(); got != location {
					t.Errorf("the location of %s is %v, want %s", title, got, location)
				}
			}
			quiet := func(when string) {
				t.Helper()
				p := o.plan(reconcile.Request{})
				if len(writes(p)) > 0 {
					t.Errorf("%s, the plan is\n%s", when, describe(p))
				}
				o.carryOut(p)
			}
			o.unnamed("location")
			quiet("when the source has no location any more")
			r.Fingerprint = "another template"
			quiet("when the template is another one")
			o.edit("a", "Lunch", "description", "Bring your own.")
			o.apply()
			o.settled()
			says("Lunch", "R1")
			if edit != schema.DestinationEditKeep { // what a replica has is its own when nobody knows where it came from
				o.state = state.Memory()
				o.apply()
				o.settled()
			}
			says("Breakfast", "R1")
			says("Lunch", "R1")

			o.decorate = nil
			o.edit("a", "Breakfast", "location", "R2")
			o.edit("a", "Lunch", "location", "R1")
			o.apply()
			says("Breakfast", "R2")
			says("Lunch", "R1")
			o.settled()
		})
	}
}

// What a template says of such a field counts as ever: it takes it out, and puts something in its place.
func TestTemplateSaysMoreThanTheSourceLacks(t *testing.T) {
	for what, c := range map[string]struct {
		template string
		want     any
	}{
		"private": {`privacy = "busy"`, nil},
		"removed": {`set { location = null }`, nil},
		"set":     {`set { location = "Elsewhere" }`, "Elsewhere"},
	} {
		t.Run(what, func(t *testing.T) {
			o := newOffice(t)
			o.folder("a", memory.Table())
			o.folder("b", memory.DAV())
			r := o.relate("copy", "a", "b", oneWay())
			o.at("a").Put(event("", "Lunch").WithFields(pim.Fields{"location": value(pim.Calendar, "location", "R1")}))
			o.apply()
			o.unnamed("location")
			o.apply()
			r.Template, r.Fingerprint = templateThat(t, c.template), what
			o.apply()
			if got := o.at("b").Items()[0].Item.Fields()["location"].Plain(); got != c.want {
				t.Errorf("the location is %v, want %v", got, c.want)
			}
			o.settled()
		})
	}
}
