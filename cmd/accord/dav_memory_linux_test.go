package main

import (
	"os"
	"strconv"
	"testing"

	"github.com/accord-sync/accord/providers/davtest"
)

// TestMemoryOfALargeCalendar reads a large calendar of a server, makes a directory of it, and plans again: what a process uses of memory is bounded, however large the
// calendar is, and so is how often the server is asked. ACCORD_OPERATIONS=50000, or more, makes it the size that the bounds were set for, which takes three minutes.
func TestMemoryOfALargeCalendar(t *testing.T) {
	items := 4000
	if text := os.Getenv("ACCORD_OPERATIONS"); text != "" {
		var err error
		if items, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
		items = min(items, 50_000)
	}
	accord := build(t)
	const fetched = 100 // items that a multiget asks for
	batches := (items + fetched - 1) / fetched
	for _, server := range []struct {
		name      string
		behaviour davtest.Behaviour
		noChange  int // requests
	}{
		{"tokens", davtest.Radicale(), 1},
		{"pages", paged(davtest.Cyrus(), 1000), 1},
		{"listings", davtest.Behaviour{Unsupported: []string{"sync-collection"}, Hidden: []string{"sync-token"}}, 2},
	} {
		t.Run(server.name, func(t *testing.T) {
			s := davtest.New(server.behaviour)
			ts := s.Start(t)
			path := s.AddCalendar("alice", "work")
			s.Fill(path, items)
			p := newPlace(t, accountBlocks(ts.URL, path)+oneWay("copy", "there", "here", ""))
			for _, step := range []struct {
				args     []string
				bound    int64
				requests int // at most; 0: as many as it takes
			}{
				{[]string{"plan"}, 128 << 20, 2 + items/1000 + batches},
				{[]string{"apply", "-auto-approve"}, 200 << 20, 0},
				{[]string{"plan", "-detailed-exitcode"}, 64 << 20, server.noChange},
			} {
				s.Forget()
				used := p.measure(accord, "", step.args...)
				t.Logf("%d items: accord %s: %d MiB at the most, %d requests", items, step.args, used>>20, s.Count(""))
				if used > step.bound {
					t.Errorf("accord %s: %d MiB, and %d are allowed", step.args, used>>20, step.bound>>20)
				}
				if n := s.Count(""); step.requests > 0 && n > step.requests {
					t.Errorf("accord %s: %d requests, and %d are allowed: %v", step.args, n, step.requests, s.Requests()[:min(n, 10)])
				}
			}
			if n := len(p.held()); n != items {
				t.Errorf("%d items came, want %d", n, items)
			}
		})
	}
}

// paged is a behaviour that gives so many changes at a time.
func paged(b davtest.Behaviour, page int) davtest.Behaviour {
	b.Page = page
	return b
}
