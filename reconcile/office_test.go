package reconcile_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// tester is what a test and a rapid check have in common.
type tester interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Logf(format string, args ...any)
}

// office is a workspace under test: folders in memory, a state, and a clock that a test moves on.
type office struct {
	t          tester
	ws         *schema.Workspace
	stores     map[string]*memory.Store // each holds the folder of its name
	state      state.Store
	now        time.Time
	tick       time.Duration                           // how long it takes from a plan to its apply
	strike     faults.Plan                             // nil: nothing fails
	decorate   func(providers.Driver) providers.Driver // nil: folders are as they are in memory
	restricted map[string]bool                         // folders that the account may not write to
	parallel   int                                     // folders at a time; 0: as many as the engine likes
	roomy      bool                                    // its engines have all the memory that they like
	engines    int                                     // made until now
	backup     func() (*backup.Writer, error)          // nil: its applies back up nothing
	slept      []time.Duration
	mu         sync.Mutex // of slept
}

func newOffice(t tester) *office {
	return &office{
		t: t, ws: &schema.Workspace{Name: "office", Fingerprint: "as written"},
		stores: map[string]*memory.Store{}, state: state.Memory(), now: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), tick: time.Minute,
	}
}

// folder adds an empty calendar in a store of its own.
func (o *office) folder(name string, mode memory.Mode) *memory.Folder {
	return o.folderOf(name, mode, pim.Calendar)
}

func (o *office) folderOf(name string, mode memory.Mode, kind pim.Kind) *memory.Folder {
	o.stores[name] = memory.New(mode, func() time.Time { return o.now })
	o.declare(name, kind)
	return o.stores[name].AddFolder(name, kind)
}

// declare adds a folder block, for a folder that its store may lack.
func (o *office) declare(name string, kind pim.Kind) *schema.Folder {
	provider := &schema.Provider{Address: "provider.memory." + name, Driver: "memory",
		Config: providers.Config{Address: "provider.memory." + name, Attributes: providers.Attributes{"store": name}}}
	f := &schema.Folder{Address: "folder." + name, Provider: provider, Kind: kind, Location: "memory:" + name + "/" + name, Zone: time.UTC,
		Config: providers.FolderConfig{Address: "folder." + name, Kind: kind, Attributes: providers.Attributes{"name": name}}}
	o.ws.Providers = append(o.ws.Providers, provider)
	o.ws.Folders = append(o.ws.Folders, f)
	slices.SortFunc(o.ws.Folders, func(a, b *schema.Folder) int { return strings.Compare(a.Address, b.Address) })
	return f
}

// oneWay and twoWay are the policies that the profiles of these names stand for.
func oneWay() schema.Policies {
	return schema.Policies{
		SourceEdit: schema.SourceEditPropagate, SourceDelete: schema.SourceDeletePropagate,
		DestinationEdit: schema.DestinationEditDiscard, DestinationDelete: schema.DestinationDeleteRecopy,
		Conflict: schema.ConflictMerge, Existing: schema.ExistingAdopt, OnUnmatched: schema.UnmatchedDelete, OnRemove: schema.RemoveDelete,
		AdoptOnDelete: schema.AdoptRelease,
	}
}

func twoWay() schema.Policies {
	p := oneWay()
	p.DestinationEdit, p.DestinationDelete, p.AdoptOnDelete = schema.DestinationEditPropagate, schema.DestinationDeletePropagate, schema.AdoptDelete
	return p
}

// relate adds relationship.NAME from one folder to another.
func (o *office) relate(name, source, destination string, policies schema.Policies) *schema.Relationship {
	r := &schema.Relationship{Address: "relationship." + name, Block: "relationship." + name, Source: o.spec(source), Destination: o.spec(destination),
		Enabled: true, Policies: policies, Fingerprint: "as written"}
	o.add(r)
	return r
}

func (o *office) add(r *schema.Relationship) {
	o.ws.Relations = append(o.ws.Relations, r)
	slices.SortFunc(o.ws.Relations, func(a, b *schema.Relationship) int { return strings.Compare(a.Address, b.Address) })
}

// mesh adds the relationships of a mesh.
func (o *office) mesh(name string, policies schema.Policies, members ...string) {
	for _, a := range members {
		for _, b := range members {
			if a != b {
				o.add(&schema.Relationship{Address: fmt.Sprintf("mesh.%s[%q]", name, a+"/"+b), Block: "mesh." + name, Key: a + "/" + b,
					Source: o.spec(a), Destination: o.spec(b), Enabled: true, Policies: policies, Fingerprint: "as written"})
			}
		}
	}
}

// unrelate takes a relationship out of the configuration.
func (o *office) unrelate(address string) {
	o.ws.Relations = slices.DeleteFunc(o.ws.Relations, func(r *schema.Relationship) bool { return r.Address == address })
}

func (o *office) spec(folder string) *schema.Folder {
	i := slices.IndexFunc(o.ws.Folders, func(f *schema.Folder) bool { return f.Address == "folder."+folder })
	if i < 0 {
		o.t.Fatalf("there is no folder %q", folder)
	}
	return o.ws.Folders[i]
}

// at is a folder as people see it.
func (o *office) at(folder string) *memory.Folder { return o.stores[folder].Find(folder) }

