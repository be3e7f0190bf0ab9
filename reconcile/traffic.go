package reconcile

import (
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/pim"
)

// newFolder is how many requests it takes at most to make a folder and get to know it.
const newFolder = 4

// traffic counts what the writes of a part ask of providers that are reached over a network: the writes themselves, and for each batch one request to look at
// items before, one by which a driver may see what a create would overwrite, and one to read back what was stored. The apply may put parts together, and then
// has fewer batches.
func (c *composing) traffic(part *plan.Part) {
	for _, round := range part.Rounds() {
		for address, writes := range round {
			f := c.folders[address]
			can, ok := c.network(f)
			if !ok {
				continue
			}
			sum := c.requestsTo(f)
			sum.Writes += len(writes)
			for batch := range batches(writes, max(1, can.Batch)) {
				looks, creates, stores := 0, 0, 0
				for _, i := range batch {
					w := part.Writes[i]
					if plan.LooksFirst(w.Kind, w.Version, can) {
						looks = 1
					}
					if w.Kind == providers.Create {
						creates = 1
					}
					if w.Kind != providers.Delete {
						stores = 1
					}
				}
				sum.AtMost += len(batch)*can.Requests + looks + creates + stores
			}
		}
	}
}

// network is what is known of a folder that is reached over a network. Of one that is still to be made, its neighbours tell.
func (c *composing) network(f *folder) (can providers.Capabilities, is bool) {
	if f.store != nil || !f.missing {
		return f.caps, f.caps.Requests > 0
	}
	if c.neighbours == nil {
		c.neighbours = map[*opened]*folder{}
		for _, address := range slices.Backward(sortedKeys(c.folders)) {
			if other := c.folders[address]; other.store != nil {
				c.neighbours[other.provider] = other
			}
		}
	}
	if other := c.neighbours[f.provider]; other != nil {
		return other.caps, other.caps.Requests > 0
	}
	can = f.caps
	can.Requests = 1
	return can, f.provider.gate.count() > 0
}

// requestsTo are the requests to a folder's provider.
func (c *composing) requestsTo(f *folder) *plan.Requests {
	spec := f.provider.spec
	if c.requests[spec.Address] == nil {
		c.requests[spec.Address] = &plan.Requests{Provider: spec.Address, PerMinute: spec.Limits.RequestsPerMinute}
	}
	return c.requests[spec.Address]
}

// allRequests are the requests to all providers, with those that make folders.
func (c *composing) allRequests() []plan.Requests {
	for _, address := range c.work.CreateFolders {
		if f := c.folders[address]; f.provider != nil {
			if _, is := c.network(f); is {
				c.requestsTo(f).AtMost += newFolder
			}
		}
	}
	var all []plan.Requests
	for _, address := range sortedKeys(c.requests) {
		r := *c.requests[address]
		if r.PerMinute > 0 {
			r.Seconds = (r.AtMost*60 + r.PerMinute - 1) / r.PerMinute
		}
		all = append(all, r)
	}
	return all
}

// notify counts the people whom a server would tell of a write.
func (c *composing) notify(w *decide.Write) {
	f := c.folders[w.Folder]
	can, network := c.network(f)
	if can.Silent || f.store == nil && !network || !tells(plan.Action(w.Verb)) {
		return
	}
	for _, it := range []*decide.Item{w.Before, w.After} {
		if it != nil && it.Content != nil {
			c.told.invited(can, it.Content)
		}
	}
}

// tells reports whether people are told of an action. A change of Accord's own marker alone is no news to them.
func tells(a plan.Action) bool { return a != plan.Adopt && a != plan.Retire && a != plan.Release }

// people are told apart by hashes of their addresses.
type people map[uint64]bool

// invited adds those who are told of a change of an item.
func (p people) invited(can providers.Capabilities, it *pim.Item) {
	if m, is := it.Marker(); is && !m.Adopted && can.SilentReplicas {
		return
	}
	for _, address := range it.Invited() {
		p[xxhash.Sum64String(address)] = true
	}
}

// notified counts the people whom a server tells of a write that was done. The caller holds mu.
func (a *applying) notified(f *folder, i int) {
	w := a.part.Writes[i]
	if f.caps.Silent || !tells(w.Action) {
		return
	}
	if before, err := pim.Parse(w.ItemKind, w.Before); err == nil {
		a.told.invited(f.caps, before)
	}
	if a.done[i].sent != nil {
		a.told.invited(f.caps, a.done[i].sent)
	}
}

// since is how many requests were sent since some were.
func since(before, now []plan.Sent) (sent []plan.Sent) {
	for _, s := range now {
		if i := slices.IndexFunc(before, func(b plan.Sent) bool { return b.Provider == s.Provider }); i >= 0 {
			s.Requests -= before[i].Requests
		}
		if s.Requests > 0 {
			sent = append(sent, s)
		}
	}
	return sent
}
