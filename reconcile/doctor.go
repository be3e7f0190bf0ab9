package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
)

// Finding is something in a state that does not hold together, or that is worth knowing.
type Finding struct {
	Code     FindingCode `json:"code"`
	Severity string      `json:"severity"` // warning, or info for what needs nothing done
	Address  string      `json:"address"`  // of a relationship or folder
	Item     string      `json:"item,omitempty"`
	Sentence string      `json:"sentence"` // what was found
	Proposal string      `json:"proposal"` // what is to be done
	Mendable bool        `json:"mendable"` // by Mend, in the state alone

	mend mending
}

// FindingCode is a stable word for a kind of finding.
type FindingCode string

// The kinds of findings. The last six are seen only where folders are read.
const (
	StrayPairs         FindingCode = "stray_pairs"
	StrayItems         FindingCode = "stray_items"
	ItemNotRecorded    FindingCode = "item_not_recorded"
	RefDisagrees       FindingCode = "ref_disagrees"
	ReplicaOfTwo       FindingCode = "replica_of_two"
	KeyTwice           FindingCode = "key_twice"
	Unfinished         FindingCode = "unfinished"
	WritesUnanswered   FindingCode = "writes_unanswered"
	JournalGap         FindingCode = "journal_gap"
	FolderTrouble      FindingCode = "folder_trouble"
	MarkerLost         FindingCode = "marker_lost"
	MarkerOfAnother    FindingCode = "marker_of_another"
	ReplicaWithoutPair FindingCode = "replica_without_pair"
	MarkerTwice        FindingCode = "marker_twice"
	ReplicaLeft        FindingCode = "replica_left"
)

// mending is what a finding needs of the state. Nothing of it decides anything: what is looked at again, the next plan decides.
type mending struct {
	forget []state.PairKey   // pairs
	again  []state.FolderRef // items that are looked at whatever their version; an empty ref: all of the folder is listed anew
	lose   []state.FolderRef // items that are recorded anew
	pairs  []string          // addresses whose pairs go
	items  []string          // addresses whose items go
	whole  []string          // relationships that are looked at as a whole
}

// Diagnosis is what Examine found.
type Diagnosis struct {
	Findings      []Finding `json:"findings"`
	Relationships int       `json:"relationships"` // that were looked at
	Pairs         int       `json:"pairs"`
	Items         int       `json:"items"`
	Read          bool      `json:"read"` // whether folders were read
}

// Examine reads a whole state, and unless offline every folder whole, and says what does not hold together. It writes nothing. An error is a *state.CorruptError when
// a record cannot be understood.
func (e *Engine) Examine(ctx context.Context, st state.Reader, offline bool) (_ *Diagnosis, err error) {
	x := &examining{e: e, st: st, d: &Diagnosis{Findings: []Finding{}, Read: !offline}}
	if err := errors.Join(x.recall(), x.strays(), x.folders(), x.relationships(), x.journal()); err != nil {
		return nil, err
	}
	if offline {
		return x.d, nil
	}
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	p, err := e.begin(st, Request{Full: true}, room)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(p.observe(ctx), p.learn(ctx, p.everything())); err != nil {
		return nil, err
	}
	if err := x.read(p); err != nil {
		return nil, err
	}
	return x.d, room.Err()
}

// Mend does what the findings propose that concern the state alone, in one commit, and returns how many it mended.
func Mend(st state.Store, findings []Finding) (int, error) {
	n, b := 0, &state.Batch{}
	again, whole := map[state.FolderRef]bool{}, map[string]bool{}
	for _, f := range findings {
		if !f.Mendable {
			continue
		}
		n++
		b.DropPairs = append(b.DropPairs, f.mend.forget...)
		b.DropItems = append(b.DropItems, f.mend.lose...)
		b.DropRelations = append(b.DropRelations, f.mend.pairs...)
		b.DropFolders = append(b.DropFolders, f.mend.items...)
		for _, ref := range f.mend.again {
			again[ref] = true
		}
		for _, address := range f.mend.whole {
			whole[address] = true
		}
	}
	for _, ref := range b.DropItems {
		delete(again, ref)
	}
	if err := reopen(st, b, again); err != nil {
		return 0, err
	}
	relationships, err := st.Relationships()
	if err != nil {
		return 0, err
	}
	for _, r := range relationships {
		if whole[r.Address] {
			r.Fingerprint = unfinished
			b.Relationships = append(b.Relationships, r)
		}
	}
	folders, err := st.Folders()
	if err != nil {
		return 0, err
	}
	for _, f := range folders {
		if again[state.FolderRef{Folder: f.Address}] {
			f.Cursor = ""
			b.Folders = append(b.Folders, f)
		}
	}
	return n, st.Commit(b)
}

