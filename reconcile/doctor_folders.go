package reconcile

import (
	"fmt"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// read compares the markers in all folders with the pairs.
func (x *examining) read(p *planning) error {
	left := map[spot]int{} // by folder and relationship: replicas of relationships that nothing knows
	for _, address := range sortedKeys(p.folders) {
		f := p.folders[address]
		switch {
		case f.trouble != nil:
			x.find(Finding{Code: FolderTrouble, Address: address, Sentence: fmt.Sprintf("It cannot be used: %v.", f.trouble), Proposal: "Mend the cause. Its relationships are on alert meanwhile."})
			continue
		case f.view == nil || f.missing:
			continue
		}
		index := p.index[address]
		for key, en := range index.byKey.All() {
			body, read := index.bodies.Get(key)
			if !read || en.is(isGone) {
				continue
			}
			marker, marked := body.Marker()
			at := marks{p: p, f: f, key: key, en: en, marker: marker, marked: marked}
			if k, replica := p.replicas.Get(spot{address, key}.name()); replica {
				if err := x.ofPair(at, k); err != nil {
					return err
				}
			} else if marked && marker.Workspace == p.e.ws.Name && marker.Status == pim.Live {
				if _, known := p.ends[marker.Relationship]; !known {
					left[spot{address, marker.Relationship}]++
				} else if err := x.ofNone(at); err != nil {
					return err
				}
			}
		}
	}
	for at, n := range left {
		x.find(Finding{Code: ReplicaLeft, Severity: "info", Address: at.folder, Sentence: fmt.Sprintf("Replicas of %s, which neither the configuration nor the state knows: %d.", at.key, n),
			Proposal: "Nothing: they stay, and are no originals for anything."})
	}
	return nil
}

// marks are an item of a folder and its marker.
type marks struct {
	p      *planning
	f      *folder
	key    string
	en     entry
	marker pim.Marker
	marked bool
}

// ofPair looks at the replica of a pair: the marker says that it is that.
func (x *examining) ofPair(at marks, k state.PairKey) error {
	pair, err := at.p.pair(k)
	if err != nil || pair == nil || !at.f.caps.Markers {
		return err
	}
	switch m := at.marker; {
	case !at.marked:
		x.find(Finding{Code: MarkerLost, Severity: "info", Address: k.Relationship, Item: k.Original, Sentence: fmt.Sprintf("Its replica %q in %s has lost its marker.", at.en.ref, at.f.address),
			Proposal: "Nothing while the state knows it. The next change of the original writes the marker again."})
	case m.Workspace != at.p.e.ws.Name || m.Relationship == k.Relationship && m.Original == k.Original:
	case x.ends[k.Relationship].Coalesce:
	default:
		other, err := at.p.pair(state.PairKey{Relationship: m.Relationship, Original: m.Original})
		if err != nil || other == nil || other.Replica == at.key {
			return err
		}
		x.find(Finding{Code: MarkerOfAnother, Address: k.Relationship, Item: k.Original,
			mend:     mending{forget: []state.PairKey{k}, again: []state.FolderRef{{Folder: at.f.address, Ref: at.en.ref}, {Folder: x.ends[k.Relationship].Source, Ref: pair.OriginalRef}}},
			Sentence: fmt.Sprintf("Its replica %q in %s carries the marker of %q of %s.", at.en.ref, at.f.address, m.Original, m.Relationship),
			Proposal: "Forget the pair: the next plan goes by the markers."})
	}
	return nil
}

// ofNone looks at an item that says that it is a live replica, and that no pair has.
func (x *examining) ofNone(at marks) error {
	m := at.marker
	if at.p.ends[m.Relationship][1] != at.f.address || at.p.paired[at.f.address].has(at.key) {
		return nil // an item that a person copied, or that is an original by now
	}
	pair, err := at.p.pair(state.PairKey{Relationship: m.Relationship, Original: m.Original})
	if err != nil {
		return err
	}
	ref := state.FolderRef{Folder: at.f.address, Ref: at.en.ref}
	switch {
	case pair == nil && isCopy(at.f, at.key, at.en, m):
	case pair == nil:
		x.find(Finding{Code: ReplicaWithoutPair, Address: m.Relationship, Item: m.Original, mend: mending{again: []state.FolderRef{ref}},
			Sentence: fmt.Sprintf("%q in %s is its replica by its marker, and no pair has it.", at.en.ref, at.f.address), Proposal: "Look at it again: the next plan recognises it."})
	case pair.Replica != at.key && pair.Replica != "" && at.p.index[at.f.address].there(pair.Replica):
		x.find(Finding{Code: MarkerTwice, Severity: "info", Address: m.Relationship, Item: m.Original,
			Sentence: fmt.Sprintf("%q in %s carries the marker of its replica, as %q does.", at.en.ref, at.f.address, pair.ReplicaRef), Proposal: "Nothing: the first is an ordinary item, which a person copied."})
	}
	return nil
}
