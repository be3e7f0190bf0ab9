package providertest_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// victims are providers that break the contract in one way each, and the case that must notice.
var victims = []struct {
	name, noticed string
	make          func(providers.Provider) providers.Provider
}{
	{"overwrites on update", "update another version", faulty(faults.Overwrite, faults.Update)},
	{"overwrites on delete", "delete another version", faulty(faults.Overwrite, faults.Delete)},
	{"stores something else", "unicode content", faulty(faults.Rewrite, faults.Create)},
	{"stops short", "more than a batch", faulty(faults.Partial, faults.Changes)},
	{"forgets to answer", "fetch answers once for every ref", broken(victim{fetch: func(f providers.Fetched, each func(providers.Fetched) error) error {
		if f.Err != nil {
			return nil
		}
		return each(f)
	}})},
	{"answers twice", "fetch answers once for every ref", broken(victim{fetch: func(f providers.Fetched, each func(providers.Fetched) error) error {
		if err := each(f); err != nil {
			return err
		}
		return each(f)
	}})},
	{"swallows errors", "fetch stops", broken(victim{fetch: func(f providers.Fetched, each func(providers.Fetched) error) error {
		_ = each(f)
		return nil
	}})},
	{"has one version for all", "update", broken(victim{change: func(c providers.Change) providers.Change { c.Version = "same"; return c }})},
	{"forgets removals", "changes since a cursor", broken(victim{change: func(c providers.Change) providers.Change {
		c.Removed = providers.NotRemoved
		return c
	}})},
	{"takes any cursor", "foreign cursor", broken(victim{cursor: func(string) string { return "" }})},
	{"turns outcomes around", "outcomes in order", broken(victim{outcomes: func(o []providers.Outcome) { slices.Reverse(o) }})},
	{"lacks outcomes' reasons", "update another version", broken(victim{outcomes: func(o []providers.Outcome) {
		for i := range o {
			o[i].Err = nil
		}
	}})},
	{"folds case", "uids are case-sensitive", broken(victim{write: func(w *providers.Write) {
		if w.Item != nil {
			w.Item = w.Item.WithUID(strings.ToLower(w.Item.UID()))
		}
	}})},
	{"drops markers", "marker", broken(victim{write: func(w *providers.Write) {
		if w.Item != nil {
			w.Item = w.Item.WithMarker(nil)
		}
	}})},
	{"writes though read-only", "read only", broken(victim{writable: true})},
	{"ignores the context", "write after the context ended", broken(victim{deaf: true})},
	{"ignores the context", "read after the context ended", broken(victim{deaf: true})},
}

// TestTheSuiteNotices runs the suite on every victim in a process of its own, where it has to fail.
func TestTheSuiteNotices(t *testing.T) {
	for _, v := range victims {
		t.Run(v.name+"/"+v.noticed, func(t *testing.T) {
			name := strings.ReplaceAll(v.noticed, " ", "_")
			run := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run=^TestVictim$/^"+name+"$")
			run.Env = append(os.Environ(), "ACCORD_VICTIM="+v.name)
			out, err := run.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestVictim/"+name) {
				t.Errorf("the case %q does not notice (%v):\n%s", v.noticed, err, out)
			}
		})
	}
}

func TestVictim(t *testing.T) {
	name := os.Getenv("ACCORD_VICTIM")
	if name == "" {
		t.Skip("run by TestTheSuiteNotices")
	}
	for _, v := range victims {
		if v.name != name {
			continue
		}
		providertest.Suite{
			Kind: pim.Calendar,
			Open: func(*testing.T) (providers.Provider, providers.FolderConfig) {
				store := memory.New(memory.DAV(), func() time.Time { return time.Unix(1_800_000_000, 0) })
				store.AddFolder("work", pim.Calendar)
				cfg := providers.FolderConfig{Address: "folder.work", Kind: pim.Calendar, Attributes: providers.Attributes{"name": "work"}}
				return v.make(store.Provider()), cfg
			},
		}.Run(t)
		return
	}
}

func faulty(effect faults.Effect, o faults.Operation) func(providers.Provider) providers.Provider {
	return func(p providers.Provider) providers.Provider {
		return faults.Provider(p, faults.Always(faults.Fault{Effect: effect}, o), nil)
	}
}

// victim is a folder with one trait that it should not have.
type victim struct {
	fetch    func(providers.Fetched, func(providers.Fetched) error) error
	change   func(providers.Change) providers.Change
	cursor   func(string) string
	outcomes func([]providers.Outcome)
	write    func(*providers.Write)
	writable bool
	deaf     bool
}

type victimProvider struct {
	providers.Provider
	trait victim
}

func broken(trait victim) func(providers.Provider) providers.Provider {
	return func(p providers.Provider) providers.Provider { return victimProvider{p, trait} }
}

func (p victimProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	cfg.ReadOnly = cfg.ReadOnly && !p.trait.writable
	f, err := p.Provider.Folder(ctx, cfg)
	v := p.trait
	return victimFolder{f, v}, err
}

type victimFolder struct {
	providers.Folder
	trait victim
}

func (f victimFolder) context(ctx context.Context) context.Context {
	if f.trait.deaf {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (f victimFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if f.trait.cursor != nil {
		cursor = f.trait.cursor(cursor)
	}
	return f.Folder.Changes(f.context(ctx), cursor, func(c providers.Change) error {
		if f.trait.change != nil {
			c = f.trait.change(c)
		}
		return each(c)
	})
}

func (f victimFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	return f.Folder.Fetch(f.context(ctx), refs, func(got providers.Fetched) error {
		if f.trait.fetch != nil {
			return f.trait.fetch(got, each)
		}
		return each(got)
	})
}

func (f victimFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	if f.trait.write != nil {
		writes = slices.Clone(writes)
		for i := range writes {
			f.trait.write(&writes[i])
		}
	}
	outcomes := f.Folder.Write(f.context(ctx), writes)
	if f.trait.outcomes != nil {
		f.trait.outcomes(outcomes)
	}
	return outcomes
}
