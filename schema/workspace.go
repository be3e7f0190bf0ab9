// Package schema is what administrators write: HCL (and its JSON and YAML forms) becomes a checked, expanded Workspace.
package schema

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/data"
	"github.com/accord-sync/accord/schema/encrypt"
	"github.com/accord-sync/accord/schema/history"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/template"
	"github.com/accord-sync/accord/schema/window"
)

// Workspace is a configuration after everything was evaluated, expanded and checked. Its lists are sorted by address.
type Workspace struct {
	Name        string
	Dir         string
	StatePath   string // absolute
	Guard       RunGuard
	Journal     Journal
	Backup      bool // the default of a relationship's
	Providers   []*Provider
	Folders     []*Folder
	Data        []*Data
	Blocks      []*Block
	Relations   []*Relationship
	Moved       []Moved
	Removed     []Removed
	Unasked     []string // data blocks whose rows nobody was asked for (Options.Rows), by address: what depends on them is missing here
	Given       Given    // what variables were given from outside
	Fingerprint string   // of everything that decides what a plan says; not of ephemeral or sensitive values

	partitions map[string]func(key *string) *Folder // by folder block with a partition
}

// Folder is the folder block at an address; nil: there is none.
func (ws *Workspace) Folder(address string) *Folder {
	i, found := slices.BinarySearchFunc(ws.Folders, address, func(f *Folder, address string) int { return strings.Compare(f.Address, address) })
	if !found {
		return nil
	}
	return ws.Folders[i]
}

// Partition is the folder at an address like folder.app.partition["anna"], whether a relationship names it or not; nil: there is no such block, or nobody is to
// touch it.
func (ws *Workspace) Partition(address string) *Folder {
	block, rest, _ := strings.Cut(address, "."+partitionAttribute+"[")
	key, err := scope.Unquote(strings.TrimSuffix(rest, "]"))
	of := ws.partitions[block]
	if of == nil || err != nil {
		return nil
	}
	if f := of(&key); !f.Unresolved {
		return f
	}
	return nil
}

// Relationship is the relationship at an address; nil: there is none.
func (ws *Workspace) Relationship(address string) *Relationship {
	i, found := slices.BinarySearchFunc(ws.Relations, address, func(r *Relationship, address string) int { return strings.Compare(r.Address, address) })
	if !found {
		return nil
	}
	return ws.Relations[i]
}

// Journal is how long what applies did can be looked at and undone, and who may.
type Journal struct {
	Keep       time.Duration // applies older than that are forgotten
	MaxSize    int64         // bytes of before-images, by which the oldest applies are forgotten
	Recipients encrypt.Recipients
}

// Provider is one expanded provider block.
type Provider struct {
	Address string
	Driver  string
	Config  providers.Config
	Limits  Limits
	Range   hcl.Range

	zone  *time.Location
	shown providers.Attributes // what fingerprints cover
}

// Limits are how fast a provider may be asked. They decide when an apply is done and nothing that it does, so no fingerprint covers them.
type Limits struct {
	RequestsPerMinute int // 0: as fast as it answers
	Connections       int // requests under way to one host at a time; 0: what the engine thinks safe
}

// Folder is one expanded folder block.
type Folder struct {
	Address    string
	Provider   *Provider
	Kind       pim.Kind
	Config     providers.FolderConfig
	Location   string // by the driver's Locate; "" when unresolved
	ReadOnly   bool   // access = "read", or a driver that cannot write
	Create     bool
	Zone       *time.Location // of floating times: the folder's timezone, else its provider's, else UTC
	Labels     map[string]string
	ReadsEach  bool // what makes items of rows reads each: it goes for no other folder of the block
	Unresolved bool // nobody is to touch it: its address is null, or the rows that it is made of give it one that cannot be, or is another's too
	Range      hcl.Range

	shown       providers.Attributes // what fingerprints cover
	name, key   string               // of its block, and in its for_each
	seen        cty.Value            // what expressions see of it
	because     string               // why it is unresolved, where its address is not null
	cannotWrite string               // why it could not be written whatever access says, as what follows on "which"; "": it could
}

// Data is one data block: how many rows it has, and the guard that is held against how many it had at the last apply.
type Data = data.Data

// Block is a relationship or mesh block before expansion: what guards over leavers count by.
type Block struct {
	Address string   // relationship.x, mesh.y
	Keys    []string // for_each keys (or member names) that are there now; nil without for_each

	OnLeaver OnLeaver // of a mesh; "" when it does not say
}

// Relationship is one expanded relationship: one source, one destination.
type Relationship struct {
	Address     string // relationship.x, relationship.x["alice"], mesh.y["a/b"]
	Block       string
	Key         string // for_each key or "a/b"; "" without
	Source      *Folder
	Destination *Folder
	Enabled     bool
	Backup      bool // what its folders hold is backed up before anything is written there for it for the first time
	Profile     string
	Policies    Policies
	Filter      *template.Filter   // nil: everything
	Template    *template.Template // nil: as it is
	Guard       Guard
	Window      *window.Window // nil: any time
	Settle      time.Duration  // how long a change of an item waits; 0: not at all
	Every       time.Duration  // schedule.every, for serve; 0: none
	Labels      map[string]string
	Fingerprint string // of template, filter and window, and of every value that they refer to
	Range       hcl.Range

	each        cty.Value // {key, value} of for_each, when filter or template read it
	at          hcl.Range // where its destination is written
	filtered    string    // the filter's part of the fingerprint
	misfiltered bool      // it has a filter with a mistake in it: which items it copies is not known
}

