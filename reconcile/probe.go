package reconcile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Probe is what came of writing an item of the check's own.
type Probe struct {
	UID          Kept     `json:"uid"`
	Marker       Kept     `json:"marker"`
	Changed      []string `json:"changed"` // fields that came back other than they were sent
	Lost         []string `json:"lost"`    // fields that did not come back
	Precondition Honour   `json:"precondition"`
	Left         string   `json:"left,omitempty"` // what may have stayed behind, and why; "": nothing
}

// Kept is what became of something that was sent.
type Kept string

// The values of Kept.
const (
	KeptUnknown Kept = "unknown"
	KeptSame    Kept = "kept"
	KeptChanged Kept = "changed"
	KeptLost    Kept = "lost"
)

// Honour is what became of a write that named a version which the item no longer had.
type Honour string

// The values of Honour.
const (
	HonourUntried Honour = "untried"
	Honoured      Honour = "honoured"
	NotHonoured   Honour = "ignored"
)

// probing is a probe under way in one folder. It writes no item but its own.
type probing struct {
	e       *Engine
	f       *folder
	token   string
	seen    map[uint64]bool // hashes of the refs that were there before
	item    *pim.Item
	ref     string // of the item; "": not known
	version string // that the item had first
	found   *Probe
}

// probe makes an item, reads it back, changes it, tries to change it by a version that it no longer has, and deletes it. The error is why the folder
// cannot be written. Once the item may be there it is deleted, also when the context ends.
func (e *Engine) probe(ctx context.Context, f *folder, token string, seen map[uint64]bool) (*Probe, error) {
	p := &probing{e: e, f: f, token: token, seen: seen}
	p.found = &Probe{UID: KeptUnknown, Marker: KeptUnknown, Changed: []string{}, Lost: []string{}, Precondition: HonourUntried}
	if ctx.Err() != nil {
		return p.found, context.Cause(ctx)
	}
	ctx, end := finishing(ctx, e.opts.Timeout)
	defer end()
	return p.found, p.run(ctx)
}

func (p *probing) run(ctx context.Context) error {
	var err error
	if p.item, err = sampleOf(p.f.config.Kind, p.token, p.e.ws.Name, p.f.address); err != nil {
		return err
	}
	p.item = p.item.Touch(p.e.opts.Now())
	made := p.write(ctx, providers.Write{Kind: providers.Create, Item: p.item, Token: p.item.UID()})
	if made.Class != providers.Done && made.Class != providers.Unknown {
		return made.Err
	}
	p.ref = made.Ref
	defer p.cleanUp(ctx)
	if made.Class == providers.Unknown {
		return made.Err
	}
	return p.try(ctx)
}

// try does what an apply will want to do with an item that it made.
func (p *probing) try(ctx context.Context) error {
	stored, err := p.fetch(ctx, p.ref)
	if err != nil {
		return fmt.Errorf("its own item was written and cannot be read back: %w", err)
	}
	p.compare(stored.Item)
	p.version = stored.Version
	changed, err := p.change(ctx, stored)
	if err != nil {
		return fmt.Errorf("its own item cannot be changed: %w", err)
	}
	if p.version == "" || changed.Version == p.version {
		return nil
	}
	wrong := p.write(ctx, providers.Write{Kind: providers.Update, Ref: p.ref, Version: p.version, Item: p.item.Touch(p.e.opts.Now())})
	switch wrong.Class {
	case providers.Stale:
		p.found.Precondition = Honoured
	case providers.Done:
		p.found.Precondition = NotHonoured
		p.moved(wrong)
	}
	return nil
}

// change gives the item another title. A store may give the item another version by itself meanwhile: then it is read again.
func (p *probing) change(ctx context.Context, stored providers.Fetched) (providers.Outcome, error) {
	title, err := pim.FieldValue(p.item.Kind(), titleField(p.item.Kind()), titleOf(p.token)+", changed")
	if err != nil {
		return providers.Outcome{}, err
	}
	p.item = p.item.WithFields(pim.Fields{titleField(p.item.Kind()): title}).Touch(p.e.opts.Now())
	for n := 1; ; n++ {
		out := p.write(ctx, providers.Write{Kind: providers.Update, Ref: p.ref, Version: stored.Version, Item: p.item})
		if out.Class == providers.Done {
			p.moved(out)
			return out, nil
		}
		if out.Class != providers.Stale || n == attempts {
			return out, out.Err
		}
		if stored, err = p.fetch(ctx, p.ref); err != nil {
			return out, err
		}
	}
}

