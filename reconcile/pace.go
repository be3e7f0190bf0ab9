package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/accord-sync/accord/providers"
)

// attempts is how often a call that did not happen is tried; a throttled one is tried as often as the store asks, up to the same number.
const attempts = 4

// paced is a folder whose calls are tried again when they did not happen, after the time that the store asks for or a back-off. What was
// refused, is stale or may have happened is never tried again here.
type paced struct {
	providers.Folder
	sleep func(ctx context.Context, d time.Duration) error
}

// paced decorates a folder.
func (e *Engine) paced(f providers.Folder) providers.Folder {
	sleep := e.opts.Sleep
	if sleep == nil {
		sleep = wait
	}
	return &paced{Folder: f, sleep: sleep}
}

// wait sleeps on a timer.
func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// backoff is how long to wait before try number n (from 1); asked is what the store asks for.
func backoff(n int, asked time.Duration) time.Duration {
	return max(asked, 100*time.Millisecond<<(2*(n-1)))
}

// again reports whether a call of this class did not happen and may work later.
func again(c providers.Class) bool {
	return c == providers.Throttled || c == providers.Transient
}

// retryAfter is what the store asks for; 0 when it says nothing.
func retryAfter(err error) time.Duration {
	var e *providers.Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// Changes tries again from the start only while nothing was given on.
func (p *paced) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	for n := 1; ; n++ {
		given := false
		read, err := p.Folder.Changes(ctx, cursor, func(c providers.Change) error { given = true; return each(c) })
		if err == nil || given || n == attempts || !again(providers.ClassOf(err)) || errors.Is(err, providers.ErrCursorExpired) {
			return read, err
		}
		if sleepErr := p.sleep(ctx, backoff(n, retryAfter(err))); sleepErr != nil {
			return read, err
		}
	}
}

// Fetch asks again for the refs that were throttled, or not answered because the whole call was.
func (p *paced) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	for n := 1; ; n++ {
		var later []string
		var asked time.Duration
		answered := map[string]bool{}
		err := p.Folder.Fetch(ctx, refs, func(got providers.Fetched) error {
			answered[got.Ref] = true
			if got.Err != nil && n < attempts && again(providers.ClassOf(got.Err)) {
				later, asked = append(later, got.Ref), max(asked, retryAfter(got.Err))
				return nil
			}
			return each(got)
		})
		if err != nil {
			if n == attempts || !again(providers.ClassOf(err)) {
				return err
			}
			asked = max(asked, retryAfter(err))
			for _, ref := range refs {
				if !answered[ref] {
					later = append(later, ref)
				}
			}
		}
		if len(later) == 0 {
			return nil
		}
		if sleepErr := p.sleep(ctx, backoff(n, asked)); sleepErr != nil {
			return sleepErr
		}
		refs = later
	}
}

// Write sends again the writes that did not happen.
func (p *paced) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	out := p.Folder.Write(ctx, writes)
	for n := 1; n < attempts; n++ {
		var later []int
		var asked time.Duration
		for i, o := range out {
			if again(o.Class) {
				later, asked = append(later, i), max(asked, o.RetryAfter)
			}
		}
		if len(later) == 0 || ctx.Err() != nil || p.sleep(ctx, backoff(n, asked)) != nil {
			break
		}
		repeat := make([]providers.Write, len(later))
		for j, i := range later {
			repeat[j] = writes[i]
		}
		for j, o := range p.Folder.Write(ctx, repeat) {
			out[later[j]] = o
		}
	}
	return out
}
