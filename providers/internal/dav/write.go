package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// Write carries out writes: those of one kind that follow each other at a time, as many as the gate lets through.
func (f *folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	taken := f.taken(ctx, writes)
	for from := 0; from < len(writes); {
		to := from + 1
		for to < len(writes) && writes[to].Kind == writes[from].Kind {
			to++
		}
		f.run(ctx, writes[from:to], outcomes[from:to], taken)
		from = to
	}
	return outcomes
}

// run carries out writes that do not depend on each other.
func (f *folder) run(ctx context.Context, writes []providers.Write, outcomes []providers.Outcome, taken map[string]providers.Fetched) {
	var group sync.WaitGroup
	lanes := make(chan struct{}, parallelWrites)
	for i, w := range writes {
		lanes <- struct{}{}
		group.Go(func() {
			defer func() { <-lanes }()
			outcomes[i] = f.write(ctx, w, taken)
		})
	}
	group.Wait()
}

// parallelWrites is how many writes of a folder are under way at a time.
const parallelWrites = 4

// write carries out one write.
func (f *folder) write(ctx context.Context, w providers.Write, taken map[string]providers.Fetched) providers.Outcome {
	what := w.Ref
	if w.Kind == providers.Create {
		what = w.Item.UID()
	}
	out, err := f.attempt(ctx, w, taken)
	if err == nil {
		return out
	}
	err = f.failed(w.Kind.String(), what, err)
	failed := providers.Outcome{Class: providers.ClassOf(err), Err: err}
	if e := (*providers.Error)(nil); errors.As(err, &e) {
		failed.RetryAfter = e.RetryAfter
	}
	return failed
}

func (f *folder) attempt(ctx context.Context, w providers.Write, taken map[string]providers.Fetched) (providers.Outcome, error) {
	switch {
	case f.readOnly:
		return providers.Outcome{}, providers.Classed(providers.Refused, fmt.Errorf("access = %q is written in %s", "read", f.address))
	case ctx.Err() != nil:
		return providers.Outcome{}, providers.Classed(providers.Transient, ctx.Err())
	}
	if w.Item != nil {
		if err := f.server.spoiled(w.Item); err != nil {
			return providers.Outcome{}, err
		}
	}
	switch {
	case w.Kind == providers.Create:
		return f.create(ctx, w.Item, taken)
	case weak(w.Version):
		// A weak ETag is no precondition (RFC 9110 section 13.1.1).
		if err := f.unchanged(ctx, w); err != nil {
			return providers.Outcome{}, err
		}
	}
	if w.Kind == providers.Delete {
		return f.remove(ctx, w)
	}
	return f.put(ctx, w.Ref, f.precondition(w.Version), w.Item)
}

// taken are the items that have the names which creates would get, on a server that would overwrite them.
func (f *folder) taken(ctx context.Context, writes []providers.Write) map[string]providers.Fetched {
	if !f.server.Covers || f.readOnly {
		return nil
	}
	var names []string
	for _, w := range writes {
		if w.Kind == providers.Create {
			names = append(names, nameOf(w.Item.UID(), f.kind))
		}
	}
	found := map[string]providers.Fetched{}
	for part := range slices.Chunk(names, f.server.Multiget) {
		err := f.part(ctx, part, func(got providers.Fetched) error {
			if isThere(got) {
				found[got.Ref] = got
			}
			return nil
		})
		for _, name := range part {
			if err != nil {
				found[name] = providers.Fetched{Ref: name, Err: err}
			}
		}
	}
	return found
}

// create puts an item under a name that follows from its UID. When an item with another UID has that name, it gets another one.
func (f *folder) create(ctx context.Context, it *pim.Item, taken map[string]providers.Fetched) (providers.Outcome, error) {
	ref := nameOf(it.UID(), f.kind)
	holder, held := taken[ref]
	if !held {
		out, err := f.put(ctx, ref, header("If-None-Match", "*"), it)
		if providers.ClassOf(err) != providers.Stale {
			return out, err
		}
		var readErr error
		if holder, readErr = f.one(ctx, ref); readErr != nil || !isThere(holder) {
			return out, err
		}
	}
	switch class := providers.ClassOf(holder.Err); {
	case errors.Is(holder.Err, errOtherKind), class == providers.Done && holder.Item.UID() != it.UID():
		return f.put(ctx, freshName(f.kind), header("If-None-Match", "*"), it)
	case class == providers.Done, class == providers.Refused: // what has its name and cannot be read is likely to be it
		return providers.Outcome{}, providers.Classed(providers.Stale, errors.New("an item with its UID is there"))
	}
	return providers.Outcome{}, holder.Err
}

// isThere reports whether something has the name that was asked for, or may have.
func isThere(got providers.Fetched) bool {
	return providers.ClassOf(got.Err) != providers.Missing || errors.Is(got.Err, errOtherKind)
}

