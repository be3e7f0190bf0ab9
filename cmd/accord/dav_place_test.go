package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// davServers are read in different ways: by tokens that can be trusted, by tokens that cannot, by listings alone, and with preconditions that count for nothing.
var davServers = map[string]func() davtest.Behaviour{
	"radicale": davtest.Radicale,
	"davical":  davtest.DAViCal,
	"sogo":     davtest.SOGo,
	"another":  func() davtest.Behaviour { return davtest.Behaviour{} },
	"the least": func() davtest.Behaviour {
		return davtest.Behaviour{ETag: davtest.ETagNone, Unsupported: []string{"sync-collection"}, Hidden: []string{"sync-token", "getctag", "resource-id", "creationdate"}}
	},
}

// account is a workspace that keeps a directory and a calendar of a server the same, in this process and with a state in memory. Nothing in it waits.
type account struct {
	place
	config string
	ws     *schema.Workspace
	state  *state.InMemory
	server *davtest.Server
	path   string // of the calendar
}

// accountBlocks begins the configuration of an account at a server: the folders here and there.
func accountBlocks(url, path string) string {
	return fmt.Sprintf(`accord { workspace = "account" }
provider "vdir" "local" { path = "data" }
provider "caldav" "server" {
  url      = %q
  username = "alice"
  password = "alicepw"
}
folder "here" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "here"
  create   = true
}
folder "there" {
  provider = provider.caldav.server
  kind     = "calendar"
  path     = %q
}
`, url, path)
}

// newAccount begins with an empty directory and an empty calendar.
func newAccount(t *testing.T, b davtest.Behaviour) account {
	t.Helper()
	a := account{state: state.Memory(), server: davtest.New(b)}
	ts := a.server.Start(t)
	a.path = a.server.AddCalendar("alice", "work", "VEVENT")
	a.config = accountBlocks(ts.URL, a.path) + "mesh \"both\" {\n  folders = [folder.here, folder.there]\n  profile = \"two_way\"\n}\n"
	a.place = newPlace(t, a.config)
	if err := os.MkdirAll(filepath.Join(a.dir, "data", "here"), 0o777); err != nil {
		t.Fatal(err)
	}
	a.load()
	return a
}

// load reads the configuration anew.
func (a *account) load() {
	a.t.Helper()
	ws, _, diags := schema.Load(a.dir, schema.Options{Drivers: drivers(nil), Now: time.Now})
	if diags.HasErrors() {
		a.t.Fatal(diags)
	}
	a.ws = ws
}

// with calls do with an engine.
func (a account) with(do func(*reconcile.Engine)) {
	a.t.Helper()
	engine := reconcile.New(a.ws, drivers(nil), reconcile.Options{Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	do(engine)
	if err := engine.Close(); err != nil {
		a.t.Error(err)
	}
}

// planned is a plan. A plan that cannot be made has nothing to do.
func (a account) planned() (made *plan.Plan) {
	a.t.Helper()
	a.with(func(e *reconcile.Engine) {
		var err error
		if made, err = e.Plan(a.t.Context(), a.state, reconcile.Request{}); err != nil {
			a.t.Fatalf("plan: %v", err)
		}
	})
	a.t.Cleanup(func() { made.Close() })
	return made
}

// carryOut applies a plan. What could not be done is no error.
func (a account) carryOut(made *plan.Plan) {
	a.t.Helper()
	a.with(func(e *reconcile.Engine) {
		if _, err := e.Apply(a.t.Context(), a.state, made); err != nil {
			a.t.Fatalf("apply: %v", err)
		}
	})
}

// work is what a plan does, each as "action side title".
func (a account) work(made *plan.Plan) []string {
	a.t.Helper()
	var list []string
	for _, r := range made.Document.Relationships {
		for op, err := range r.Operations.All() {
			if err != nil {
				a.t.Fatal(err)
			}
			list = append(list, fmt.Sprintf("%s %s %s", op.Action, op.Side, op.Title))
		}
	}
	slices.Sort(list)
	return list
}

// settle plans and applies until nothing is left to do, which takes one apply: what the first could not do for a fault, and no more.
func (a account) settle() {
	a.t.Helper()
	a.carryOut(a.planned())
	if left := a.work(a.planned()); len(left) > 0 {
		a.t.Fatalf("there is something left to do: %v", left)
	}
}

// local puts new events into the directory.
func (a account) local(titles ...string) {
	a.t.Helper()
	for _, title := range titles {
		a.put(filepath.Join("data", "here", title+".ics"), eventOf(title, title, "Paris"))
	}
}

func eventOf(uid, title, location string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270104T100000Z\r\n" +
		"DTEND:20270104T110000Z\r\nSUMMARY:" + title + "\r\nLOCATION:" + location + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

// remote puts an event into the calendar, as another client does.
func (a account) remote(title, location string) {
	a.t.Helper()
	name := a.path + title + ".ics"
	for there, text := range a.server.Items(a.path) {
		if titleOf(text) == title {
			name = a.path + there
		}
	}
	a.server.Put(name, eventOf(a.uid(name, title), title, location))
}

// uid is the UID of the item at a path, or one for a title.
func (a account) uid(path, title string) string {
	if text, ok := a.server.Items(a.path)[strings.TrimPrefix(path, a.path)]; ok {
		return propertyOf(text, "UID")
	}
	return title
}

func titleOf(text string) string { return propertyOf(text, "SUMMARY") }

// propertyOf is the value of the first property of a name without parameters.
func propertyOf(text, name string) string {
	_, rest, _ := strings.Cut(text, "\n"+name+":")
	value, _, _ := strings.Cut(rest, "\r")
	return value
}

// says is what both sides hold: "title location" of each item, sorted.
func (a account) says() (here, there []string) {
	a.t.Helper()
	for _, file := range a.held() {
		here = append(here, titleOf(strings.ReplaceAll(file.content, "\n", "\r\n"))+" "+propertyOf(strings.ReplaceAll(file.content, "\n", "\r\n"), "LOCATION"))
	}
	for text := range maps.Values(a.server.Items(a.path)) {
		there = append(there, titleOf(text)+" "+propertyOf(text, "LOCATION"))
	}
	slices.Sort(here)
	slices.Sort(there)
	return here, there
}

// agree checks that both sides hold the same items, each once.
func (a account) agree(name string, want ...string) {
	a.t.Helper()
	slices.Sort(want)
	if here, there := a.says(); !slices.Equal(here, want) || !slices.Equal(there, want) {
		a.t.Errorf("%s: the directory holds %q and the calendar %q, want %q", name, here, there, want)
	}
}

// changed is an account whose sides were the same, and where people went on.
func changed(t *testing.T, b davtest.Behaviour) account {
	t.Helper()
	a := newAccount(t, b)
	a.local("One", "Two", "Three")
	a.remote("Four", "Bern")
	a.settle()
	a.local("Five")
	a.edit("here", "Two", "Paris", "Rome")
	a.remote("Three", "Oslo")
	a.remote("Six", "Kyiv")
	return a
}

// less checks that work is part of what would be done without a fault, which deletes nothing that people did not delete.
func (a account) less(name string, would, work []string) {
	a.t.Helper()
	left := slices.Clone(would)
	for _, op := range work {
		at := slices.Index(left, op)
		if at < 0 {
			a.t.Errorf("%s: %q is planned, and without the fault it is not: %v", name, op, would)
			return
		}
		left = slices.Delete(left, at, at+1)
	}
}
