package reconcile

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// Problem is a problem that a plan found, with what its document shows of the item.
type Problem struct {
	state.Problem
	Title string // "" where nobody can tell; hidden as the document hides it
}

// Problems are what a plan leaves to be mended or decided by a person, the gravest first. st is the state that it was made from, or that it was applied to.
func Problems(ws *schema.Workspace, st state.Reader, doc *plan.Document) ([]Problem, error) {
	var found []Problem
	add := func(p state.Problem, title string) {
		p.Since = doc.CreatedAt
		found = append(found, Problem{p, title})
	}
	for _, f := range ws.Folders {
		if f.Unresolved {
			add(state.Problem{Kind: state.Unresolved, Address: f.Address, Reason: f.UnresolvedBecause()}, "")
		}
	}
	for _, r := range doc.Relationships {
		switch r.Status {
		case plan.Blocked:
			add(state.Problem{Kind: state.Blocked, Address: r.Address, Cause: digest(r.Reason), Reason: r.Reason}, "")
		case plan.Alert:
			p := state.Problem{Kind: state.Alert, Address: r.Address, Reason: r.Reason, Cause: digest(sizes.ReplaceAllString(r.Reason, "#"))}
			if f := r.Fault; f != nil && f.Cause != string(providers.Unknown) {
				p.Item, p.Cause = f.Folder, f.Cause
			}
			add(p, "")
		}
	}
	for _, d := range doc.Diagnostics {
		switch {
		case d.Code == plan.ItemUnreadable:
			reason := strings.TrimSuffix(d.Detail, leftAlone)
			add(state.Problem{Kind: state.Unreadable, Address: d.Address, Item: d.Ref, Cause: digest(reason), Reason: reason}, d.Title)
		case d.Severity == "error":
			add(state.Problem{Kind: state.Undecided, Address: d.Address, Item: d.Ref, Cause: digest(d.Summary + d.Detail), Reason: d.Detail}, "")
		}
	}
	if doc.Summary.Conflict+doc.Summary.Ambiguous > 0 {
		if err := eachWaiting(doc, func(address string, op plan.Operation) {
			kind := state.Conflict
			if op.Action == plan.Ambiguous {
				kind = state.Ambiguous
			}
			add(state.Problem{Kind: kind, Address: address, Item: op.Key(), Reason: op.Reason}, op.Title)
		}); err != nil {
			return nil, err
		}
	}
	if doc.Summary.Refused > 0 {
		for _, r := range doc.Relationships {
			if err := refused(st, r.Address, add); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Problem) int { return a.Compare(b.Problem) })
	return found, nil
}

// sizes are numbers that say how large something is, or which port it was: the next time they may be others.
var sizes = regexp.MustCompile(`[0-9]+`)

func digest(text string) string { return fmt.Sprintf("%016x", xxhash.Sum64String(text)) }

// eachWaiting hands on the operations that wait for a person.
func eachWaiting(doc *plan.Document, each func(address string, op plan.Operation)) error {
	for _, r := range doc.Relationships {
		for op, err := range r.Operations.All() {
			if err != nil {
				return err
			}
			if op.Action == plan.Conflict || op.Action == plan.Ambiguous {
				each(r.Address, op)
			}
		}
	}
	return nil
}

// refused finds the pairs of which a provider does not take an item.
func refused(st state.Reader, address string, add func(p state.Problem, title string)) error {
	return st.Pairs(address, func(pair state.Pair) error {
		if pair.Refused != 0 {
			add(state.Problem{Kind: state.RefusedBy, Address: address, Item: pair.Original, Cause: fmt.Sprintf("%016x", pair.Refused),
				Reason: "its provider does not take it"}, "")
		}
		return nil
	})
}

// Checkup is how everything is after a plan, or after an apply.
type Checkup struct {
	Health []state.Health // by address: what is known, also of what the plan does not speak of
	Found  []Problem      // what the plan found

	changed []state.Health
	gone    []string
}

