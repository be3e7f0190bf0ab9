package reconcile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/accord-sync/accord/providers"
)

// attempts is how often a call that did not happen is tried, when nothing comes of it. What gets on is tried for as long as it does.
const attempts = 4

// pacing is how an engine waits.
type pacing struct {
	now      func() time.Time
	sleep    func(ctx context.Context, d time.Duration) error
	random   func() float64 // from 0 to 1
	patience time.Duration  // a longer wait is not begun
}

// wait waits before something is sent.
func (p *pacing) wait(ctx context.Context, d time.Duration) error {
	ctx, end := waiting(ctx)
	defer end()
	return p.sleep(ctx, d)
}

// sleep waits on a timer.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// backoff is how long to wait before try number n (from 1), with equal jitter: half of the time is certain, so that a store that is in trouble is left alone
// for that long, and half is chance, so that those whom it turned away together do not come back together. What the store asks for is honoured in full, and
// chance comes on top of it.
func (p *pacing) backoff(n int, said verdict) time.Duration {
	first := 100 * time.Millisecond
	if said.throttled {
		first = time.Second
	}
	half := first << (2 * (n - 1)) / 2
	return max(said.asked, half) + time.Duration(p.random()*float64(half))
}

// tooLong is an error for a wait that is not begun. It says when it is worth coming back.
func (p *pacing) tooLong(err error, d time.Duration) error {
	now := p.now()
	at, layout := now.Add(d), "15:04"
	if whole := at.Truncate(time.Minute); whole.Before(at) {
		at = whole.Add(time.Minute)
	}
	if at.Sub(now) > 12*time.Hour || at.Day() != now.Day() {
		layout = "2 January 15:04"
	}
	return &providers.Error{Class: providers.Throttled, RetryAfter: d, Err: fmt.Errorf("%w: %w %s. Run again after %s", err, errTooLong, spell(d), at.Format(layout))}
}

// errTooLong is why something is not waited for.
var errTooLong = errors.New("its provider asks to wait")

// spell says about how long something takes, and never less.
func spell(d time.Duration) string {
	up := func(unit time.Duration) time.Duration { return (d + unit - 1) / unit }
	switch {
	case d <= 90*time.Second:
		return fmt.Sprintf("%d s", up(time.Second))
	case d <= 90*time.Minute:
		return fmt.Sprintf("%d min", up(time.Minute))
	case d <= 48*time.Hour:
		return fmt.Sprintf("%d h", up(time.Hour))
	}
	return fmt.Sprintf("%d days", up(24*time.Hour))
}

// verdict is what answers say about trying again.
type verdict struct {
	again     bool // there is something that did not happen and may work later
	throttled bool
	asked     time.Duration // what the store asks for; 0 when it says nothing
	before    int           // how often the driver had told the gate when the call began
}

// hear takes an answer in, and reports whether it says to try again.
func (v *verdict) hear(c providers.Class, asked time.Duration) bool {
	switch c {
	case providers.Throttled:
		v.throttled, v.asked = true, max(v.asked, asked)
	case providers.Transient:
	default:
		return false
	}
	v.again = true
	return true
}

// hearError takes the error of a call in.
func (v *verdict) hearError(err error) bool {
	var e *providers.Error
	var asked time.Duration
	if errors.As(err, &e) {
		asked = e.RetryAfter
	}
	return v.hear(providers.ClassOf(err), asked)
}

// rest waits before what did not happen is tried for the n+1st time, and reports whether it is to be. All requests of a provider that throttles wait alike.
func (g *gate) rest(ctx context.Context, n int, said verdict) bool {
	if !said.again {
		return false
	}
	said.asked = g.asked(said)
	d := min(g.backoff(min(n, attempts-1), said), g.patience)
	switch {
	case said.asked > g.patience:
		g.hold(said.asked)
	case said.throttled:
		g.hold(d)
	}
	return g.left() <= g.patience && n < attempts && g.wait(ctx, d) == nil
}

// asked is how long there still is to wait for what the store asks. Where the driver told the gate at once, a part of it may be over.
func (g *gate) asked(said verdict) time.Duration {
	if g.holds() == said.before {
		return said.asked
	}
	return max(0, g.left())
}

