package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// CheckRequest is what a check is asked for.
type CheckRequest struct {
	Only, Except []string // globs over addresses of folders, and of relationships for the folders that they join; no Only: all
	Probe        bool     // try to write: an item of its own in each folder that is not read-only
	Token        string   // with Probe: what the UIDs and titles of this run's probe items alone have in them
}

// FolderCheck is what a check found about one folder. Its JSON form is a promise.
type FolderCheck struct {
	Address  string   `json:"address"`
	Provider string   `json:"provider"`
	Driver   string   `json:"driver"`
	Kind     pim.Kind `json:"kind"`
	Location string   `json:"location,omitempty"` // as the driver's Locate says it

	Usable  bool   `json:"usable"`
	Problem string `json:"problem,omitempty"` // why it is not usable, and what to do

	Reachable  bool    `json:"reachable"`
	Missing    bool    `json:"missing"` // it is not there, and an apply makes it
	Unresolved bool    `json:"unresolved"`
	Readable   Reading `json:"readable"`
	Writable   Writing `json:"writable"`
	Items      int     `json:"items"` // -1: not known

	WriteReason string `json:"write_reason,omitempty"` // why it cannot be written

	Sampled    int               `json:"sampled"`    // items that were read, to see whether they can be understood
	Unreadable []plan.Diagnostic `json:"unreadable"` // of those that were read

	Can   *providers.Capabilities `json:"can,omitempty"` // nil: it could not be opened
	Probe *Probe                  `json:"probe,omitempty"`
}

// Reading is how far a folder can be read.
type Reading string

// The values of Reading.
const (
	ReadUntried  Reading = "untried" // it could not be opened, or is not there yet
	ReadComplete Reading = "complete"
	ReadPartial  Reading = "partial"
	ReadFailed   Reading = "failed"
)

// Writing is whether a folder can be written.
type Writing string

// The values of Writing.
const (
	WriteUntried  Writing = "untried"
	WriteReadOnly Writing = "read_only" // by its block, or because its driver never writes
	WriteTried    Writing = "yes"
	WriteFailed   Writing = "no"
)

// samples is how many items of a folder a check reads.
const samples = 5

// Check connects to every folder that is asked for and says what it found, in order of address. Nothing is written without Probe, and the
// state has no part in it. What keeps one folder from being used keeps no other from being checked.
func (e *Engine) Check(ctx context.Context, req CheckRequest) []FolderCheck {
	var asked []*schema.Folder
	for _, f := range e.ws.Folders {
		if e.asksFor(req, f) {
			asked = append(asked, f)
		}
	}
	checks := make([]FolderCheck, len(asked))
	trouble := e.checkProviders(ctx, asked)
	var group errgroup.Group
	group.SetLimit(e.parallel())
	for i, f := range asked {
		group.Go(func() error {
			checks[i] = e.checkFolder(ctx, f, trouble[f.Provider.Address], req)
			return nil
		})
	}
	_ = group.Wait() // what goes wrong is in the checks
	return checks
}

// asksFor reports whether a request is about a folder, by its own address or by those of its relationships. A relationship that is left out leaves a
// folder out that has no other.
func (e *Engine) asksFor(req CheckRequest, f *schema.Folder) bool {
	if len(req.Only)+len(req.Except) == 0 {
		return true
	}
	var own, others int
	hit := func(globs []string, address string) bool {
		return slices.ContainsFunc(globs, func(g string) bool { return globMatches(g, address) })
	}
	only := len(req.Only) == 0 || hit(req.Only, f.Address)
	for _, r := range e.ws.Relations {
		if r.Source != f && r.Destination != f {
			continue
		}
		only = only || hit(req.Only, r.Address)
		if hit(req.Except, r.Address) {
			others++
		} else {
			own++
		}
	}
	return only && !hit(req.Except, f.Address) && (own > 0 || others == 0)
}

// checkProviders connects to each provider once; the result is what is wrong with it, by address. That it is not there yet is for its folders to say: they
// may be about to be made.
func (e *Engine) checkProviders(ctx context.Context, folders []*schema.Folder) map[string]error {
	trouble := map[string]error{}
	for _, f := range folders {
		address := f.Provider.Address
		if _, known := trouble[address]; known || f.Unresolved {
			continue
		}
		p, err := e.stores.provider(ctx, f.Provider)
		if err == nil {
			if err = p.Check(ctx); err != nil {
				err = naming(address, err)
			}
		}
		if providers.ClassOf(err) == providers.Missing && p != nil {
			err = nil
		}
		trouble[address] = err
	}
	return trouble
}