func (o *office) engine() *reconcile.Engine {
	var driver providers.Driver = memory.Driver{Stores: o.stores}
	if o.decorate != nil {
		driver = o.decorate(driver)
	}
	if o.strike != nil {
		driver = faults.Driver(driver, o.strike)
	}
	e := reconcile.New(o.ws, map[string]providers.Driver{"memory": driver}, reconcile.Options{
		Now: func() time.Time { return o.now }, Titles: reconcile.TitlesFull, By: "test", Parallel: o.parallel, Backup: o.backup,
		Sleep: func(ctx context.Context, d time.Duration) error {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.slept = append(o.slept, d)
			return ctx.Err()
		},
	})
	// What a plan says does not depend on how little memory it may use.
	o.engines++
	room := 1 << 20
	if o.engines%40 == 0 {
		room = 0
	}
	if o.roomy {
		return e
	}
	e.Cramp([]int{2000, 1}[o.engines/2%2], []int{1000, 1, 3}[o.engines%3], []int{1000, 1}[o.engines/3%2], room)
	return e
}

func (o *office) plan(req reconcile.Request) *plan.Plan {
	o.t.Helper()
	p, err := o.engine().Plan(context.Background(), o.state, req)
	if err != nil {
		o.t.Fatalf("plan: %v", err)
	}
	return p
}

// carryOut applies a plan with an engine of its own, as a saved plan is.
func (o *office) carryOut(p *plan.Plan) *reconcile.Result {
	o.t.Helper()
	o.now = o.now.Add(o.tick)
	r, err := o.engine().Apply(context.Background(), o.state, p)
	if err != nil {
		o.t.Fatalf("apply: %v", err)
	}
	return r
}

// apply plans and applies.
func (o *office) apply() *reconcile.Result {
	o.t.Helper()
	return o.carryOut(o.plan(reconcile.Request{}))
}

// settled fails unless there is nothing left to do.
func (o *office) settled() {
	o.t.Helper()
	if p := o.plan(reconcile.Request{}); len(writes(p)) > 0 || p.Document.Summary.Changes() > 0 {
		o.t.Errorf("nothing changed since the apply, and there is something to do:\n%s", describe(p))
	}
}

// describe is a plan in a few lines, for messages.
func describe(p *plan.Plan) string {
	var b strings.Builder
	for _, r := range p.Document.Relationships {
		fmt.Fprintf(&b, "%s (%s → %s) is %s %s\n", r.Address, r.Source, r.Destination, r.Status, r.Reason)
		for op := range r.Operations.All() {
			fmt.Fprintf(&b, "  %s at the %s: %q, %s → %s, %s %v\n", op.Action, op.Side, op.Title, op.OriginalRef, op.ReplicaRef, op.Reason, op.Fields)
		}
	}
	for _, d := range p.Document.Diagnostics {
		fmt.Fprintf(&b, "%s: %s %s %s %s\n", d.Severity, d.Address, d.Ref, d.Summary, d.Detail)
	}
	return b.String()
}

// event is a calendar event with a title.
func event(uid, title string) *pim.Item { return item(pim.Calendar, uid, title) }

// item is an item of a kind with a title, and what else its kind must have.
func item(kind pim.Kind, uid, title string) *pim.Item {
	changes := pim.Fields{titleField(kind): value(kind, titleField(kind), title)}
	if kind == pim.Calendar {
		changes["start"] = value(kind, "start", "2026-03-10T09:00:00Z")
	}
	return pim.New(kind, uid).WithFields(changes)
}

func titleField(kind pim.Kind) string {
	if kind == pim.Contacts {
		return "name"
	}
	return "summary"
}

// value is the value of a field; tests give nothing that is none.
func value(kind pim.Kind, field string, v any) pim.Value {
	out, err := pim.FieldValue(kind, field, v)
	if err != nil {
		panic(err)
	}
	return out
}

// edit changes one field of a folder's item, found by title, as a person would.
func (o *office) edit(folder, title, field string, v any) {
	o.t.Helper()
	f := o.at(folder)
	if err := f.Edit(o.find(folder, title).Ref, pim.Fields{field: value(pim.Calendar, field, v)}); err != nil {
		o.t.Fatalf("%v", err)
	}
}

// erase deletes a folder's item, found by title, as a person would.
func (o *office) erase(folder, title string) {
	o.t.Helper()
	o.at(folder).Delete(o.find(folder, title).Ref)
}

// find is the one item of a folder with a title.
func (o *office) find(folder, title string) memory.Stored {
	o.t.Helper()
	var found []memory.Stored
	for _, it := range o.at(folder).Items() {
		if it.Item != nil && it.Item.Title() == title {
			found = append(found, it)
		}
	}
	if len(found) != 1 {
		o.t.Fatalf("%s holds %d items %q, not one: it holds %q", folder, len(found), title, o.titles(folder))
	}
	return found[0]
}

// titles are the titles of a folder's items, sorted.
func (o *office) titles(folder string) []string {
	list := []string{}
	for _, it := range o.at(folder).Items() {
		if it.Item == nil {
			list = append(list, "?")
		} else {
			list = append(list, it.Item.Title())
		}
	}
	slices.Sort(list)
	return list
}

// holds fails unless a folder holds items with these titles, and no others.
func (o *office) holds(folder string, titles ...string) {
	o.t.Helper()
	slices.Sort(titles)
	if got := o.titles(folder); !slices.Equal(got, titles) {
		o.t.Errorf("%s holds %q, want %q", folder, got, titles)
	}
}

// relationship is a plan's part for one relationship.
func relationship(t tester, p *plan.Plan, address string) plan.Relationship {
	t.Helper()
	i := slices.IndexFunc(p.Document.Relationships, func(r plan.Relationship) bool { return r.Address == address })
	if i < 0 {
		t.Fatalf("the plan says nothing of %s:\n%s", address, describe(p))
	}
	return p.Document.Relationships[i]
}

// writes are all writes of a plan.
func writes(p *plan.Plan) (list []plan.Write) {
	for part := range p.Parts() {
		list = append(list, part.Writes...)
	}
	return list
}