// ended is the error of what is not tried again. It says when to come back where that is more than anybody waits.
func (g *gate) ended(err error, said verdict) error {
	d := g.asked(said)
	if err == nil || d <= g.patience || errors.Is(err, errTooLong) {
		return err
	}
	return g.tooLong(err, d)
}

// try makes a call until it happened, or is not worth trying again.
func (g *gate) try(ctx context.Context, call func() error) error {
	for n := 1; ; n++ {
		said := verdict{before: g.holds()}
		err := call()
		if err == nil {
			return nil
		}
		said.hearError(err)
		if !g.rest(ctx, n, said) {
			return g.ended(err, said)
		}
	}
}

// paced is a folder whose calls are tried again when they did not happen, after the time that the store asks for or a back-off. What was
// refused, is stale or may have happened is never tried again here.
type paced struct {
	providers.Folder
	gate *gate
}

// Settle ends the instant that a folder shows, where it shows one.
func (p *paced) Settle(ctx context.Context) error {
	return p.gate.try(ctx, func() error { return providers.Settle(ctx, p.Folder) })
}

// Changes goes on where the stream broke off when the store says where that is, and the whole is Full when its first part was. Otherwise it tries again only
// while nothing was given on.
func (p *paced) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	resumed, full := false, false
	for n := 1; ; n++ {
		said := verdict{before: p.gate.holds()}
		given := false
		read, err := p.Folder.Changes(ctx, cursor, func(c providers.Change) error { given = true; return each(c) })
		if err == nil {
			read.Full = read.Full && !resumed || full
			return read, nil
		}
		if said.hearError(err); errors.Is(err, providers.ErrCursorExpired) || given && read.Cursor == "" {
			return providers.Read{}, p.gate.ended(err, said)
		}
		if on := read.Cursor; on != "" && on != cursor {
			if !resumed {
				resumed, full = true, read.Full || cursor == ""
			}
			cursor, n = on, 1
		}
		if !p.gate.rest(ctx, n, said) {
			return providers.Read{}, p.gate.ended(err, said)
		}
	}
}

// Fetch asks again for the refs that were throttled, or not answered because the whole call was.
func (p *paced) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	for n := 1; ; n++ {
		var later []providers.Fetched
		said := verdict{before: p.gate.holds()}
		answered := make(map[string]bool, len(refs))
		err := p.Folder.Fetch(ctx, refs, func(got providers.Fetched) error {
			answered[got.Ref] = true
			if got.Err != nil && said.hearError(got.Err) {
				later = append(later, got)
				return nil
			}
			return each(got)
		})
		if err != nil && !said.hearError(err) || !said.again {
			return errors.Join(err, p.giveUp(later, said, each))
		}
		if len(answered) > len(later) {
			n = 1
		}
		if !p.gate.rest(ctx, n, said) {
			return errors.Join(p.giveUp(later, said, each), p.gate.ended(err, said))
		}
		rest := refs[:0:0]
		for _, got := range later {
			rest = append(rest, got.Ref)
		}
		for _, ref := range refs {
			if err != nil && !answered[ref] {
				rest = append(rest, ref)
			}
		}
		if refs = rest; len(refs) == 0 {
			return nil
		}
	}
}

// giveUp hands on the answers that say to try again, and are not tried again.
func (p *paced) giveUp(answers []providers.Fetched, said verdict, each func(providers.Fetched) error) error {
	for _, got := range answers {
		got.Err = p.gate.ended(got.Err, said)
		if err := each(got); err != nil {
			return err
		}
	}
	return nil
}

// Write sends again the writes that did not happen.
func (p *paced) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	before := p.gate.holds()
	out := p.Folder.Write(ctx, writes)
	asked := make([]int, len(writes))
	for i := range asked {
		asked[i] = i
	}
	for n := 1; ; n++ {
		var later []int
		said := verdict{before: before}
		for _, i := range asked {
			if said.hear(out[i].Class, out[i].RetryAfter) {
				later = append(later, i)
			}
		}
		if len(later) < len(asked) {
			n = 1
		}
		if !p.gate.rest(ctx, n, said) {
			for _, i := range later {
				out[i].Err = p.gate.ended(out[i].Err, said)
			}
			return out
		}
		repeat := make([]providers.Write, len(later))
		for j, i := range later {
			repeat[j] = writes[i]
		}
		before = p.gate.holds()
		for j, o := range p.Folder.Write(ctx, repeat) {
			out[later[j]] = o
		}
		asked = later
	}
}
