package reconcile_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	timetable "github.com/accord-sync/accord/providers/providertest/university"
	"github.com/accord-sync/accord/reconcile/state"
)

// How a mailbox of Microsoft 365 is asked: https://learn.microsoft.com/graph/throttling-limits, "Outlook service limits".
const (
	graphLimit    = 10_000 // requests to a mailbox
	graphWindow   = 10 * time.Minute
	graphInFlight = 4 // of them at a time
	graphLatency  = 250 * time.Millisecond
)

// farAway is a driver whose folders answer after the time that a request takes, and refuse those that are too many. Each ref and each write is a request, also in a batch.
type farAway struct {
	providers.Driver
	mu        sync.Mutex
	mailboxes map[string]*mailbox
}

type farProvider struct {
	providers.Provider
	d *farAway
}

type farFolder struct {
	providers.Folder
	*mailbox
}

// mailbox is what is known of the requests to one.
type mailbox struct {
	mu      sync.Mutex
	began   time.Time // the window in which asked were counted
	asked   int
	refused int
	total   int
}

func newFarAway(d providers.Driver) *farAway {
	return &farAway{Driver: d, mailboxes: map[string]*mailbox{}}
}

func (d *farAway) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return farProvider{p, d}, err
}

func (d *farAway) mailbox(name string) *mailbox {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.mailboxes[name] == nil {
		d.mailboxes[name] = &mailbox{}
	}
	return d.mailboxes[name]
}

func (p farProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	m := p.d.mailbox(cfg.Attributes.String("name"))
	if err := m.pass(ctx, 1); err != nil {
		return nil, err
	}
	f, err := p.Provider.Folder(ctx, cfg)
	return farFolder{f, m}, err
}

func (p farProvider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	if err := p.d.mailbox(cfg.Attributes.String("name")).pass(ctx, 1); err != nil {
		return err
	}
	return p.Provider.CreateFolder(ctx, cfg)
}

// pass is n requests that are sent together, of which some are under way at a time.
func (m *mailbox) pass(ctx context.Context, n int) error {
	m.mu.Lock()
	now := time.Now()
	if now.Sub(m.began) >= graphWindow {
		m.began, m.asked = now, 0
	}
	if m.asked+n > graphLimit {
		m.refused++
		wait := m.began.Add(graphWindow).Sub(now)
		m.mu.Unlock()
		return &providers.Error{Class: providers.Throttled, RetryAfter: wait, Err: errors.New("too many requests")}
	}
	m.asked += n
	m.total += n
	m.mu.Unlock()
	select {
	case <-time.After(time.Duration((n+graphInFlight-1)/graphInFlight) * graphLatency):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (f farFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if err := f.pass(ctx, 1); err != nil {
		return providers.Read{}, err
	}
	return f.Folder.Changes(ctx, cursor, each)
}

func (f farFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if err := f.pass(ctx, len(refs)); err != nil {
		return err
	}
	return f.Folder.Fetch(ctx, refs, each)
}

func (f farFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	if err := f.pass(ctx, len(writes)); err != nil {
		class, wait := providers.ClassOf(err), time.Duration(0)
		var e *providers.Error
		if errors.As(err, &e) {
			wait = e.RetryAfter
		}
		out := make([]providers.Outcome, len(writes))
		for i := range out {
			out[i] = providers.Outcome{Class: class, RetryAfter: wait, Err: err}
		}
		return out
	}
	return f.Folder.Write(ctx, writes)
}

// inGraph is how many students TestUniversityInGraph has, and how many of their calendars are written at a time.
func inGraph(t *testing.T) (size timetable.Size, parallel int) {
	size, parallel = timetable.Size{Students: 40, Lessons: 120, Each: 40}, 8
	for name, of := range map[string]*int{"ACCORD_MAILBOXES": &size.Students, "ACCORD_PARALLEL": &parallel} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatalf("%s is %q, and should be a number", name, text)
			}
			if *of = n; name == "ACCORD_MAILBOXES" {
				size.Lessons, size.Each = 6000, 200
			}
		}
	}
	return size, parallel
}