// examining is one run of Examine.
type examining struct {
	e    *Engine
	st   state.Reader
	d    *Diagnosis
	ends map[string]state.Relationship // recorded relationships, by address
	own  []state.Folder
}

func (x *examining) find(f Finding) {
	if f.Severity == "" {
		f.Severity = "warning"
	}
	m := f.mend
	f.Mendable = len(m.forget)+len(m.again)+len(m.lose)+len(m.pairs)+len(m.items)+len(m.whole) > 0
	x.d.Findings = append(x.d.Findings, f)
}

func (x *examining) recall() error {
	x.ends = map[string]state.Relationship{}
	relationships, err := x.st.Relationships()
	for _, r := range relationships {
		x.ends[r.Address] = r
	}
	x.d.Relationships = len(relationships)
	if err == nil {
		x.own, err = x.st.Folders()
	}
	return err
}

// strays finds what belongs to nothing that is recorded. A relationship of the configuration may have pairs before it is recorded itself.
func (x *examining) strays() error {
	configured := map[string]bool{}
	for _, r := range x.e.ws.Relations {
		configured[r.Address] = true
	}
	addresses := x.st.Addresses()
	slices.Sort(addresses)
	for _, address := range addresses {
		pairs, items := 0, 0
		err := errors.Join(
			x.st.Pairs(address, func(state.Pair) error { pairs++; return nil }),
			x.st.Items(address, func(state.Item) error { items++; return nil }))
		if err != nil {
			return err
		}
		if _, known := x.ends[address]; pairs > 0 && !known && !configured[address] {
			x.find(Finding{Code: StrayPairs, Address: address, mend: mending{pairs: []string{address}},
				Sentence: fmt.Sprintf("Pairs are recorded of a relationship that is not: %d.", pairs), Proposal: "Forget them: nothing uses them."})
		}
		recorded := slices.ContainsFunc(x.own, func(f state.Folder) bool { return f.Address == address })
		if items > 0 && !recorded {
			x.find(Finding{Code: StrayItems, Address: address, mend: mending{items: []string{address}},
				Sentence: fmt.Sprintf("Items are recorded of a folder that is not: %d.", items), Proposal: "Forget them: the folder is read whole when something uses it."})
		}
	}
	return nil
}

