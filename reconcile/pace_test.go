package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
)

// scripted is a folder that answers by script.
type scripted struct {
	providers.Folder
	changes func(cursor string, each func(providers.Change) error) (providers.Read, error)
	fetch   func(ref string) error
	write   func(w providers.Write) providers.Outcome
	asked   []string
}

func (s *scripted) Changes(_ context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	s.asked = append(s.asked, cursor)
	return s.changes(cursor, each)
}

func (s *scripted) Fetch(_ context.Context, refs []string, each func(providers.Fetched) error) error {
	s.asked = append(s.asked, strings.Join(refs, " "))
	for _, ref := range refs {
		if err := each(providers.Fetched{Ref: ref, Err: s.fetch(ref)}); err != nil {
			return err
		}
	}
	return nil
}

func (s *scripted) Write(_ context.Context, writes []providers.Write) (out []providers.Outcome) {
	var refs []string
	for _, w := range writes {
		refs = append(refs, w.Ref)
		out = append(out, s.write(w))
	}
	s.asked = append(s.asked, strings.Join(refs, " "))
	return out
}

// busy is what a store says that is asked too much.
func busy(d time.Duration) error {
	return &providers.Error{Class: providers.Throttled, RetryAfter: d, Err: errors.New("429 Too Many Requests")}
}

func broken() error {
	return providers.Classed(providers.Transient, errors.New("503 Service Unavailable"))
}

// inBubble tests a folder by script, paced.
func inBubble(t *testing.T, s *scripted, test func(t *testing.T, p *paced)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, &paced{Folder: s, gate: newGate(bubbled(), newHosts(), schema.Limits{})}) })
}

// TestBackoff: half of a wait is certain and half is chance; what a store asks for is waited for in full.
func TestBackoff(t *testing.T) {
	for _, c := range []struct {
		n           int
		said        verdict
		least, most time.Duration
	}{
		{1, verdict{}, 50 * time.Millisecond, 100 * time.Millisecond},
		{2, verdict{}, 200 * time.Millisecond, 400 * time.Millisecond},
		{3, verdict{}, 800 * time.Millisecond, 1600 * time.Millisecond},
		{1, verdict{throttled: true}, 500 * time.Millisecond, time.Second},
		{3, verdict{throttled: true}, 8 * time.Second, 16 * time.Second},
		{1, verdict{throttled: true, asked: time.Minute}, time.Minute, time.Minute + 500*time.Millisecond},
	} {
		for chance, want := range map[float64]time.Duration{0: c.least, 1: c.most} {
			p := pacing{random: func() float64 { return chance }}
			if got := p.backoff(c.n, c.said); got != want {
				t.Errorf("try %d, %+v, chance %v: %v, want %v", c.n, c.said, chance, got, want)
			}
		}
	}
}