// Look is how everything is by a plan that is not carried out.
func Look(ws *schema.Workspace, st state.Reader, p *plan.Plan) (*Checkup, error) {
	before, err := st.Health()
	if err != nil {
		return nil, err
	}
	pending := map[string]int{}
	for _, r := range p.Document.Relationships {
		pending[r.Address] = r.Operations.Len()
	}
	if err := eachWaiting(&p.Document, func(address string, _ plan.Operation) { pending[address]-- }); err != nil {
		return nil, err
	}
	return checkUp(ws, st, p, before, aftermath{at: p.Document.CreatedAt, pending: pending})
}

// aftermath is what an apply left.
type aftermath struct {
	at       time.Time
	pending  map[string]int    // by relationship: changes that were not made
	failures map[string]string // by relationship: the last error
	forgot   []string          // relationships that are over
}

// checkUp brings what a plan found and its apply left together with what was known before.
func checkUp(ws *schema.Workspace, st state.Reader, p *plan.Plan, before []state.Health, after aftermath) (*Checkup, error) {
	found, err := Problems(ws, st, &p.Document)
	if err != nil {
		return nil, err
	}
	c := &Checkup{Found: found}
	was, now := map[string]state.Health{}, map[string]state.Health{}
	for _, h := range before {
		was[h.Address], now[h.Address] = h, h
	}
	for _, r := range p.Work.Renames {
		if h, known := was[r.From]; known {
			delete(now, r.From)
			was[r.To] = h
		}
	}
	byAddress := map[string][]state.Problem{}
	for _, f := range found {
		byAddress[f.Address] = append(byAddress[f.Address], recordable(f.Problem))
	}
	for _, r := range p.Document.Relationships {
		switch r.Status {
		case plan.Paused, plan.Disabled:
			if h, known := was[r.Address]; known { // it may have another name
				h.Address = r.Address
				now[r.Address] = h
			}
		default:
			now[r.Address] = after.health(r, was[r.Address], byAddress[r.Address])
		}
	}
	looked := folderReads(&p.Document)
	for _, f := range ws.Folders {
		list := carry(was[f.Address].Problems, byAddress[f.Address], after.at, !looked[f.Address])
		if now[f.Address] = (state.Health{Address: f.Address, Problems: list}); len(list) == 0 {
			delete(now, f.Address)
		}
	}
	if err := retain(now, ws, st, &p.Document, after.forgot); err != nil {
		return nil, err
	}
	for _, address := range sortedKeys(now) {
		h := now[address]
		c.Health = append(c.Health, h)
		if old, known := was[address]; !known || !old.Equal(h) {
			c.changed = append(c.changed, h)
		}
	}
	for _, h := range before {
		if _, stays := now[h.Address]; !stays {
			c.gone = append(c.gone, h.Address)
		}
	}
	return c, nil
}

// retain forgets what is neither configured nor recorded any more.
func retain(now map[string]state.Health, ws *schema.Workspace, st state.Reader, doc *plan.Document, forgot []string) error {
	used := map[string]bool{}
	recorded, err := st.Relationships()
	for _, r := range recorded {
		if !slices.Contains(forgot, r.Address) {
			used[r.Address], used[r.Source], used[r.Destination] = true, true, true
		}
	}
	for _, r := range doc.Relationships {
		used[r.Address] = true
	}
	for _, r := range ws.Relations {
		used[r.Address] = true
	}
	for _, f := range ws.Folders {
		used[f.Address] = true
	}
	for address := range now {
		if !used[address] || slices.Contains(forgot, address) {
			delete(now, address)
		}
	}
	return err
}

// health is how a relationship is that a plan speaks of.
func (after aftermath) health(r plan.Relationship, was state.Health, found []state.Problem) state.Health {
	h := state.Health{Address: r.Address, Pending: after.pending[r.Address], Failure: was.Failure}
	h.Problems = carry(was.Problems, found, after.at, r.Status != plan.OK)
	waits := slices.ContainsFunc(found, func(p state.Problem) bool { return p.Kind == state.Conflict || p.Kind == state.Ambiguous })
	if r.Status == plan.OK && h.Pending == 0 && !waits {
		if h.Synced = was.Synced; h.Synced.IsZero() {
			h.Synced = after.at
		}
	}
	failure := after.failures[r.Address]
	if r.Status == plan.Alert {
		failure = r.Reason
	}
	if failure = sentence(failure); failure != "" && failure != was.Failure.Text {
		h.Failure = state.Failure{At: after.at, Text: failure}
	}
	return h
}

