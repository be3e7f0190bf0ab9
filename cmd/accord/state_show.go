package main

import (
	"fmt"

	"github.com/accord-sync/accord/reconcile/state"
)

// showAddress shows what is recorded of a folder or relationship.
func (p *program) showAddress(recorded state.Reader, address string) error {
	folders, err := recorded.Folders()
	if err != nil {
		return err
	}
	for _, f := range folders {
		if f.Address != address {
			continue
		}
		items := 0
		if err := recorded.Items(address, func(state.Item) error { items++; return nil }); err != nil {
			return err
		}
		return p.view().Folder(f, items)
	}
	r, err := findRelationship(recorded, address)
	if err != nil {
		return err
	}
	pairs := 0
	if err := recorded.Pairs(address, func(state.Pair) error { pairs++; return nil }); err != nil {
		return err
	}
	return p.view().Relationship(r, pairs)
}

// showItem shows an item of a folder, or a pair of a relationship, by what identifies it.
func (p *program) showItem(recorded state.Reader, address, item string) error {
	found := false
	err := recorded.Pairs(address, func(pair state.Pair) error {
		if item != pair.Original && item != pair.OriginalRef && item != pair.Replica && item != pair.ReplicaRef {
			return nil
		}
		found = true
		return p.view().Pair(pair)
	})
	if err != nil {
		return err
	}
	err = recorded.Items(address, func(it state.Item) error {
		if item != it.Key && item != it.UID && item != it.Ref {
			return nil
		}
		found = true
		return p.view().Item(address, it)
	})
	if err == nil && !found {
		return fmt.Errorf("the state knows no item %q in %q; accord state list shows what it knows", item, address)
	}
	return err
}