func (e *Engine) checkFolder(ctx context.Context, spec *schema.Folder, trouble error, req CheckRequest) FolderCheck {
	c := FolderCheck{
		Address: spec.Address, Provider: spec.Provider.Address, Driver: spec.Provider.Driver, Kind: spec.Kind, Location: spec.Location,
		Readable: ReadUntried, Writable: WriteUntried, Items: -1, Unreadable: []plan.Diagnostic{},
	}
	if spec.ReadOnly {
		c.Writable = WriteReadOnly
	}
	if spec.Unresolved {
		c.Unresolved = true
		c.Problem = spec.UnresolvedBecause() + ", so nothing is done there"
		return c
	}
	f := &folder{address: spec.Address, config: spec.Config, spec: spec, trouble: trouble}
	if trouble == nil {
		e.openFolder(ctx, f, "")
	}
	switch {
	case f.trouble != nil:
		c.Problem = f.trouble.Error()
		return c
	case f.missing:
		c.Reachable, c.Missing, c.Usable, c.Items = true, true, true, 0
		return c
	}
	can := f.caps
	can.Lacks = append([]string{}, can.Lacks...) // [] in JSON
	c.Reachable, c.Can = true, &can
	seen := c.read(ctx, e, f)
	if !spec.ReadOnly {
		c.write(ctx, e, f, req, seen)
	}
	c.Usable = c.Problem == ""
	return c
}

// write says whether the folder can be written. That it cannot is a problem where a relationship would write to it. It is one too when it was seen that a
// folder does not do what its driver says.
func (c *FolderCheck) write(ctx context.Context, e *Engine, f *folder, req CheckRequest, seen map[uint64]bool) {
	var err error
	switch {
	case f.caps.ReadOnly:
		err = errors.New("its provider does not let this account write here")
	case !req.Probe || c.Readable != ReadComplete:
		return
	default:
		c.Probe, err = e.probe(ctx, f, req.Token, seen)
	}
	if err != nil {
		c.Writable, c.WriteReason = WriteFailed, err.Error()
		if e.writes(f.spec) {
			c.Problem = fmt.Sprintf("it cannot be written: %v", err)
		}
		return
	}
	c.Writable = WriteTried
	switch {
	case c.Probe.Left != "":
		c.Problem = c.Probe.Left
	case c.Probe.Precondition == NotHonoured && f.caps.Conditional:
		c.Problem = "a write that named an old version was done, though its driver says that such a write is left undone"
	case c.Probe.UID != KeptSame && f.caps.UIDs:
		c.Problem = "the probe's item came back with another UID, though its driver says that UIDs are kept"
	case c.Probe.Marker != KeptSame && f.caps.Markers:
		c.Problem = "the probe's item came back without its marker, though its driver says that markers are kept"
	}
}

// writes reports whether a relationship would write to a folder.
func (e *Engine) writes(f *schema.Folder) bool {
	return slices.ContainsFunc(e.ws.Relations, func(r *schema.Relationship) bool {
		back := r.Policies.DestinationEdit == schema.DestinationEditPropagate ||
			r.Policies.DestinationDelete == schema.DestinationDeletePropagate || r.Policies.DestinationDelete == schema.DestinationDeleteMark
		return r.Enabled && (r.Destination == f || r.Source == f && back)
	})
}

// read lists the folder to its end and reads a few of its items. seen are the hashes of all refs that are there.
func (c *FolderCheck) read(ctx context.Context, e *Engine, f *folder) (seen map[uint64]bool) {
	seen = map[uint64]bool{}
	var some []string
	told := 0
	read, err := f.store.Changes(ctx, "", func(ch providers.Change) error {
		ref := xxhash.Sum64String(ch.Ref)
		if ch.Removed != providers.NotRemoved {
			delete(seen, ref)
			return nil
		}
		if !seen[ref] && len(some) < samples {
			some = append(some, ch.Ref)
		}
		seen[ref] = true
		if told++; told%1000 == 0 {
			e.progress(Event{Phase: "read", Folder: f.address, Done: len(seen)})
		}
		return nil
	})
	if err != nil {
		c.Readable, c.Problem = ReadFailed, fmt.Sprintf("it cannot be read: %v", err)
		return nil
	}
	c.Items, c.Readable = len(seen), ReadComplete
	if !read.Complete {
		c.Readable, c.Problem = ReadPartial, fmt.Sprintf("it can be read only in part: %s", read.Reason)
	}
	c.sample(ctx, e, f, some)
	return seen
}

// sample reads a few items. One that went meanwhile, or is of another kind than the folder, says nothing about the folder; nor does one that cannot be
// understood make it unusable.
func (c *FolderCheck) sample(ctx context.Context, e *Engine, f *folder, refs []string) {
	err := e.fetch(ctx, f, refs, func(got providers.Fetched) {
		switch class := providers.ClassOf(got.Err); class {
		case providers.Missing:
			return
		case providers.Done:
		case providers.Refused:
			c.Unreadable = append(c.Unreadable, plan.Diagnostic{
				Severity: "warning", Address: f.address, Ref: got.Ref, Summary: "An item cannot be understood", Detail: got.Err.Error(),
			})
		default:
			c.Readable, c.Problem = ReadFailed, fmt.Sprintf("its items cannot be read: %v", got.Err)
		}
		c.Sampled++
	})
	if err != nil {
		c.Readable, c.Problem = ReadFailed, fmt.Sprintf("its items cannot be read: %v", err)
	}
	slices.SortFunc(c.Unreadable, func(a, b plan.Diagnostic) int { return strings.Compare(a.Ref, b.Ref) })
}
