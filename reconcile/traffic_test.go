package reconcile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
)

// far makes the folders of an office reached over a network, each write by one request.
func (o *office) far() {
	o.can(func(_ string, c *providers.Capabilities) { c.Requests = 1 })
}

// TestRequests: a plan says how many requests its writes take at most, and how long at the pace that is allowed; an apply says how many it sent.
func TestRequests(t *testing.T) {
	const to = "provider.memory.b"
	for _, c := range []struct {
		name   string
		mode   memory.Mode
		n      int
		change func(o *office)
		want   plan.Requests
		sent   int // beside opening and looking at the folder
	}{
		{"adds", memory.DAV(), 3, nil, plan.Requests{Provider: to, Writes: 3, AtMost: 5}, 3},
		{"two batches", memory.DAV(), 60, nil, plan.Requests{Provider: to, Writes: 60, AtMost: 64}, 60},
		{"no preconditions, and UIDs of its own", memory.Table(), 3, nil, plan.Requests{Provider: to, Writes: 3, AtMost: 5}, 4},
		{"edits without preconditions", memory.Table(), 3, func(o *office) { o.edit("a", "a 00", "location", "Room 1") }, plan.Requests{Provider: to, Writes: 1, AtMost: 3}, 3},
		{"deletes", memory.DAV(), 3, func(o *office) { o.empty("a", 2) }, plan.Requests{Provider: to, Writes: 2, AtMost: 2}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := company(t, c.mode)
			o.roomy = true
			o.far()
			o.spec("b").Provider.Limits = schema.Limits{RequestsPerMinute: 7}
			o.fill("a", c.n)
			if c.change != nil {
				o.apply()
				c.change(o)
			}
			p := o.plan(reconcile.Request{})
			c.want.PerMinute, c.want.Seconds = 7, (c.want.AtMost*60+6)/7
			if got := p.Document.Requests; len(got) != 1 || got[0] != c.want {
				t.Errorf("the plan says %+v, want %+v", got, c.want)
			}
			if got := o.carryOut(p).Requests; !slices.Equal(got, []plan.Sent{{Provider: to, Requests: c.sent}}) {
				t.Errorf("the apply says %+v, want %d", got, c.sent)
			}
			if p := o.plan(reconcile.Request{}); len(p.Document.Requests) > 0 {
				t.Errorf("with nothing to do: %+v", p.Document.Requests)
			}
		})
	}
}

// TestNoRequestsWithoutNetwork: of folders that no network leads to, nothing is said.
func TestNoRequestsWithoutNetwork(t *testing.T) {
	o := company(t, memory.DAV())
	o.can(func(address string, c *providers.Capabilities) { c.Requests = map[string]int{"folder.a": 1}[address] })
	o.fill("a", 3)
	p := o.plan(reconcile.Request{})
	if result := o.carryOut(p); len(p.Document.Requests)+len(result.Requests) > 0 {
		t.Errorf("%+v, %+v", p.Document.Requests, result.Requests)
	}
}

// TestRequestsOfNewFolder: of a folder that is to be made, the others of its provider tell what writing takes.
func TestRequestsOfNewFolder(t *testing.T) {
	o := company(t, memory.DAV())
	o.far()
	o.declare("new", pim.Calendar).Create = true
	o.spec("new").Provider, o.stores["new"] = o.spec("b").Provider, o.stores["b"]
	o.relate("more", "a", "new", oneWay())
	o.roomy = true
	o.fill("a", 3)
	p := o.plan(reconcile.Request{})
	want := plan.Requests{Provider: "provider.memory.b", Writes: 6, AtMost: 2*5 + 4}
	if got := p.Document.Requests; len(got) != 1 || got[0] != want {
		t.Errorf("the plan says %+v, want %+v", got, want)
	}
	o.carryOut(p)
	o.settled()
}

// TestNeverMoreRequests: whatever is done, an apply without faults sends no more than its plan says.
func TestNeverMoreRequests(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		o := newOffice(rt)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, memory.Modes()[rapid.SampledFrom([]int{0, 2}).Draw(rt, "mode of "+name)])
		}
		o.far()
		o.mesh("team", twoWay(), "a", "b", "c")
		for round := range 4 {
			for _, name := range []string{"a", "b", "c"} {
				for i := range rapid.IntRange(0, 5).Draw(rt, "new in "+name) {
					uid := fmt.Sprintf("%s-%d-%d", name, round, i)
					o.at(name).Put(event(uid, uid))
				}
				if items := o.at(name).Items(); len(items) > 0 && rapid.Bool().Draw(rt, "delete in "+name) {
					o.at(name).Delete(items[0].Ref)
				}
			}
			o.now = o.now.Add(time.Minute)
			p := o.plan(reconcile.Request{})
			most := map[string]int{}
			for _, r := range p.Document.Requests {
				most[r.Provider] = r.AtMost
			}
			for _, s := range o.carryOut(p).Requests {
				if s.Requests > most[s.Provider] {
					rt.Fatalf("%d requests to %s, of at most %d", s.Requests, s.Provider, most[s.Provider])
				}
			}
		}
	})
}

