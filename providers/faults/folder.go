package faults

import (
	"context"
	"errors"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

type folder struct {
	providers.Folder
	address string
	counter *counter
	rewrite func(*pim.Item) *pim.Item
}

// errStruck ends a stream from within.
var errStruck = errors.New("injected fault: the connection is gone")

func (f *folder) Settle(ctx context.Context) error { return providers.Settle(ctx, f.Folder) }

func (f *folder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	fault := f.counter.next(f.address, Changes, "")
	if err := before(ctx, fault); err != nil {
		return providers.Read{}, err
	}
	if fault.Effect == Expire && cursor != "" {
		return providers.Read{}, fmt.Errorf("injected fault: %w", providers.ErrCursorExpired)
	}
	given, cut := 0, false
	read, err := f.Folder.Changes(ctx, cursor, func(c providers.Change) error {
		if given == fault.After && (fault.Effect == Partial || fault.Effect == Break) {
			cut = true
			return errStruck
		}
		given++
		return each(c)
	})
	switch {
	case cut && fault.Effect == Partial:
		return providers.Read{Full: cursor == "" || read.Full, Reason: "injected fault: the answer stopped short"}, nil
	case cut:
		return providers.Read{}, providers.Classed(providers.Unreachable, errStruck)
	case err != nil:
		return read, err
	}
	return read, after(ctx, fault)
}

func (f *folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	fault := f.counter.next(f.address, Fetch, "")
	if err := before(ctx, fault); err != nil {
		return err
	}
	given, cut := 0, false
	err := f.Folder.Fetch(ctx, refs, func(got providers.Fetched) error {
		if given >= fault.After {
			switch fault.Effect {
			case Partial:
				got = providers.Fetched{Ref: got.Ref, Err: providers.Classed(providers.Transient, errStruck)}
			case Break:
				cut = true
				return errStruck
			}
		}
		given++
		return each(got)
	})
	switch {
	case cut:
		return providers.Classed(providers.Unreachable, errStruck)
	case err != nil:
		return err
	}
	return after(ctx, fault)
}

// Write asks the plan about every write, hands on those that reach the store, and puts the outcomes back in order.
func (f *folder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	faults := make([]Fault, len(writes))
	var sent []providers.Write
	var at []int
	for i, w := range writes {
		faults[i] = f.counter.next(f.address, [...]Operation{Create, Update, Delete}[w.Kind], w.Ref)
		if err := before(ctx, faults[i]); err != nil {
			outcomes[i] = failed(err)
			continue
		}
		switch {
		case faults[i].Effect == Overwrite && w.Kind != providers.Create:
			w.Version = f.current(ctx, w)
		case faults[i].Effect == Rewrite && w.Kind != providers.Delete:
			w.Item = f.rewrite(w.Item)
		case faults[i].Effect == Restyle && w.Kind != providers.Delete:
			w.Item = Restyled(w.Item)
		}
		sent, at = append(sent, w), append(at, i)
	}
	if len(sent) == 0 {
		return outcomes
	}
	for k, out := range f.Folder.Write(ctx, sent) {
		fault := faults[at[k]]
		if out.Class == providers.Done && (fault.Effect == Rewrite || fault.Effect == Restyle) {
			out.Changed = true
		}
		if err := after(ctx, fault); err != nil {
			out = failed(err)
		}
		outcomes[at[k]] = out
	}
	return outcomes
}

// current is the version that an item has now, or what the write says.
func (f *folder) current(ctx context.Context, w providers.Write) string {
	version := w.Version
	err := f.Folder.Fetch(ctx, []string{w.Ref}, func(got providers.Fetched) error {
		if got.Err == nil {
			version = got.Version
		}
		return nil
	})
	if err != nil {
		return w.Version
	}
	return version
}

func failed(err error) providers.Outcome {
	out := providers.Outcome{Class: providers.ClassOf(err), Err: err}
	var e *providers.Error
	if errors.As(err, &e) {
		out.RetryAfter = e.RetryAfter
	}
	return out
}