// carry is what was found, each since it was found first. Where nobody looked at the items, what is known of them stays.
func carry(was, found []state.Problem, at time.Time, unseen bool) []state.Problem {
	var list []state.Problem
	index := func(p state.Problem, in []state.Problem) int {
		return slices.IndexFunc(in, func(q state.Problem) bool { return q.Kind == p.Kind && q.Item == p.Item && q.Cause == p.Cause })
	}
	for _, p := range found {
		if i := index(p, was); i >= 0 {
			p.Since = was[i].Since
		} else {
			p.Since = at
		}
		list = append(list, p)
	}
	for _, p := range was {
		if unseen && ofItem(p.Kind) && index(p, found) < 0 {
			if len(found) > 0 {
				p.Address = found[0].Address
			}
			list = append(list, p)
		}
	}
	slices.SortFunc(list, state.Problem.Compare)
	return list
}

// ofItem reports whether a problem is one of a single item, and not of a whole relationship or folder.
func ofItem(kind state.ProblemKind) bool {
	return kind != state.Alert && kind != state.Blocked && kind != state.Unresolved
}

// recordable is a problem as the state may hold it: what could not be decided may quote the item in its reason.
func recordable(p state.Problem) state.Problem {
	if p.Kind == state.Undecided {
		p.Reason = "it could not be decided: accord plan says why"
	}
	return p
}

// sentence is an error in one line that a person reads at a glance.
func sentence(text string) string {
	const longest = 400
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest-1]) + "…"
	}
	return line
}

// folderReads are the folders that a plan read: none when it is about what a person asked for, item by item.
func folderReads(doc *plan.Document) map[string]bool {
	read := map[string]bool{}
	if doc.Task != "" {
		return read
	}
	for _, r := range doc.Relationships {
		if r.Status == plan.OK {
			read[r.Source], read[r.Destination] = true, true
		}
	}
	return read
}

// healthAfter is how everything is once this apply is over. What a person asked for item by item says nothing of the rest.
func (a *applying) healthAfter(forgot []string) (*Checkup, error) {
	if a.plan.Document.Task != "" {
		return &Checkup{Health: a.health}, nil
	}
	for address, h := range a.halts {
		a.left[address] += h.writes
	}
	return checkUp(a.e.ws, a.st, a.plan, a.health, aftermath{at: a.result.Started, pending: a.left, failures: a.errors, forgot: forgot})
}

// recordHealth records what is not as it was, for an apply that has nothing else to record.
func (a *applying) recordHealth() error {
	c, err := a.healthAfter(nil)
	if err != nil || len(c.changed)+len(c.gone) == 0 {
		return err
	}
	return a.st.Commit(&state.Batch{Workspace: a.e.ws.Name, Health: c.changed, DropHealth: c.gone})
}

// leave notes that a write is left for the next apply, and why. The caller holds mu.
func (a *applying) leave(w plan.Write, class providers.Class, err error) {
	if class == providers.Refused {
		a.errors[w.Relationship] = fmt.Sprintf("%s %q: the provider refused an item", w.Folder, cmp.Or(w.Ref, w.UID))
		return
	}
	a.left[w.Relationship]++
	switch class {
	case providers.Unauthorized, providers.Unreachable, providers.Throttled, providers.Transient: // it is not about this item, which it could quote
		a.errors[w.Relationship] = fmt.Sprintf("%s: %v", w.Folder, err)
	case providers.Unknown:
		a.errors[w.Relationship] = fmt.Sprintf("%s %q: the provider gave no answer to a write", w.Folder, cmp.Or(w.Ref, w.UID))
	}
}
