package reconcile

import (
	"cmp"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// composing makes a plan out of a decision.
type composing struct {
	*planning
	decision *decide.Decision
	out      *plan.Plan
	byRel    map[string]*plan.Relationship
	ops      map[string][]plan.Operation // by relationship
	number   map[*decide.Write]int
	waits    map[spot]bool   // items that are looked at again next time
	held     map[string]bool // folders of relationships that are held
}

// compose makes the plan: the document for its readers, and the work for apply.
func (p *planning) compose(id string, d *decide.Decision) (*plan.Plan, error) {
	c := &composing{planning: p, decision: d, byRel: map[string]*plan.Relationship{}, ops: map[string][]plan.Operation{}, number: map[*decide.Write]int{}}
	c.out = &plan.Plan{Document: plan.Document{FormatVersion: plan.FormatVersion, Workspace: p.e.ws.Name, PlanID: id,
		CreatedAt: p.e.opts.Now().UTC(), Fingerprint: p.e.ws.Fingerprint, Allowed: p.req.Allow,
		Relationships: []plan.Relationship{}, Diagnostics: []plan.Diagnostic{}}}
	c.out.Work.StateApply = p.st.Header().LastApply
	c.out.Work.Given = c.e.ws.Given
	c.out.Work.Renames = p.renames
	c.relationships()
	c.createFolders()
	c.waits, c.held = c.waiting()
	for i, w := range d.Writes {
		c.number[w] = i
		c.write(w)
	}
	c.pairChanges()
	c.notices()
	c.unreadable()
	if err := c.folderWork(); err != nil {
		return nil, err
	}
	c.records()
	c.leaveAlone()
	c.summarise()
	c.out.Document.Diagnostics = append(c.out.Document.Diagnostics, p.e.notes...)
	return c.out, nil
}

// relationships lists every relationship of this run with its status.
func (c *composing) relationships() {
	addresses := map[string]bool{}
	for address := range c.ends {
		addresses[address] = true
	}
	for _, address := range sortedKeys(addresses) {
		h, held := c.holds[address]
		if held && h.status == "" {
			continue
		}
		e := c.ends[address]
		if r := c.specs[address]; r != nil {
			e = [2]string{r.Source.Address, r.Destination.Address}
		}
		r := plan.Relationship{Address: address, Source: e[0], Destination: e[1], Status: plan.OK}
		if held {
			r.Status, r.Reason = h.status, h.reason
		}
		if t := c.count[address]; t != nil {
			r.Unchanged = t.unchanged
			c.out.Document.Summary.Pruned += t.pruned
		}
		c.out.Document.Relationships = append(c.out.Document.Relationships, r)
	}
	for i := range c.out.Document.Relationships {
		r := &c.out.Document.Relationships[i]
		c.byRel[r.Address] = r
	}
}

// createFolders plans the folders that are missing and may be made, under the first relationship that uses each.
func (c *composing) createFolders() {
	for _, address := range sortedKeys(c.folders) {
		f := c.folders[address]
		if !f.missing {
			continue
		}
		for i := range c.out.Document.Relationships {
			r := &c.out.Document.Relationships[i]
			if _, held := c.holds[r.Address]; held || r.Source != address && r.Destination != address {
				continue
			}
			side := plan.Destination
			if r.Source == address {
				side = plan.Source
			}
			c.ops[r.Address] = append(c.ops[r.Address], plan.Operation{Action: plan.CreateFolder, Side: side, Title: address, Reason: string(decide.FolderMissing)})
			c.out.Work.CreateFolders = append(c.out.Work.CreateFolders, address)
			break
		}
	}
}

// unreadable lists the items that cannot be understood.
func (c *composing) unreadable() {
	for _, address := range sortedKeys(c.folders) {
		f := c.folders[address]
		if f.trouble != nil || f.view == nil {
			continue
		}
		bad := map[string]string{}
		if x := c.index[address]; x != nil {
			for _, en := range x.byKey {
				if en.unreadable != "" && !en.gone {
					bad[en.ref] = en.unreadable
				}
			}
		} else {
			bad = f.view.unreadable
		}
		for _, ref := range sortedKeys(bad) {
			c.out.Document.Summary.Unreadable++
			c.out.Document.Diagnostics = append(c.out.Document.Diagnostics, plan.Diagnostic{Severity: "warning", Address: address, Ref: ref,
				Summary: "An item cannot be understood", Detail: bad[ref] + ". It is left alone, and so are its replicas."})
		}
	}
}

// leaveAlone counts the ordinary items of destinations that no pair has to do with.
func (c *composing) leaveAlone() {
	mine := map[string]map[string]bool{}
	belongs := func(folder, key string) {
		if mine[folder] == nil {
			mine[folder] = map[string]bool{}
		}
		mine[folder][key] = true
	}
	final := map[state.PairKey]*state.Pair{}
	for _, change := range c.decision.Pairs {
		final[change.Key] = change.New
		if change.Old != nil {
			belongs(c.ends[change.Key.Relationship][0], change.Key.Original)
			belongs(c.ends[change.Key.Relationship][1], change.Old.Replica)
		}
	}
	for _, l := range c.pairs {
		if _, changed := final[l.key()]; !changed {
			belongs(c.ends[l.relationship][0], l.original)
			belongs(c.ends[l.relationship][1], l.replica)
		}
	}
	for _, p := range final {
		if p != nil {
			belongs(c.ends[p.Relationship][0], p.Original)
			belongs(c.ends[p.Relationship][1], p.Replica)
		}
	}
	counted := map[string]bool{}
	for i := range c.out.Document.Relationships {
		r := &c.out.Document.Relationships[i]
		f := c.folders[r.Destination]
		if f == nil || f.view == nil || f.trouble != nil {
			continue
		}
		n, known := c.alone[r.Destination]
		if !known {
			n = c.countAlone(f, mine[r.Destination])
			c.alone[r.Destination] = n
		}
		r.LeftAlone = n
		if !counted[r.Destination] {
			counted[r.Destination] = true
			c.out.Document.Summary.LeftAlone += n
		}
	}
}

func (c *composing) countAlone(f *folder, mine map[string]bool) int {
	x := c.index[f.address]
	if x == nil { // nothing changed: every recorded item is there
		return max(0, f.view.total-len(c.paired[f.address]))
	}
	n := 0
	for key, en := range x.byKey {
		if !en.gone && !mine[key] {
			n++
		}
	}
	return n
}

// summarise counts operations and statuses.
func (c *composing) summarise() {
	s := &c.out.Document.Summary
	s.Refused = c.decision.Counts.Refused
	s.Pruned += c.decision.Counts.Pruned
	for i := range c.out.Document.Relationships {
		r := &c.out.Document.Relationships[i]
		if r.Status == plan.Blocked {
			s.Blocked++
		}
		r.Unchanged += c.decision.Counts.Unchanged[r.Address]
		s.Unchanged += r.Unchanged
		ops := c.ops[r.Address]
		slices.SortStableFunc(ops, func(a, b plan.Operation) int {
			return cmp.Or(-cmp.Compare(a.Side, b.Side), cmp.Compare(a.UID, b.UID), cmp.Compare(a.OriginalRef, b.OriginalRef))
		})
		for n := range ops {
			op := &ops[n]
			s.Count(op.Action, 1)
			if op.Fields == nil { // lists are never null in JSON
				op.Fields = []plan.Field{}
			}
			op.Originals = []string{}
		}
		r.Operations = plan.List(ops...)
	}
	for _, f := range c.e.ws.Folders {
		if f.Unresolved {
			s.Unresolved++
		}
	}
}
