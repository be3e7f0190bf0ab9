package reconcile

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/diagnose"
)

// planning is one run of Plan.
type planning struct {
	*world
	req      Request
	asked    string                          // folder that is read whatever uses it
	specs    map[string]*schema.Relationship // configured relationships by address
	recorded []state.Relationship            // with new addresses, and what `removed` blocks say
	crossing crossing
	renames  []plan.Rename
	holds    map[string]hold
	census   census
	count    map[string]*tallied
	paired   map[string]keySet           // items that pairs have to do with, by folder
	restless []spot                      // originals whose pairs are looked at again, whatever changed
	apart    map[string]int              // derived UIDs that are originals by now: how many pairs they have
	data     []state.Data                // data blocks as they shall be recorded
	beyond   map[string][]plan.Operation // by relationship that a reviewed plan holds: what it did not say
	resync   map[string]bool             // relationships whose replicas are made again
	rehomes  map[string]bool             // relationships of members that left whose items get new originals
	remaking map[string]int              // by relationship: pairs whose replicas were to be made again by an apply that did not get there
	faults   map[string]*plan.Fault      // by relationship that is on alert
	behind   map[string]*plan.Change     // by relationship that a guard holds

	recordedFrom      map[string][]string // by source folder: relationships of which pairs may be recorded
	sharedIn, sharers map[string][]string // by source: where its replicas are shared; by destination: whose they are; as configured or as recorded
}

// tallied counts the pairs of one relationship that nothing was decided for.
type tallied struct{ unchanged, pruned, out, settling int }

// Plan reads what changed and works out what should become of it. It writes nothing but temporary files. The plan must be closed.
func (e *Engine) Plan(ctx context.Context, st state.Reader, req Request) (_ *plan.Plan, err error) {
	if req.Within != nil {
		if task := req.Within.Document.Task; task != "" {
			return nil, fmt.Errorf("the plan is one to %s, item by item, and no other is made within it: apply it as it is, or make it again", task)
		}
		if err := cmp.Or(unused(st, e.ws.Name, req.Within), e.ofThisConfiguration(req.Within)); err != nil {
			return nil, err
		}
		asked := req.Within.Work.Asked
		req.Only, req.Except, req.Destroy, req.Resync, req.Allow = asked.Only, asked.Except, asked.Destroy, asked.Resync, req.Within.Document.Allowed
	}
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	p, err := e.begin(st, req, room)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(p.known(), p.findResynced()); err != nil {
		return nil, err
	}
	if err := p.observe(ctx); err != nil {
		return nil, err
	}
	id, err := planID()
	if err != nil {
		return nil, err
	}
	if req.Within != nil { // it is applied by way of the new one, and once
		id = req.Within.Document.PlanID
	}
	made, err := p.decide(ctx, id)
	if err != nil {
		return nil, err
	}
	made.Saved = req.Within != nil
	return made, nil
}

// begin recalls what is recorded, and asks no folder.
func (e *Engine) begin(st state.Reader, req Request, room *scratch.Store) (*planning, error) {
	if e.planned {
		if err := e.stores.renew(); err != nil {
			return nil, err
		}
	}
	e.planned = true
	e.notes, e.noted = nil, map[plan.Diagnostic]bool{}
	if err := e.complete(); err != nil {
		return nil, err
	}
	if name := st.Header().Workspace; name != "" && name != e.ws.Name {
		return nil, fmt.Errorf("the state belongs to workspace %q, and this is %q: check accord.workspace and the state's path", name, e.ws.Name)
	}
	p := &planning{req: req, specs: map[string]*schema.Relationship{}, holds: map[string]hold{}, count: map[string]*tallied{}, resync: map[string]bool{}, remaking: map[string]int{}, rehomes: map[string]bool{}, paired: map[string]keySet{},
		apart: map[string]int{}, beyond: map[string][]plan.Operation{}, faults: map[string]*plan.Fault{}, behind: map[string]*plan.Change{}, recordedFrom: map[string][]string{}, sharedIn: map[string][]string{}, sharers: map[string][]string{},
		world: &world{e: e, st: st, now: e.opts.Now().UTC(), room: room, folders: map[string]*folder{}, bySource: map[string][]*decide.Relationship{}, byTarget: map[string][]*decide.Relationship{}, ends: map[string][2]string{}, names: map[string][]string{}, index: map[string]*index{}, shared: newShared(),
			derived: map[string]*scratch.Table[derivation]{}, unanswered: map[string][]state.Entry{}, updates: map[updated][]update{}, creates: map[state.PairKey][]state.Entry{}}}
	if err := p.recall(); err != nil {
		return nil, err
	}
	return p, p.recallNames()
}

// observe reads what changed, and holds what cannot be decided.
func (p *planning) observe(ctx context.Context) error {
	if err := p.look(ctx); err != nil {
		return err
	}
	if err := p.survey(); err != nil {
		return err
	}
	if err := p.recallUnanswered(); err != nil {
		return err
	}
	p.alerts()
	p.hintMoved()
	if err := p.leavers(); err != nil {
		return err
	}
	p.holdRehoming(nil)
	return nil
}