// String is the relationship's address.
func (r *Relationship) String() string { return r.Address }

// Floating is the zone that floating times of originals are read in.
func (r *Relationship) Floating() *time.Location { return r.Source.Zone }

// Extras are the names in extra of a source that is made of rows.
func (r *Relationship) Extras() []string { return r.Source.Config.Attributes.Mapping("extra").Names }

// See is what the relationship's filter and template see as source, destination, relationship or each.
func (r *Relationship) See(root string) cty.Value {
	switch root {
	case "source":
		return r.Source.seen
	case "destination":
		return r.Destination.seen
	case "relationship":
		return cty.ObjectVal(map[string]cty.Value{
			"address": cty.StringVal(r.Address), "name": cty.StringVal(r.blockName()), "key": cty.StringVal(r.Key),
			"profile": cty.StringVal(r.Profile), "labels": scope.FromGo(r.Labels, cty.Map(cty.String)),
		})
	}
	return r.each
}

// blockName is the name of the block that made r, without its type.
func (r *Relationship) blockName() string {
	_, name, _ := strings.Cut(r.Block, ".")
	return name
}

// Policies is a full set of policies. Profiles are names for such sets; whatever is written beside a profile overrides one of them.
type Policies struct {
	SourceEdit        SourceEdit
	SourceDelete      SourceDelete
	DestinationEdit   DestinationEdit
	DestinationDelete DestinationDelete
	Conflict          Conflict
	Existing          Existing
	OnUnmatched       OnUnmatched
	OnRemove          OnRemove
	AdoptOnDelete     AdoptOnDelete
	Coalesce          bool
}

// SourceEdit is on_source.edit.
type SourceEdit string

// SourceDelete is on_source.delete.
type SourceDelete string

// DestinationEdit is on_destination.edit.
type DestinationEdit string

// DestinationDelete is on_destination.delete.
type DestinationDelete string

// Conflict is what happens when both a person's original and a person's replica changed.
type Conflict string

// Existing is what happens to an original that has no pair yet.
type Existing string

// OnUnmatched is what happens to a replica whose original left the filter.
type OnUnmatched string

// OnRemove is what happens to the replicas of a relationship that leaves the configuration.
type OnRemove string

// OnLeaver is what happens in the other folders of a mesh to the items of a member that leaves. Without it OnRemove decides.
type OnLeaver string

// AdoptOnDelete is what happens to an adopted replica whose original is deleted.
type AdoptOnDelete string

const (
	SourceEditPropagate SourceEdit = "propagate"
	SourceEditIgnore    SourceEdit = "ignore"

	SourceDeletePropagate SourceDelete = "propagate"
	SourceDeleteKeep      SourceDelete = "keep"
	SourceDeleteMark      SourceDelete = "mark"

	DestinationEditDiscard   DestinationEdit = "discard"
	DestinationEditPreserve  DestinationEdit = "preserve"
	DestinationEditPropagate DestinationEdit = "propagate"
	DestinationEditKeep      DestinationEdit = "keep"

	DestinationDeleteRecopy    DestinationDelete = "recopy"
	DestinationDeletePrune     DestinationDelete = "prune"
	DestinationDeletePropagate DestinationDelete = "propagate"
	DestinationDeleteMark      DestinationDelete = "mark"

	ConflictMerge       Conflict = "merge"
	ConflictSource      Conflict = "source"
	ConflictDestination Conflict = "destination"
	ConflictNewest      Conflict = "newest"
	ConflictPreserve    Conflict = "preserve"
	ConflictManual      Conflict = "manual"

	ExistingAdopt  Existing = "adopt"
	ExistingCopy   Existing = "copy"
	ExistingIgnore Existing = "ignore"

	UnmatchedDelete OnUnmatched = "delete"
	UnmatchedFreeze OnUnmatched = "freeze"

	RemoveDelete  OnRemove = "delete"
	RemoveRetire  OnRemove = "retire"
	RemoveRelease OnRemove = "release"

	LeaverRehome  OnLeaver = "rehome"
	LeaverDelete  OnLeaver = "delete"
	LeaverRelease OnLeaver = "release"

	AdoptRelease AdoptOnDelete = "release"
	AdoptDelete  AdoptOnDelete = "delete"
)

// Limit is a guard's limit: a percentage of something, or a count.
type Limit = amount.Limit

// Guard limits what one relationship may do in one run.
type Guard struct {
	MaxAdds, MaxEdits, MaxDeletes Limit
}

// RunGuard limits a whole run.
type RunGuard struct {
	MaxDeletes Limit // of all replicas
	MaxLeavers Limit // of a block's keys
}

// Moved says that what was at From is at To.
type Moved = history.Moved

// Removed says that From left on purpose, and what happens to its replicas.
type Removed struct {
	From     string
	OnRemove OnRemove // "": as recorded
	Range    hcl.Range
}
