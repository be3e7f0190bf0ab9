package reconcile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
)

// Forgotten is what a state knows no more.
type Forgotten struct {
	Addresses []string             `json:"addresses"` // of folders or relationships, with all that was recorded of them
	Pairs     map[state.Status]int `json:"pairs"`     // how many pairs, by what they were
}

// Forget makes a state forget a folder or a relationship with its pairs, or all of a block. Nothing is written to any folder. A relationship that is configured is looked at
// as a whole by the next plan, and its replicas are recognised by their markers; the replicas of one that left stay as they are, and nothing touches them any more.
// A folder that a recorded relationship joins is not forgotten: the keys of its items are known by its record alone.
func Forget(st state.Store, address string) (*Forgotten, error) {
	known, err := recordedAddresses(st)
	if err != nil {
		return nil, err
	}
	out, b := &Forgotten{Addresses: []string{}, Pairs: map[state.Status]int{}}, &state.Batch{}
	for _, a := range known {
		if _, is := ofBlock(a, address); is {
			out.Addresses = append(out.Addresses, a)
		}
	}
	if len(out.Addresses) == 0 {
		return nil, fmt.Errorf("the state knows no %s; accord state list shows what it knows", address)
	}
	if isFolder(address) {
		if err := unjoined(st, out.Addresses); err != nil {
			return nil, err
		}
		b.DropFolders = out.Addresses
		return out, st.Commit(b)
	}
	b.DropRelations = out.Addresses
	for _, a := range out.Addresses {
		if err := st.Pairs(a, func(p state.Pair) error { out.Pairs[p.Status]++; return nil }); err != nil {
			return nil, err
		}
	}
	return out, st.Commit(b)
}

// unjoined refuses folders that recorded relationships join.
func unjoined(st state.Reader, folders []string) error {
	relationships, err := st.Relationships()
	if err != nil {
		return err
	}
	var using []string
	for _, r := range relationships {
		if slices.Contains(folders, r.Source) || slices.Contains(folders, r.Destination) {
			using = append(using, r.Address)
		}
	}
	if len(using) > 0 {
		return fmt.Errorf("%s is not forgotten while the state knows what joins it: %s. To have it read whole: accord plan -full. To forget it, forget those first",
			strings.Join(folders, ", "), strings.Join(using, ", "))
	}
	return nil
}

// ForgetPairs makes a state forget the pairs of a relationship that have an item, which is a key, UID or ref, as their original or replica. Both items are looked at
// again by the next plan: a replica is recognised by its marker, and an original without one is copied.
func ForgetPairs(st state.Store, relationship, item string) (*Forgotten, error) {
	relationships, err := st.Relationships()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(relationships, func(r state.Relationship) bool { return r.Address == relationship })
	if i < 0 {
		return nil, fmt.Errorf("the state knows no relationship %s; accord state list shows what it knows", relationship)
	}
	out, b := &Forgotten{Addresses: []string{}, Pairs: map[state.Status]int{}}, &state.Batch{}
	again := map[state.FolderRef]bool{}
	err = st.Pairs(relationship, func(p state.Pair) error {
		if slices.Contains([]string{p.Original, p.OriginalRef, p.Replica, p.ReplicaRef}, item) {
			out.Pairs[p.Status]++
			b.DropPairs = append(b.DropPairs, state.PairKey{Relationship: relationship, Original: p.Original})
			again[state.FolderRef{Folder: relationships[i].Source, Ref: p.OriginalRef}] = true
			again[state.FolderRef{Folder: relationships[i].Destination, Ref: p.ReplicaRef}] = true
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(b.DropPairs) == 0 {
		return nil, fmt.Errorf("the state knows no pair of %s with %q; accord state list %s shows those that it knows", relationship, item, relationship)
	}
	if err := reopen(st, b, again); err != nil {
		return nil, err
	}
	return out, st.Commit(b)
}

// reopen lets items be looked at by the next plan, whatever their version.
func reopen(st state.Reader, b *state.Batch, items map[state.FolderRef]bool) error {
	folders := map[string]bool{}
	for ref := range items {
		folders[ref.Folder] = true
	}
	for _, folder := range sortedKeys(folders) {
		err := st.Items(folder, func(it state.Item) error {
			if items[state.FolderRef{Folder: folder, Ref: it.Ref}] {
				it.Version = ""
				b.Items = append(b.Items, state.FolderItem{Folder: folder, Item: it})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
