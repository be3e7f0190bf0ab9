package providertest

import (
	"context"
	"slices"

	"github.com/accord-sync/accord/providers"
)

func emptyFolder(x *session) {
	if err := x.provider.Check(x.ctx); err != nil {
		x.Errorf("check: %v", err)
	}
	x.count(0)
	if again := x.open(x.config); again.Identity() != x.folder.Identity() {
		x.Errorf("the identity is %q, then %q", x.folder.Identity(), again.Identity())
	}
}

func soundCapabilities(x *session) {
	if x.can.Batch < 1 || x.can.Parallel < 1 {
		x.Errorf("batch is %d and parallel is %d; both are at least 1", x.can.Batch, x.can.Parallel)
	}
	known := []providers.Idempotency{providers.ByUID, providers.ByToken, providers.ByMarkerSearch, providers.NotIdempotent}
	if !slices.Contains(known, x.can.Creates) {
		x.Errorf("creates is %q, want one of %q", x.can.Creates, known)
	}
	if x.can.Creates == providers.ByUID && !x.can.UIDs {
		x.Error("creates are idempotent by UID, and UIDs are not kept")
	}
	if x.can.Creates == providers.ByMarkerSearch && !x.can.Markers {
		x.Error("creates are found by their markers, and markers are not kept")
	}
}

func discovered(x *session) {
	ref, _ := x.put(x.sample("discovered@example.com", "Discovered", ""))
	found, err := x.provider.Discover(x.ctx)
	if providers.ClassOf(err) == providers.Refused {
		return
	}
	if err != nil {
		x.Fatalf("discover: %v", err)
	}
	for _, d := range found {
		if d.Kind != x.suite.Kind || !x.isOwn(d, ref) {
			continue
		}
		if d.Items != 1 && d.Items != -1 {
			x.Errorf("discover says that %q has %d items, want 1", d.Name, d.Items)
		}
		return
	}
	x.Errorf("the folder is not among %v", found)
}

// isOwn reports whether a folder that was found is the session's, which holds ref.
func (x *session) isOwn(d providers.Discovered, ref string) bool {
	cfg := x.config
	cfg.Attributes, cfg.Kind = d.Attributes, d.Kind
	f, err := x.provider.Folder(x.ctx, cfg)
	if err != nil || f.Identity() != x.folder.Identity() {
		return false
	}
	if f.Identity() != "" {
		return true
	}
	there := false
	_, err = f.Changes(x.ctx, "", func(c providers.Change) error {
		there = there || c.Ref == ref
		return nil
	})
	return err == nil && there
}

func missingFolder(x *session) {
	if x.suite.Absent == nil {
		x.Skip("the suite was not told how to name a folder that is not there")
	}
	cfg := x.suite.Absent(x.config)
	if _, err := x.provider.Folder(x.ctx, cfg); providers.ClassOf(err) != providers.Missing {
		x.Fatalf("open a folder that is not there: %v, want class missing", err)
	}
	for range 2 {
		if err := x.provider.CreateFolder(x.ctx, cfg); err != nil {
			x.Fatalf("create the folder: %v", err)
		}
	}
	changes, _ := x.changes(x.open(cfg), "")
	if len(changes) != 0 {
		x.Errorf("a folder just made holds %v", changes)
	}
}

func readOnly(x *session) {
	it := x.sample("kept@example.com", "Kept", "")
	ref, version := x.put(it)
	cfg := x.config
	cfg.ReadOnly = true
	writes := []providers.Write{
		{Kind: providers.Create, Item: x.sample("new@example.com", "New", "")},
		{Kind: providers.Update, Ref: ref, Version: version, Item: x.sample("kept@example.com", "Changed", "")},
		{Kind: providers.Delete, Ref: ref, Version: version},
	}
	for i, out := range x.open(cfg).Write(x.ctx, writes) {
		if out.Class != providers.Refused || out.Err == nil {
			x.Errorf("%s in a read-only folder: %s: %v, want refused", writes[i].Kind, out.Class, out.Err)
		}
	}
	x.count(1)
	x.holds(ref, it)
}

func writeCancelled(x *session) {
	it := x.sample("kept@example.com", "Kept", "")
	ref, version := x.put(it)
	ctx, cancel := context.WithCancel(x.ctx)
	cancel()
	writes := []providers.Write{
		{Kind: providers.Create, Item: x.sample("new@example.com", "New", "")},
		{Kind: providers.Delete, Ref: ref, Version: version},
	}
	outcomes := x.folder.Write(ctx, writes)
	if len(outcomes) != len(writes) {
		x.Fatalf("%d outcomes for %d writes", len(outcomes), len(writes))
	}
	for i, out := range outcomes {
		if out.Class != providers.Transient && out.Class != providers.Unknown {
			x.Errorf("%s after the context ended: %s, want transient or unknown", writes[i].Kind, out.Class)
		}
	}
	if outcomes[0].Class == providers.Transient && outcomes[1].Class == providers.Transient {
		x.count(1)
		x.holds(ref, it)
	}
}

func readCancelled(x *session) {
	for _, it := range x.samples(3) {
		x.put(it)
	}
	ctx, cancel := context.WithCancel(x.ctx)
	cancel()
	if _, err := x.folder.Changes(ctx, "", func(providers.Change) error { return nil }); err == nil {
		x.Error("changes after the context ended: no error")
	}
	versions, _ := x.list()
	for ref := range versions {
		if err := x.folder.Fetch(ctx, []string{ref}, func(providers.Fetched) error { return nil }); err == nil {
			x.Error("fetch after the context ended: no error")
		}
	}
}