// meeting is an event to which people are invited.
func meeting(uid, title string, people ...string) *pim.Item {
	text := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260301T090000Z\r\nDTSTART:20260303T090000Z\r\nDTEND:20260303T100000Z\r\nSUMMARY:" + title + "\r\nORGANIZER:mailto:boss@example.com\r\n"
	for _, p := range people {
		text += "ATTENDEE:mailto:" + p + "@example.com\r\n"
	}
	it, err := pim.Parse(pim.Calendar, []byte(text+"END:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		panic(err)
	}
	return it
}

// keepsAttendees is a template with attendees = "keep".
func keepsAttendees(t *testing.T) *template.Template { return templateThat(t, `attendees = "keep"`) }

// templateThat is a template of calendars that says something.
func templateThat(t *testing.T, says string) *template.Template {
	t.Helper()
	text := `
accord { workspace = "office" }
provider "memory" "office" { store = "office" }
folder "a" {
  provider = provider.memory.office
  kind     = "calendar"
  name     = "a"
}
folder "b" {
  provider = provider.memory.office
  kind     = "calendar"
  name     = "b"
}
template "one" {
  kind = "calendar"
  ` + says + `
}
relationship "copy" {
  source      = folder.a
  destination = folder.b
  profile     = "one_way"
  template    = template.one
}
`
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	ws, _, diags := schema.Load(dir, schema.Options{Drivers: map[string]providers.Driver{"memory": memory.Driver{}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return ws.Relations[0].Template
}

// TestNotified: a plan says how many people a server would tell, where one would; each once, and the organizer not at all.
func TestNotified(t *testing.T) {
	for _, silent := range []bool{false, true} {
		o := company(t, memory.DAV())
		o.can(func(address string, c *providers.Capabilities) { c.Silent = silent || address == "folder.a" })
		o.ws.Relations[0].Template = keepsAttendees(t)
		one := o.at("a").Put(meeting("one", "Lunch", "boss", "anna", "ben"))
		o.at("a").Put(meeting("two", "Dinner", "Anna", "cleo"))
		o.at("a").Put(event("three", "Alone"))
		notified := func(what string, want int) {
			t.Helper()
			if silent {
				want = 0
			}
			p := o.plan(reconcile.Request{})
			if got := p.Document.Summary.Notified; got != want {
				t.Errorf("%s: the plan says %d, want %d", what, got, want)
			}
			if got := o.carryOut(p).Summary.Notified; got != want {
				t.Errorf("%s: the apply says %d, want %d", what, got, want)
			}
		}
		notified("add", 3)
		notified("nothing", 0)
		o.at("a").Replace(one, meeting("one", "Lunch", "dora", "anna"))
		notified("edit: who is taken off is told too", 3)
		o.at("a").Delete(one)
		notified("delete", 2)
	}
}

// TestNotifiedOfPeoplesOwn: a driver that keeps its server quiet about replicas that Accord made leaves it to tell of what people made.
func TestNotifiedOfPeoplesOwn(t *testing.T) {
	o := company(t, memory.DAV())
	o.can(func(_ string, c *providers.Capabilities) { c.Silent, c.SilentReplicas = false, true })
	o.ws.Relations[0].Template, o.ws.Relations[0].Policies = keepsAttendees(t), twoWay()
	o.at("a").Put(meeting("made", "Lunch", "anna", "ben"))
	o.at("a").Put(meeting("adopted", "Dinner", "cleo"))
	o.at("b").Put(meeting("adopted", "Dinner", "cleo"))
	notified := func(what string, want int) {
		t.Helper()
		p := o.plan(reconcile.Request{})
		if got := p.Document.Summary.Notified; got != want || len(writes(p)) == 0 {
			t.Errorf("%s: the plan says %d, want %d:\n%s", what, got, want, describe(p))
		}
		o.carryOut(p)
	}
	notified("add and adopt", 0)
	o.edit("a", "Lunch", "location", "Room 1")
	notified("edit of a replica that was made", 0)
	o.edit("b", "Lunch", "location", "Room 2")
	notified("edit of its original", 2)
	o.edit("a", "Dinner", "location", "Room 1")
	notified("edit of a replica that was adopted", 1)
}