// folders finds items that share a key.
func (x *examining) folders() error {
	for _, f := range x.own {
		refs := map[string]string{}
		err := x.st.Items(f.Address, func(it state.Item) error {
			x.d.Items++
			other, twice := refs[it.Key]
			if refs[it.Key] = it.Ref; twice {
				x.find(Finding{Code: KeyTwice, Address: f.Address, Item: it.Ref,
					mend:     mending{lose: []state.FolderRef{{Folder: f.Address, Ref: it.Ref}, {Folder: f.Address, Ref: other}}, again: []state.FolderRef{{Folder: f.Address}}},
					Sentence: fmt.Sprintf("It is recorded under the key %q, as %q is.", it.Key, other), Proposal: "Record both anew, when the next plan has read the folder whole."})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// relationships finds pairs whose items are not recorded as the pairs say, and replicas that several have.
func (x *examining) relationships() error {
	replicas := map[state.FolderRef]state.PairKey{}
	for _, address := range sortedKeys(x.ends) {
		r := x.ends[address]
		if isUnfinished(r.Fingerprint) {
			x.find(Finding{Code: Unfinished, Severity: "info", Address: address, Sentence: "Its last apply did not do all that it planned.",
				Proposal: "Nothing: the next plan looks at it as a whole."})
		}
		sources, destinations := map[string]string{}, map[string]string{}
		err := errors.Join(
			x.st.Items(r.Source, func(it state.Item) error { sources[it.Key] = it.Ref; return nil }),
			x.st.Items(r.Destination, func(it state.Item) error { destinations[it.Key] = it.Ref; return nil }))
		if err != nil {
			return err
		}
		err = x.st.Pairs(address, func(p state.Pair) error {
			x.d.Pairs++
			if p.Status == state.Active && p.Rest == state.Flowing && p.Late != state.LateCancelled { // of the others, an item may be gone by now
				x.side(p, r.Source, sources, p.Original, p.OriginalRef)
				x.side(p, r.Destination, destinations, p.Replica, p.ReplicaRef)
			}
			x.replica(replicas, r, p)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// side looks at one item of a pair: it is recorded, by the ref that the pair has.
func (x *examining) side(p state.Pair, folder string, refs map[string]string, key, ref string) {
	if key == "" || ref == "" {
		return
	}
	recorded, known := refs[key]
	switch {
	case !known:
		x.find(Finding{Code: ItemNotRecorded, Address: p.Relationship, Item: key, mend: mending{again: []state.FolderRef{{Folder: folder}}},
			Sentence: fmt.Sprintf("The pair of %q has an item %q in %s that is not recorded.", p.Original, ref, folder), Proposal: "Read the folder whole at the next plan: if it is not there, it was deleted."})
	case recorded != ref:
		x.find(Finding{Code: RefDisagrees, Address: p.Relationship, Item: key,
			mend:     mending{again: []state.FolderRef{{Folder: folder, Ref: recorded}}},
			Sentence: fmt.Sprintf("The pair of %q says that its item in %s is %q, and the folder's record that it is %q.", p.Original, folder, ref, recorded), Proposal: "Look at it again: the next apply records where it is."})
	}
}

// replica finds an item that two pairs have as their replica, and do not share.
func (x *examining) replica(seen map[state.FolderRef]state.PairKey, r state.Relationship, p state.Pair) {
	if p.Replica == "" || p.Status == state.Pruned {
		return
	}
	at, key := state.FolderRef{Folder: r.Destination, Ref: p.Replica}, state.PairKey{Relationship: p.Relationship, Original: p.Original}
	other, taken := seen[at]
	seen[at] = key
	if !taken || r.Coalesce && x.ends[other.Relationship].Coalesce && other.Original == p.Original {
		return
	}
	x.find(Finding{Code: ReplicaOfTwo, Address: p.Relationship, Item: p.Original,
		mend:     mending{forget: []state.PairKey{key, other}, whole: []string{key.Relationship, other.Relationship}},
		Sentence: fmt.Sprintf("%q in %s is its replica, and that of %q of %s as well.", p.ReplicaRef, r.Destination, other.Original, other.Relationship),
		Proposal: "Forget both pairs: the next plan looks at the relationship as a whole, and recognises whose it is by its marker."})
}

// journal finds writes without an outcome, and records that are missing in between.
func (x *examining) journal() error {
	open, err := x.st.Open()
	if err != nil {
		return err
	}
	if len(open) > 0 {
		x.find(Finding{Code: WritesUnanswered, Severity: "info", Sentence: fmt.Sprintf("What became of some writes is not known: %d.", len(open)), Proposal: "Nothing: the next apply looks them up."})
	}
	applies, err := x.st.Applies()
	if err != nil {
		return err
	}
	for _, a := range applies {
		next, missing := uint32(1), 0
		err := x.st.Entries(a.Number, func(e state.Entry) error {
			missing += int(e.Seq - next)
			next = e.Seq + 1
			return nil
		})
		if err != nil {
			return err
		}
		if missing > 0 {
			x.find(Finding{Code: JournalGap, Severity: "info", Sentence: fmt.Sprintf("The journal of apply %d lacks %d of its writes.", a.Number, missing), Proposal: "Nothing: they cannot be undone, and nothing else needs them."})
		}
	}
	return nil
}
