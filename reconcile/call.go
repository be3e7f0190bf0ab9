package reconcile

import (
	"context"
	"time"
)

// call is a call of a driver that an apply has begun: it is finished also when the apply is interrupted, and given up when nothing happens for too long.
type call struct {
	begun   context.Context // of the apply
	timer   *time.Timer
	timeout time.Duration
}

type callKey struct{}

// finishing is a context for what is finished once it was begun. It ends when no request was sent for the time given, and by end.
func finishing(ctx context.Context, timeout time.Duration) (_ context.Context, end func()) {
	c := &call{begun: ctx, timeout: timeout}
	ctx, cancel := context.WithCancelCause(context.WithValue(context.WithoutCancel(ctx), callKey{}, c))
	c.timer = time.AfterFunc(timeout, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		c.timer.Stop()
		cancel(context.Canceled)
	}
}

// alive says that a call gets on.
func alive(ctx context.Context) {
	if c, is := ctx.Value(callKey{}).(*call); is {
		c.timer.Reset(c.timeout)
	}
}

// waiting is the context of a wait before something is sent: it is no part of its call's time, and ends when the apply is interrupted.
func waiting(ctx context.Context) (_ context.Context, end func()) {
	c, is := ctx.Value(callKey{}).(*call)
	if !is {
		return ctx, func() {}
	}
	c.timer.Stop()
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(c.begun, func() { cancel(context.Cause(c.begun)) })
	return ctx, func() {
		stop()
		cancel(context.Canceled)
		c.timer.Reset(c.timeout)
	}
}
