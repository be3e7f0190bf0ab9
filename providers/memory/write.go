package memory

import (
	"bytes"
	"context"

	"github.com/accord-sync/accord/providers"
)

func (f folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	err := f.enter(func(r *Requests) { r.Writes++ }, len(writes))
	if err == nil {
		defer f.leave()
	}
	if err == nil && f.readOnly {
		err = f.errorf(providers.Refused, "%s is not to be written", f.address)
	}
	for i, w := range writes {
		switch {
		case err != nil:
			outcomes[i] = failed(err)
		case ctx.Err() != nil:
			outcomes[i] = providers.Outcome{Class: providers.Transient, Err: ctx.Err()}
		default:
			outcomes[i] = f.write(w)
		}
	}
	return outcomes
}

func (f folder) write(w providers.Write) providers.Outcome {
	f.lock()
	defer f.mu.Unlock()
	out := f.attempt(w)
	if out.Class != providers.Done {
		f.requests.Refused++
		return out
	}
	f.written++
	if n := f.store.mode.Bumps; n > 0 && f.written%n == 0 && w.Kind != providers.Delete {
		r := f.records[out.Ref]
		f.set(r, r.item)
	}
	return out
}

func (f folder) attempt(w providers.Write) providers.Outcome {
	if f.throttled() {
		return providers.Outcome{Class: providers.Throttled, RetryAfter: f.store.mode.RetryAfter, Err: f.throttle()}
	}
	if w.Kind == providers.Create {
		return f.create(w)
	}
	r := f.records[w.Ref]
	if r == nil || !r.live() {
		return failed(f.errorf(providers.Missing, "%s %q: it is not there", w.Kind, w.Ref))
	}
	if f.capabilities.Conditional && r.version != w.Version {
		return failed(f.errorf(providers.Stale, "%s %q: it is at %s, not at %s", w.Kind, w.Ref, r.version, w.Version))
	}
	if w.Kind == providers.Delete {
		f.set(r, nil)
		f.requests.Deleted++
		return providers.Outcome{Class: providers.Done}
	}
	it := f.keep(w.Item)
	if f.store.mode.MakesUIDs {
		it = f.rename(it, r)
	}
	f.set(r, it)
	f.requests.Updated++
	return f.done(w, r)
}

func (f folder) create(w providers.Write) providers.Outcome {
	if f.capabilities.Creates == providers.ByToken && w.Token != "" {
		if r := f.records[f.tokens[w.Token]]; r != nil && r.item != nil {
			return f.done(w, r)
		}
	}
	if uid := w.Item.UID(); f.capabilities.UIDs && uid != "" && f.uids[uid] > 0 {
		return failed(f.errorf(providers.Stale, "create %q: an item with this UID is there", uid))
	}
	it := f.keep(w.Item)
	if f.store.mode.MakesUIDs {
		it = f.rename(it, &record{})
	}
	r := f.add(it)
	if w.Token != "" {
		f.tokens[w.Token] = r.ref
	}
	f.requests.Created++
	return f.done(w, r)
}

func (f folder) done(w providers.Write, r *record) providers.Outcome {
	return providers.Outcome{
		Class: providers.Done, Ref: r.ref, Version: r.version,
		Changed: !bytes.Equal(w.Item.Bytes(), r.item.Bytes()),
	}
}

func failed(err error) providers.Outcome {
	return providers.Outcome{Class: providers.ClassOf(err), Err: err}
}