// TestChangesResume: a stream that broke off goes on where it did. A listing of everything stays one.
func TestChangesResume(t *testing.T) {
	for first, full := range map[string]bool{"": true, "old": false} {
		failed := 0
		s := &scripted{}
		s.changes = func(cursor string, each func(providers.Change) error) (providers.Read, error) {
			page := map[string]int{first: 0, "p1": 1, "p2": 2}[cursor]
			if err := each(providers.Change{Ref: fmt.Sprint(page)}); err != nil {
				return providers.Read{}, err
			}
			switch {
			case page == 2 && failed < 2:
				failed++
				return providers.Read{Cursor: "p2"}, broken()
			case page == 2:
				return providers.Read{Cursor: "end", Complete: true}, nil
			}
			return providers.Read{Cursor: fmt.Sprint("p", page+1), Full: full}, busy(time.Minute)
		}
		inBubble(t, s, func(t *testing.T, p *paced) {
			begun := time.Now()
			var refs []string
			read, err := p.Changes(t.Context(), first, func(c providers.Change) error { refs = append(refs, c.Ref); return nil })
			if want := (providers.Read{Cursor: "end", Complete: true, Full: full}); err != nil || read != want {
				t.Errorf("%+v, %v; want %+v", read, err, want)
			}
			if !slices.Equal(s.asked, []string{first, "p1", "p2", "p2", "p2"}) || !slices.Equal(refs, []string{"0", "1", "2", "2", "2"}) {
				t.Errorf("asked %q, given %q", s.asked, refs)
			}
			if took := time.Since(begun); took < 2*time.Minute || took > 2*time.Minute+time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestChangesGivesUp: what breaks off without saying where is asked no further, as is what never gets on; nothing is made of it.
func TestChangesGivesUp(t *testing.T) {
	for _, c := range []struct {
		name  string
		given bool
		read  providers.Read
		err   error
		asked int
	}{
		{"no cursor", true, providers.Read{}, broken(), 1},
		{"nothing given", false, providers.Read{}, broken(), attempts},
		{"the same cursor", true, providers.Read{Cursor: "here"}, broken(), attempts},
		{"not allowed", true, providers.Read{Cursor: "on"}, providers.Classed(providers.Unauthorized, errors.New("401")), 1},
		{"expired", false, providers.Read{}, providers.Classed(providers.Transient, providers.ErrCursorExpired), 1},
		{"a long wait", false, providers.Read{}, busy(time.Hour), 1},
	} {
		s := &scripted{changes: func(_ string, each func(providers.Change) error) (providers.Read, error) {
			if c.given {
				if err := each(providers.Change{Ref: "a"}); err != nil {
					return providers.Read{}, err
				}
			}
			return c.read, c.err
		}}
		inBubble(t, s, func(t *testing.T, p *paced) {
			read, err := p.Changes(t.Context(), "here", func(providers.Change) error { return nil })
			if providers.ClassOf(err) != providers.ClassOf(c.err) || errors.Is(err, providers.ErrCursorExpired) != errors.Is(c.err, providers.ErrCursorExpired) || read != (providers.Read{}) || len(s.asked) != c.asked {
				t.Errorf("%s: %+v, %v, asked %q", c.name, read, err, s.asked)
			}
		})
	}
}

// TestFetchGetsOn: what was throttled is asked for again for as long as some of it is answered.
func TestFetchGetsOn(t *testing.T) {
	var begun time.Time
	answered := 0
	s := &scripted{fetch: func(string) error {
		if answered == 2*(1+int(time.Since(begun)/(10*time.Second))) {
			return busy(10 * time.Second)
		}
		answered++
		return nil
	}}
	refs := strings.Split("abcdefghijklmnop", "")
	inBubble(t, s, func(t *testing.T, p *paced) {
		begun = time.Now()
		var got []string
		err := p.Fetch(t.Context(), refs, func(f providers.Fetched) error {
			if f.Err != nil {
				t.Error(f.Err)
			}
			got = append(got, f.Ref)
			return nil
		})
		if err != nil || !slices.Equal(got, refs) || len(s.asked) != len(refs)/2 {
			t.Errorf("%v: %q, asked %q", err, got, s.asked)
		}
	})
}

// TestLongWait: who asks to wait for longer than anybody waits is not waited for. It is said when to come back, and no other folder of the provider asks.
func TestLongWait(t *testing.T) {
	s := &scripted{
		write: func(w providers.Write) providers.Outcome {
			if w.Ref == "a" {
				return providers.Outcome{Class: providers.Done}
			}
			return providers.Outcome{Class: providers.Throttled, RetryAfter: 2 * time.Hour, Err: errors.New("429 Too Many Requests")}
		},
		fetch: func(string) error { return busy(2 * time.Hour) },
	}
	inBubble(t, s, func(t *testing.T, p *paced) {
		begun := time.Now()
		out := p.Write(t.Context(), []providers.Write{{Ref: "a"}, {Ref: "b"}, {Ref: "c"}})
		want := "429 Too Many Requests: its provider asks to wait 2 h. Run again after " + begun.Add(2*time.Hour).Format("15:04")
		if out[0].Class != providers.Done || out[1].Class != providers.Throttled || out[2].Err == nil || out[2].Err.Error() != want {
			t.Errorf("%+v, want %q", out, want)
		}
		err := p.Fetch(t.Context(), []string{"a"}, func(f providers.Fetched) error {
			if f.Err == nil || f.Err.Error() != want {
				t.Errorf("%v, want %q", f.Err, want)
			}
			return nil
		})
		if err != nil || len(s.asked) != 2 || time.Since(begun) > 0 {
			t.Errorf("%v, asked %q, after %v", err, s.asked, time.Since(begun))
		}
		if _, err := p.gate.Pass(t.Context(), "a:443"); err == nil {
			t.Error("another request is sent")
		}
	})
}

func TestSpell(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Second: "1 s", 61500 * time.Millisecond: "62 s", 91 * time.Second: "2 min", 90 * time.Minute: "90 min", 2 * time.Hour: "2 h", 121 * time.Minute: "3 h", 72 * time.Hour: "3 days",
	} {
		if got := spell(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

// TestDriverThatTellsAtOnce: what was waited for at the gate while a call went on is not waited for again when it ends.
func TestDriverThatTellsAtOnce(t *testing.T) {
	s := &scripted{}
	inBubble(t, s, func(t *testing.T, p *paced) {
		first := true
		s.write = func(providers.Write) providers.Outcome {
			if !first {
				return providers.Outcome{Class: providers.Done}
			}
			first = false
			p.gate.Hold(time.Minute)
			done, err := p.gate.Pass(t.Context(), "a:443") // another write of the batch
			if err != nil {
				t.Fatal(err)
			}
			done()
			return providers.Outcome{Class: providers.Throttled, RetryAfter: time.Minute, Err: errors.New("429 Too Many Requests")}
		}
		begun := time.Now()
		out := p.Write(t.Context(), []providers.Write{{Ref: "a"}})
		if took := time.Since(begun); out[0].Class != providers.Done || took < time.Minute || took > time.Minute+2*time.Second {
			t.Errorf("%+v after %v", out, took)
		}

		first = true
		s.write = func(providers.Write) providers.Outcome {
			p.gate.Hold(time.Hour)
			_, err := p.gate.Pass(t.Context(), "a:443")
			return providers.Outcome{Class: providers.ClassOf(err), RetryAfter: time.Hour, Err: err}
		}
		asks := "no request was sent: its provider asks to wait 60 min. Run again after " + time.Now().Add(time.Hour+time.Minute-time.Nanosecond).Truncate(time.Minute).Format("15:04")
		if out := p.Write(t.Context(), []providers.Write{{Ref: "a"}}); out[0].Err == nil || out[0].Err.Error() != asks {
			t.Errorf("%v, want %q", out[0].Err, asks)
		}
	})
}
