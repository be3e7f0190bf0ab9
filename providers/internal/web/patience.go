package web

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"
)

// patience ends a context when nothing moves for a time. It runs only while someone waits.
type patience struct {
	cancel context.CancelCauseFunc

	mu      sync.Mutex
	limit   time.Duration
	waiting bool
	timer   *time.Timer
}

// silence is why a context ended that patience belongs to.
type silence time.Duration

func (s silence) Error() string { return fmt.Sprintf("no answer within %s", time.Duration(s)) }

func newPatience(ctx context.Context, limit time.Duration) (context.Context, *patience) {
	ctx, cancel := context.WithCancelCause(ctx)
	p := &patience{limit: limit, cancel: cancel, timer: time.AfterFunc(limit, func() { cancel(silence(limit)) })}
	p.timer.Stop()
	return ctx, p
}

// start begins to wait.
func (p *patience) start() { p.wait(true) }

// stop ends the waiting.
func (p *patience) stop() { p.wait(false) }

func (p *patience) wait(waiting bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting = waiting; waiting {
		p.timer.Reset(p.limit)
	} else {
		p.timer.Stop()
	}
}

// moved says that something moved: who waits begins anew.
func (p *patience) moved() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting {
		p.timer.Reset(p.limit)
	}
}

// shorten is for what is not worth waiting for long.
func (p *patience) shorten(limit time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = min(p.limit, limit)
}

// end ends the context, for good.
func (p *patience) end() {
	p.stop()
	p.cancel(context.Canceled)
}

// moving is a reader whose reading is movement.
type moving struct {
	io.Reader
	patience *patience
}

func (m moving) Read(to []byte) (int, error) {
	m.patience.moved()
	return m.Reader.Read(to)
}