// complete refuses a configuration that was read without asking for the rows that it is made of.
func (e *Engine) complete() error {
	if len(e.ws.Unasked) == 0 {
		return nil
	}
	return fmt.Errorf("nobody was asked for the rows of %s, and people who are not in the configuration would look like people who left", strings.Join(e.ws.Unasked, ", "))
}

// planID is a new random identifier.
func planID() (string, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("plan: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// look reads every folder that a relationship of this run needs.
func (p *planning) look(ctx context.Context) error {
	p.holdConfigured()
	if err := p.guardData(); err != nil {
		return err
	}
	needed := p.needed()
	var folders []*folder
	for _, address := range sortedKeys(p.folders) {
		if f := p.folders[address]; needed[address] && (f.spec == nil || !f.spec.Unresolved) {
			folders = append(folders, f)
		}
	}
	return p.e.refresh(ctx, p.st, folders, p.now, p.req, p.room)
}

// needed are the folders that are asked about, or that a relationship uses which is not held.
func (p *planning) needed() map[string]bool {
	needed := map[string]bool{p.asked: true}
	for rel, e := range p.ends {
		if _, held := p.holds[rel]; !held {
			needed[e[0]], needed[e[1]] = true, true
		}
	}
	for _, r := range p.rels {
		if _, held := p.holds[r.Address]; !held {
			needed[r.Source], needed[r.Destination] = true, true
		}
	}
	return needed
}

// known refuses globs that match nothing, and overrides for what is not there: a typing error would otherwise look like a plan with nothing to do.
func (p *planning) known() error {
	relationships, folders := sortedKeys(p.ends), sortedKeys(p.folders)
	for _, glob := range slices.Concat(p.req.Only, p.req.Except) {
		hit := false
		for address, e := range p.ends {
			hit = hit || globMatches(glob, address) || globMatches(glob, e[0]) || globMatches(glob, e[1])
		}
		if !hit {
			return fmt.Errorf("%s is the address of no relationship or folder that is in use. %s", glob,
				diagnose.DidYouMean(glob, slices.Concat(relationships, folders), "accord state list and accord status show them."))
		}
	}
	blocks := map[string]bool{}
	for address := range p.ends {
		block, _ := plan.BlockOf(address)
		blocks[block] = true
	}
	for _, a := range p.req.Allow {
		if _, there := p.ends[a.Address]; !there && !blocks[a.Address] && a.Address != "" {
			return fmt.Errorf("%q, for which %s are allowed, is the address of no relationship that is in use. %s", a.Address, a.Kind,
				diagnose.DidYouMean(a.Address, relationships, "accord status shows them."))
		}
	}
	return nil
}

// decide works out what becomes of everything that may have changed, part by part, and freezes what the guards block, until nothing more is blocked.
func (p *planning) decide(ctx context.Context, id string) (*plan.Plan, error) {
	quiet := p.quiet()
	if !quiet {
		if err := p.learn(ctx, p.stirred()); err != nil {
			return nil, err
		}
	}
	for {
		c := p.compose(id)
		held, err := p.attempt(ctx, c, quiet)
		if err == nil && len(held) == 0 {
			return c.finish()
		}
		if err = errors.Join(err, c.out.Close()); err != nil {
			return nil, err
		}
		maps.Copy(p.holds, held)
	}
}

// attempt decides, and says which relationships more are held, and why.
func (p *planning) attempt(ctx context.Context, c *composing, quiet bool) (map[string]hold, error) {
	if quiet {
		for _, r := range p.recorded {
			c.keep[r.Address] = true
		}
		return nil, c.createFolders()
	}
	for _, x := range p.index {
		x.forgetVisits()
	}
	done := deeds{}
	err := p.parts(ctx, func(pt *part) error {
		d := decide.Decide(pt.input())
		done.add(d.Writes, p.census)
		return c.part(pt, d)
	})
	if err == nil {
		err = c.createFolders()
	}
	if err != nil {
		return nil, err
	}
	if held := p.unwritable(done); len(held) > 0 {
		return held, nil
	}
	blocked, over := p.e.guard(done, p.census, p.req.Allow)
	maps.Copy(p.behind, c.common.behind(over, c.doc.Relationships))
	p.holdSuccessors(blocked)
	p.holdRehoming(blocked)
	maps.DeleteFunc(blocked, func(address, _ string) bool {
		_, held := p.holds[address]
		return held
	})
	if len(blocked) == 0 && p.req.Within != nil {
		blocked, err = c.outside(p.req.Within)
	}
	held := map[string]hold{}
	for address, why := range blocked {
		held[address] = hold{plan.Blocked, why}
	}
	return held, err
}

// sortedKeys are the keys of a map, sorted.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