// moved takes in the ref that the item has after a write.
func (p *probing) moved(o providers.Outcome) { p.ref = cmp.Or(o.Ref, p.ref) }

// compare says what the store made of the item.
func (p *probing) compare(stored *pim.Item) {
	kept := func(same, there bool) Kept {
		switch {
		case same:
			return KeptSame
		case there:
			return KeptChanged
		}
		return KeptLost
	}
	p.found.UID = kept(stored.UID() == p.item.UID(), stored.UID() != "")
	sent, _ := p.item.Marker()
	got, there := stored.Marker()
	got.UID = sent.UID // a store that makes UIDs of its own has its driver correct this
	p.found.Marker = kept(got == sent, there)
	for _, name := range slices.Sorted(maps.Keys(p.item.Fields())) {
		v := stored.Fields()[name]
		switch {
		case v.IsZero():
			p.found.Lost = append(p.found.Lost, name)
		case !v.Equal(p.item.Fields()[name]):
			p.found.Changed = append(p.found.Changed, name)
		}
	}
}

// cleanUp deletes the item, and says so when it cannot. An item that is not known to be the probe's own is left alone.
func (p *probing) cleanUp(ctx context.Context) {
	if p.ref == "" {
		var err error
		if p.ref, err = p.find(ctx); err != nil {
			p.found.Left = fmt.Sprintf("the item %q may have been made, and it cannot be looked for: %v", titleOf(p.token), err)
		}
		if p.ref == "" {
			return
		}
	}
	var err error
	for range attempts {
		var now providers.Fetched
		now, err = p.fetch(ctx, p.ref)
		switch {
		case providers.ClassOf(err) == providers.Missing:
			return
		case err != nil:
			continue
		case !p.owns(now.Item):
			err = errors.New("another item has taken its place")
			continue
		}
		out := p.write(ctx, providers.Write{Kind: providers.Delete, Ref: p.ref, Version: now.Version})
		if err = out.Err; out.Class == providers.Done {
			return
		}
	}
	p.found.Left = fmt.Sprintf("the item %q (%s) is still there, delete it by hand: %v", titleOf(p.token), p.ref, err)
}

// find looks for the item among those that were not there before; "": it is not there.
func (p *probing) find(ctx context.Context) (string, error) {
	fresh := map[string]bool{}
	read, err := p.f.store.Changes(ctx, "", func(c providers.Change) error {
		if !p.seen[xxhash.Sum64String(c.Ref)] {
			fresh[c.Ref] = c.Removed == providers.NotRemoved
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if !read.Complete {
		return "", errors.New(read.Reason)
	}
	var refs []string
	for ref, there := range fresh {
		if there {
			refs = append(refs, ref)
		}
	}
	found := ""
	var unsure error // why an item that may be it could not be read
	err = p.e.fetch(ctx, p.f, refs, func(got providers.Fetched) {
		switch class := providers.ClassOf(got.Err); {
		case class == providers.Done && p.owns(got.Item):
			found = got.Ref
		case class != providers.Done && class != providers.Missing:
			unsure = got.Err
		}
	})
	if found == "" {
		err = cmp.Or(err, unsure)
	}
	return found, err
}

// owns reports whether an item is the probe's.
func (p *probing) owns(it *pim.Item) bool {
	return it.UID() == uidOf(p.token) || strings.Contains(it.Title(), titleOf(p.token))
}

func (p *probing) write(ctx context.Context, w providers.Write) providers.Outcome {
	return p.f.store.Write(ctx, []providers.Write{w})[0]
}

// fetch reads one item.
func (p *probing) fetch(ctx context.Context, ref string) (providers.Fetched, error) {
	var answer providers.Fetched
	err := p.e.fetch(ctx, p.f, []string{ref}, func(got providers.Fetched) { answer = got })
	return answer, cmp.Or(err, answer.Err)
}