// put stores an item.
func (f *folder) put(ctx context.Context, ref string, precondition http.Header, it *pim.Item) (providers.Outcome, error) {
	sent := f.silent(it)
	h := precondition.Clone()
	h.Set("Content-Type", f.family.contentType)
	answer, err := f.change(ctx, web.Request{Method: http.MethodPut, URL: f.at(ref), Header: h, Body: sent.Bytes()})
	if err != nil {
		return providers.Outcome{}, f.refused(ctx, ref, h, err)
	}
	out := providers.Outcome{Class: providers.Done, Ref: ref, Version: unquote(answer.Get("ETag"))}
	out.Changed = out.Version == "" || weak(out.Version) || !f.server.Exact || sent != it
	return out, nil
}

// silent is an item as it is sent: the server is to tell nobody of a replica that Accord made. One that it adopted stays as it was, for a server takes the change
// for a cancellation.
func (f *folder) silent(it *pim.Item) *pim.Item {
	m, replica := it.Marker()
	switch {
	case !replica || m.Adopted || f.server.Invites == Nobody:
		return it
	case f.server.Invites == Always:
		return it.WithFields(pim.Fields{"organizer": {}})
	}
	return it.WithScheduleAgent("CLIENT")
}

// remove deletes an item. An organizer is not told (RFC 6638 section 8.1).
func (f *folder) remove(ctx context.Context, w providers.Write) (providers.Outcome, error) {
	h := f.precondition(w.Version)
	h.Set("Schedule-Reply", "F")
	_, err := f.change(ctx, web.Request{Method: http.MethodDelete, URL: f.at(w.Ref), Header: h})
	if err != nil {
		return providers.Outcome{}, f.refused(ctx, w.Ref, h, err)
	}
	return providers.Outcome{Class: providers.Done, Ref: w.Ref}, nil
}

// precondition is that of a write: that the item has the version which was seen.
func (f *folder) precondition(version string) http.Header {
	if version == "" || weak(version) {
		return http.Header{}
	}
	return header("If-Match", quote(version))
}

func weak(version string) bool { return strings.HasPrefix(version, "W/") }

// refused finds out what an answer to a write means that says no: the same status stands for several things.
func (f *folder) refused(ctx context.Context, ref string, sent http.Header, err error) error {
	s := (*web.Status)(nil)
	if !errors.As(err, &s) {
		return err
	}
	switch {
	case s.Says("no-uid-conflict"), s.Says("unique-scheduling-object-resource"):
		if _, elsewhere := f.ref(s.Href); s.Href != "" && elsewhere != nil {
			return providers.Classed(providers.Refused, fmt.Errorf("an item with its UID is in another folder of the account, %q: %w", s.Href, err))
		}
		return providers.Classed(providers.Stale, err)
	case s.Code == http.StatusPreconditionFailed && len(s.Conditions) > 0 && !s.Says("if-match") && !s.Says("if-none-match"):
		return providers.Classed(providers.Refused, err) // DAViCal and Xandikos say so to content that they do not take
	case s.Code == http.StatusPreconditionFailed && sent.Get("If-Match") != "":
		if got, readErr := f.one(ctx, ref); readErr == nil && providers.ClassOf(got.Err) == providers.Missing {
			return providers.Classed(providers.Missing, err)
		}
	case s.Code == http.StatusPreconditionFailed && f.server.Blind:
		return providers.Classed(providers.Refused, err) // SOGo says so to a meeting that its organizer does not have
	case s.Code == http.StatusConflict && sent.Get("If-None-Match") != "":
		return providers.Classed(providers.Stale, err)
	case s.Code == http.StatusNotFound && f.server.Blind && sent.Get("Content-Type") != "":
		if _, gone := f.look(ctx); gone == nil {
			return providers.Classed(providers.Refused, err) // SOGo says so to content that it does not take, and when the folder is gone
		}
	case s.Code == http.StatusForbidden && len(s.Conditions) > 0 && !s.Says("need-privileges"):
		return providers.Classed(providers.Refused, err) // of the item; without a condition, it is of the account
	case s.Code == http.StatusMethodNotAllowed:
		return providers.Classed(providers.Unauthorized, err) // of the folder; DAViCal says so when it is gone
	}
	return err
}

// unchanged looks whether an item still has its version.
func (f *folder) unchanged(ctx context.Context, w providers.Write) error {
	got, err := f.one(ctx, w.Ref)
	switch {
	case err != nil:
		return err
	case providers.ClassOf(got.Err) == providers.Missing:
		return got.Err
	case got.Version != w.Version:
		return providers.Classed(providers.Stale, errors.New("it is not what was seen"))
	}
	return nil
}

// one reads one item.
func (f *folder) one(ctx context.Context, ref string) (one providers.Fetched, err error) {
	err = f.part(ctx, []string{ref}, func(got providers.Fetched) error {
		one = got
		return nil
	})
	return one, err
}