// TestUniversityInGraph copies a timetable into mailboxes as Microsoft 365 has them, on a clock that goes on when everybody waits. The first apply is interrupted, the second one's
// process is killed, and the third one finishes: each lesson was made once in each mailbox. ACCORD_MAILBOXES=30000 and ACCORD_PARALLEL=64 make it a large one.
func TestUniversityInGraph(t *testing.T) {
	size, parallel := inGraph(t)
	synctest.Test(t, func(t *testing.T) {
		mode := memory.Graph()
		mode.ThrottleEvery, mode.Bumps = 0, 0
		c := newCampus(t, mode, size)
		far := newFarAway(c.drivers["memory"])
		c.drivers["memory"] = far
		c.options.Parallel = parallel
		begun := time.Now()

		ctx, cancel := context.WithCancelCause(t.Context())
		interrupted := errors.New("interrupted")
		c.decorate = func(st state.Store) state.Store {
			return &deadline{Store: st, after: c.commits() / 3, end: func() { cancel(interrupted) }}
		}
		if _, _, err := c.run(ctx); !errors.Is(err, interrupted) {
			t.Fatalf("the first apply: %v", err)
		}
		first := c.made()

		c.decorate = func(st state.Store) state.Store { return &mortal{Store: st, left: c.commits() / 3, done: true} }
		if _, _, err := c.run(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("the second apply: %v", err)
		}
		second := c.made()

		c.decorate = nil
		_, result, err := c.run(t.Context())
		c.must(err)
		if third := c.made(); first == 0 || second <= first || third != c.replicas() || len(result.Failures) > 0 {
			t.Errorf("made until the first end %d, until the second %d, in all %d of %d: %v", first, second, third, c.replicas(), result.Failures)
		}
		took := time.Since(begun)
		c.each(t)
		requests, refused, busiest := 0, 0, 0
		for _, m := range far.mailboxes {
			requests, refused, busiest = requests+m.total, refused+m.refused, max(busiest, m.total)
		}
		t.Logf("%d mailboxes, %d at a time: %v, %d requests, at most %d to a mailbox, %d refused; the last apply added %d", size.Students, parallel, took.Round(time.Second), requests, busiest, refused, result.Summary.Add)
		if s, _, err := c.run(t.Context()); err != nil || s.Changes() != 0 {
			t.Errorf("afterwards there is something left: %+v, %v", s, err)
		}
	})
}

// commits is about how many commits an apply makes.
func (c *campus) commits() int { return 2 * c.replicas() / 20 }

// made is how many items were made in all mailboxes.
func (c *campus) made() (n int) {
	for _, f := range c.mailboxes.Folders() {
		n += f.Requests().Created
	}
	return n
}

// each fails unless every student has every lesson once.
func (c *campus) each(t *testing.T) {
	t.Helper()
	for _, f := range c.mailboxes.Folders() {
		titles := map[string]int{}
		for _, one := range f.Items() {
			titles[fmt.Sprint(one.Item.Title(), one.Item.Fields()["start"].Plain())]++
		}
		if len(titles) != c.size.Each {
			t.Fatalf("%s has %d different lessons of %d", f.Name(), len(titles), c.size.Each)
		}
		for title, n := range titles {
			if n != 1 {
				t.Fatalf("%s has %q %d times", f.Name(), title, n)
			}
		}
	}
}

// deadline is a state that ends the apply after some commits.
type deadline struct {
	state.Store
	mu    sync.Mutex
	after int
	end   func()
}

func (d *deadline) count() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.after--; d.after == 0 {
		d.end()
	}
}

func (d *deadline) Commit(b *state.Batch) error {
	d.count()
	return d.Store.Commit(b)
}

func (d *deadline) Enqueue(b *state.Batch) (durable func() error, err error) {
	d.count()
	return d.Store.Enqueue(b)
}
