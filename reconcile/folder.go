package reconcile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// folder is one folder of a run: of the configuration, or one that only the state knows, reached to take replicas out of it.
type folder struct {
	address string
	config  providers.FolderConfig
	spec    *schema.Folder // nil when only the state knows the folder

	provider *opened
	store    providers.Folder // nil when it could not be opened, or does not exist yet
	caps     providers.Capabilities

	record   state.Folder // as recorded; zero when it is new
	recorded bool
	missing  bool  // it does not exist, and is to be created
	trouble  error // why it cannot be used; its relationships are on alert
	partial  string
	view     *view
	begins   string // cursor from which everything is news, of a folder that this apply made
}

// floating is the zone that floating times and dates of the folder are read in; nil: UTC.
func (f *folder) floating() *time.Location {
	if f.spec == nil {
		return nil
	}
	return f.spec.Zone
}

// configure makes a folder the one of a block; nil: only the state knows it.
func (f *folder) configure(spec *schema.Folder) {
	if spec != nil {
		f.spec, f.config = spec, spec.Config
	}
}

// spec is the block of a folder, or a partition of one that no relationship names any more; nil: the configuration does not have it.
func (e *Engine) spec(address string) *schema.Folder {
	if spec := e.ws.Folder(address); spec != nil {
		return spec
	}
	return e.ws.Partition(address)
}

// kind is what the folder holds.
func (f *folder) kind() pim.Kind {
	if f.spec != nil {
		return f.spec.Kind
	}
	return f.record.Kind
}

// block is what the state keeps of a folder block, so that it can be reached when it has left the configuration.
type block struct {
	Provider   string               `json:"provider"`
	Attributes providers.Attributes `json:"attributes"`
}

// attributes are those of the block in the types that they had: JSON knows lists of anything.
func (b block) attributes(schema []providers.Attribute) providers.Attributes {
	all := maps.Clone(b.Attributes)
	for _, a := range schema {
		switch v := all[a.Name].(type) {
		case []any:
			list := make([]string, len(v))
			for i := range v {
				list[i], _ = v[i].(string)
			}
			all[a.Name] = list
		case map[string]any:
			if a.Type == providers.Map {
				texts := make(map[string]string, len(v))
				for name := range v {
					texts[name], _ = v[name].(string)
				}
				all[a.Name] = texts
			}
		}
	}
	return all
}

// recordBlock is the block of a folder as the state keeps it: without what is sensitive, and without expressions over rows.
func (e *Engine) recordBlock(f *folder) ([]byte, error) {
	if f.spec == nil {
		return f.record.Block, nil
	}
	attributes := providers.Attributes{}
	for _, a := range e.drivers[f.spec.Provider.Driver].Schema().Folder {
		if v, ok := f.config.Attributes[a.Name]; ok && !a.Sensitive && !a.OfRows() {
			attributes[a.Name] = v
		}
	}
	return json.Marshal(block{Provider: f.spec.Provider.Address, Attributes: attributes})
}

// Discover lists the folders of a provider, whether they are configured or not.
func (e *Engine) Discover(ctx context.Context, p *schema.Provider) ([]providers.Discovered, error) {
	open, err := e.stores.provider(ctx, p)
	if err != nil {
		return nil, err
	}
	found, err := open.Discover(ctx)
	if err != nil {
		return nil, naming(p.Address, err)
	}
	return found, nil
}

// naming puts the address of a block before what its driver says of it, unless the driver did.
func naming(address string, err error) error {
	if strings.HasPrefix(err.Error(), address+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", address, err)
}

// openFolder connects a folder with its store, which may know by the cursor what there is to know of it. What goes wrong is the folder's trouble: the run goes
// on without it.
func (e *Engine) openFolder(ctx context.Context, f *folder, cursor string) {
	spec := e.providerOf(f)
	switch {
	case spec == nil:
		f.trouble = errors.New("it is not in the configuration any more, and neither is its provider: put the provider back until its replicas are removed")
		return
	case f.spec == nil && !e.readRowsOf(f, spec):
		f.trouble = errors.New("it is not in the configuration any more, and neither is what makes items of its rows: put its block, or its key in for_each, back until its replicas are removed")
		return
	}
	f.provider, f.trouble = e.stores.provider(ctx, spec)
	if f.trouble != nil {
		return
	}
	f.config.Cursor = cursor
	store, err := f.provider.Folder(ctx, f.config)
	switch {
	case err == nil:
		f.store, f.caps = store, store.Capabilities()
	case providers.ClassOf(err) == providers.Missing:
		f.isMissing(err)
	default:
		f.trouble = err
	}
	if f.store != nil && f.recorded && f.record.Identity != "" && f.record.Identity != f.store.Identity() {
		f.trouble = fmt.Errorf("the folder was replaced by another one since the last apply: nothing is done until accord state rebind %s says that it is the same", f.address)
	}
}

// readRowsOf gives a folder that only the state knows what makes items of its rows, which the state does not keep: what does so in the folders of its block that are still
// there. It reports whether there is such a folder, if one is needed.
func (e *Engine) readRowsOf(f *folder, provider *schema.Provider) bool {
	attributes := slices.DeleteFunc(slices.Clone(e.drivers[provider.Driver].Schema().Folder), func(a providers.Attribute) bool { return !a.OfRows() })
	if len(attributes) == 0 {
		return true
	}
	block, _, _ := strings.Cut(f.address, "[")
	i := slices.IndexFunc(e.ws.Folders, func(s *schema.Folder) bool {
		return s.Block() == block && s.Provider == provider && s.Config.Partition == nil && !s.ReadsEach
	})
	if i < 0 {
		return false
	}
	like := e.ws.Folders[i].Config
	for _, a := range attributes {
		if v, ok := like.Attributes[a.Name]; ok {
			f.config.Attributes[a.Name] = v
		}
	}
	f.config.Zone, f.config.ReadOnly = like.Zone, like.ReadOnly
	return true
}

// isMissing takes in that the folder is not there.
func (f *folder) isMissing(err error) {
	f.store = nil
	switch {
	case f.recorded:
		f.trouble = fmt.Errorf("the folder is gone, though the last apply saw it: put it back where it was, or correct its path (%w)", err)
	case f.spec != nil && f.spec.Create:
		// What it will be able to do shows when it is there. A driver leaves out by itself what its store cannot keep.
		f.missing, f.caps = true, providers.Capabilities{Batch: 1, Parallel: 1, Markers: true, UIDs: true}
	default:
		f.trouble = fmt.Errorf("the folder is not there: write create = true in its block to have it made, or correct its path (%w)", err)
	}
}

// providerOf is the provider block that a folder is reached by; nil when it is not configured any more.
func (e *Engine) providerOf(f *folder) *schema.Provider {
	if f.spec != nil {
		return f.spec.Provider
	}
	var b block
	if err := json.Unmarshal(f.record.Block, &b); err != nil {
		return nil
	}
	for _, p := range e.ws.Providers {
		if p.Address == b.Provider {
			f.config = providers.FolderConfig{Address: f.address, Kind: f.record.Kind, Attributes: b.attributes(e.drivers[p.Driver].Schema().Folder)}
			return p
		}
	}
	return nil
}
