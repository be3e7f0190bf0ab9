package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// methods counts requests on their way.
type methods struct {
	mu sync.Mutex
	n  map[string]int
}

func (m *methods) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.n[r.Method]++
	m.mu.Unlock()
	return http.DefaultTransport.RoundTrip(r)
}

// take is what was counted since the last time: "1 PROPFIND, 7 PUT".
func (m *methods) take() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []string
	for _, method := range slices.Sorted(maps.Keys(m.n)) {
		list = append(list, fmt.Sprint(m.n[method], " ", method))
	}
	clear(m.n)
	return strings.Join(list, ", ")
}

// TestAMeshOnAServer keeps four calendars of each server that runs the same, each in six relationships, and counts what a plan asks: each calendar is read once, however many
// relationships it has.
func TestAMeshOnAServer(t *testing.T) {
	const items = 7
	servers.Each(t, func(t *testing.T, s servers.Server) {
		var text strings.Builder
		fmt.Fprintf(&text, "accord { workspace = \"counted\" }\nprovider \"caldav\" \"server\" {\n  url = %q\n  username = \"alice\"\n  password = %q\n}\n", s.Base+s.Principal("alice"), s.Password("alice"))
		var names, paths []string
		for i := range 4 {
			names = append(names, fmt.Sprintf("folder.f%d", i))
			paths = append(paths, s.MakeCalendar(t, "alice", "VEVENT"))
			fmt.Fprintf(&text, "folder \"f%d\" {\n  provider = provider.caldav.server\n  kind = \"calendar\"\n  path = %q\n}\n", i, paths[i])
		}
		fmt.Fprintf(&text, "mesh \"all\" {\n  folders = [%s]\n  profile = \"two_way\"\n}\n", strings.Join(names, ", "))
		put := func(title, location string) {
			uid := title + "-" + strings.Trim(paths[0][strings.LastIndex(strings.TrimSuffix(paths[0], "/"), "/"):], "/")
			if a := s.Do(t, "alice", http.MethodPut, paths[0]+uid+".ics", eventOf(uid, title, location), "Content-Type", "text/calendar; charset=utf-8"); a.Status/100 != 2 {
				t.Fatalf("PUT: status %d: %s", a.Status, a.Body)
			}
		}
		for i := range items {
			put(fmt.Sprint("Item", i), "Paris")
		}

		sent := &methods{n: map[string]int{}}
		all := drivers(nil)
		all["caldav"] = caldav.Driver{Transport: sent}
		ws, _, diags := schema.Load(newPlace(t, text.String()).dir, schema.Options{Drivers: all, Now: time.Now})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		recorded := state.Memory()
		run := func(do func(e *reconcile.Engine, made *plan.Plan)) {
			t.Helper()
			e := reconcile.New(ws, all, reconcile.Options{Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
			defer e.Close()
			made, err := e.Plan(t.Context(), recorded, reconcile.Request{})
			if err != nil {
				t.Fatal(err)
			}
			defer made.Close()
			do(e, made)
		}
		settle := func(e *reconcile.Engine, made *plan.Plan) {
			t.Helper()
			if result, err := e.Apply(t.Context(), recorded, made); err != nil || len(result.Failures) > 0 {
				t.Fatalf("%v, %+v", err, result.Failures)
			}
		}
		run(settle)
		t.Logf("a plan of %d items, and its apply: %s", items, sent.take())
		run(settle)
		sent.take()
		unchanged, changed := "4 REPORT", "8 REPORT" // an item that changed is read in each of the four, to see what an edit would change
		if s.Name == "davical" {
			unchanged, changed = "4 PROPFIND", "4 PROPFIND, 5 REPORT" // its tokens prove nothing: the calendar that changed is listed
		}
		run(func(*reconcile.Engine, *plan.Plan) {
			if got := sent.take(); got != unchanged {
				t.Errorf("a plan without changes takes %s, want %s", got, unchanged)
			}
		})
		put("Item0", "Rome")
		sent.take()
		run(func(_ *reconcile.Engine, made *plan.Plan) {
			if got := sent.take(); got != changed {
				t.Errorf("a plan after an edit takes %s, want %s", got, changed)
			}
			t.Logf("a plan without changes: %s; after an edit: %s", unchanged, changed)
			if made.Document.Summary.Edit != 3 {
				t.Errorf("it plans %+v", made.Document.Summary)
			}
		})
	})
}
