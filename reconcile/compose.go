package reconcile

import (
	"fmt"
	"maps"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// composing makes a plan out of decisions: the document for its readers, and the work for apply.
type composing struct {
	*planning
	out     *plan.Builder
	doc     plan.Document
	work    plan.Work
	place   map[string]int                 // relationship → its index in the document
	actions map[string]map[plan.Action]int // by relationship: its operations
	held    map[string]bool                // folders of relationships that are held

	pairs map[string]tallied // by relationship: the pairs that nothing is decided for
	alone map[string]int     // by folder: how many more items belong to pairs than did
	keep  map[string]bool    // relationships to be recorded
	news  map[string]bool    // folders of which items are to be recorded

	common     *common                   // what operations of one block have in common
	requests   map[string]*plan.Requests // by provider
	neighbours map[*opened]*folder       // by provider: the first of its folders that is there
	lacking    lacking
	idle       []state.PairKey            // choices that decided nothing yet
	told       people                     // whom a server would tell of writes
	remade     map[string]bool            // relationships with a pair that was recognised by a marker
	wrote      map[string]map[string]bool // relationship → folders that are written for it
}

// compose begins a plan with what does not depend on decisions.
func (p *planning) compose(id string) *composing {
	c := &composing{planning: p, out: plan.NewBuilder(p.e.limits.writes), place: map[string]int{}, actions: map[string]map[plan.Action]int{}, held: map[string]bool{}, pairs: map[string]tallied{}, alone: map[string]int{},
		keep: map[string]bool{}, news: map[string]bool{}, common: newCommon(), requests: map[string]*plan.Requests{}, lacking: lacking{}, idle: slices.SortedFunc(maps.Keys(p.req.Choices), decide.ComparePairs), told: people{}, remade: map[string]bool{}, wrote: map[string]map[string]bool{}}
	c.doc = plan.Document{FormatVersion: plan.FormatVersion, Workspace: p.e.ws.Name, PlanID: id, CreatedAt: p.now,
		Fingerprint: p.e.ws.Fingerprint, Allowed: p.req.Allow, Relationships: []plan.Relationship{}, Diagnostics: []plan.Diagnostic{}}
	c.work = plan.Work{StateApply: p.st.Header().LastApply, Given: p.e.ws.Given, Renames: p.renames, Data: p.data,
		Asked: plan.Asked{Only: p.req.Only, Except: p.req.Except, Destroy: p.req.Destroy, Resync: p.req.Resync}}
	for address, n := range p.count {
		c.pairs[address] = *n
	}
	for _, address := range sortedKeys(p.ends) {
		h, held := p.holds[address]
		if held {
			for _, name := range p.ends[address] {
				c.held[name] = true
			}
		}
		if held && h.status == "" {
			continue // it was not asked for
		}
		e := p.ends[address]
		if r := p.specs[address]; r != nil {
			e = [2]string{r.Source.Address, r.Destination.Address}
		}
		r := plan.Relationship{Address: address, Source: e[0], Destination: e[1], Status: plan.OK, Membership: p.membership(address)}
		if held {
			r.Status, r.Reason, r.NotReviewed, r.Fault, r.Behind = h.status, h.reason, p.beyond[address], p.faults[address], p.behind[address]
		}
		c.place[address] = len(c.doc.Relationships)
		c.doc.Relationships = append(c.doc.Relationships, r)
	}
	return c
}

// relationship is a relationship as the document shows it; nil: it does not.
func (c *composing) relationship(address string) *plan.Relationship {
	if i, shown := c.place[address]; shown {
		return &c.doc.Relationships[i]
	}
	return nil
}

// show is an operation at its place in the document. It is counted.
func (c *composing) show(address string, op plan.Operation) plan.Placed {
	c.doc.Summary.Count(op.Action, 1)
	if c.actions[address] == nil {
		c.actions[address] = map[plan.Action]int{}
	}
	c.actions[address][op.Action]++
	c.common.look(&c.doc.Relationships[c.place[address]], c.place[address], op)
	return plan.Placed{Relationship: c.place[address], Operation: complete(op)}
}

// complete is an operation whose lists are not null in JSON.
func complete(op plan.Operation) plan.Operation {
	if op.Fields == nil {
		op.Fields = []plan.Field{}
	}
	if op.Originals == nil {
		op.Originals = []string{}
	}
	return op
}

// finish makes the plan.
func (c *composing) finish() (*plan.Plan, error) {
	if err := c.allChosen(); err != nil {
		return nil, err
	}
	c.unreadable()
	c.lacking.tell(c)
	c.tellLost()
	if err := c.folderRecords(); err != nil {
		return nil, err
	}
	c.backups()
	c.records()
	if err := c.stillOut(); err != nil {
		return nil, err
	}
	c.summarise()
	c.doc.People, c.doc.Changes = c.people(), c.common.list(c.doc.Relationships)
	c.doc.Requests, c.doc.Summary.Notified = c.allRequests(), len(c.told)
	c.doc.Diagnostics = append(c.doc.Diagnostics, c.e.noticed()...)
	return c.out.Finish(c.doc, c.work)
}

// createFolders plans the folders that are missing and may be made, under the first relationship that uses each.
func (c *composing) createFolders() error {
	var ops []plan.Placed
	first := map[string]*plan.Relationship{} // by missing folder
	for i := range c.doc.Relationships {
		r := &c.doc.Relationships[i]
		if _, held := c.holds[r.Address]; held {
			continue
		}
		for _, address := range []string{r.Source, r.Destination} {
			if first[address] == nil && c.folders[address].missing {
				first[address] = r
			}
		}
	}
	for _, address := range sortedKeys(first) {
		r, side := first[address], plan.Destination
		if r.Source == address {
			side = plan.Source
		}
		ops = append(ops, c.show(r.Address, plan.Operation{Action: plan.CreateFolder, Side: side, Title: address, Reason: string(decide.FolderMissing)}))
		c.work.CreateFolders = append(c.work.CreateFolders, address)
	}
	return c.out.Add(&plan.Part{}, ops)
}

// leftAlone is what becomes of an item that cannot be understood.
const leftAlone = ". It is left alone, and so are its replicas."

// unreadable lists the items that cannot be understood.
func (c *composing) unreadable() {
	for _, address := range sortedKeys(c.folders) {
		f := c.folders[address]
		if f.trouble != nil || f.view == nil {
			continue
		}
		bad := f.view.unreadable
		if x := c.index[address]; x != nil {
			bad = x.unreadable
		}
		for _, ref := range sortedKeys(bad) {
			c.doc.Summary.Unreadable++
			c.doc.Diagnostics = append(c.doc.Diagnostics, plan.Diagnostic{Severity: "warning", Code: plan.ItemUnreadable, Address: address, Ref: ref, Title: c.titleAt(address, ref),
				Summary: "An item cannot be understood", Detail: bad[ref] + leftAlone})
		}
	}
}

// endsNow are the folders that a relationship joins: by the configuration, or as recorded when it left.
func (c *composing) endsNow(address string) [2]string {
	if r := c.specs[address]; r != nil {
		return [2]string{r.Source.Address, r.Destination.Address}
	}
	return c.ends[address]
}

// allChosen refuses choices for what waits for nobody: it may be a typing error, or settled meanwhile.
func (c *composing) allChosen() error {
	if len(c.idle) == 0 {
		return nil
	}
	return fmt.Errorf("no such choice is left for a person in %s for %q: of a conflict it is source, destination or both, of an ambiguous match the ref of a candidate or both; accord conflicts lists what waits",
		c.idle[0].Relationship, c.idle[0].Original)
}

// stillOut counts what nothing was decided for and was left out of a window at the last apply.
func (c *composing) stillOut() error {
	rename := moves(c.e.ws)
	for _, address := range sortedKeys(c.folders) {
		f, x := c.folders[address], c.index[address]
		if f.view == nil || !slices.ContainsFunc(c.bySource[address], func(r *decide.Relationship) bool { return r.Window != nil }) {
			continue
		}
		err := c.st.Items(f.record.Address, func(it state.Item) error {
			if x != nil && x.isVisited(it.Key) {
				return nil
			}
			for _, r := range it.Out {
				n := c.pairs[rename(r)]
				n.out++
				c.pairs[rename(r)] = n
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// summarise counts what is left as it is.
func (c *composing) summarise() {
	s := &c.doc.Summary
	counted := map[string]bool{}
	for i := range c.doc.Relationships {
		r := &c.doc.Relationships[i]
		if r.Status == plan.Blocked {
			s.Blocked++
		}
		r.Unchanged = c.pairs[r.Address].unchanged
		s.Unchanged += r.Unchanged
		s.Pruned += c.pairs[r.Address].pruned
		r.OutOfWindow, r.Settling = c.pairs[r.Address].out, c.pairs[r.Address].settling
		s.OutOfWindow += r.OutOfWindow
		s.Settling += r.Settling
		f := c.folders[r.Destination]
		if f == nil || f.view == nil || f.trouble != nil {
			continue
		}
		r.LeftAlone = max(0, f.view.total-len(c.paired[f.address])-c.alone[f.address])
		if !counted[f.address] {
			counted[f.address] = true
			s.LeftAlone += r.LeftAlone
		}
	}
	for _, f := range c.e.ws.Folders {
		if f.Unresolved {
			s.Unresolved++
		}
	}
}
