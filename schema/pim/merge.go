package pim

// MergeValue merges two edits of one field, made since base. A change on one side only is that side's value. Two changes of a
// multi-valued field are merged by value: what either side added is in, what either side removed is out. Two different
// changes of a single-valued field cannot be merged: ok is false and merged is ours.
func MergeValue(field string, base Digest, ours, theirs Value) (merged Value, ok bool) {
	ourDigest, theirDigest := ours.Digest(), theirs.Digest()
	switch {
	case ourDigest.Equal(theirDigest), theirDigest.Equal(base):
		return ours, true
	case ourDigest.Equal(base):
		return theirs, true
	case !multiValued[field]:
		return ours, false
	}
	in := func(d Digest) map[uint64]bool {
		set := make(map[uint64]bool, len(d))
		for _, h := range d {
			set[h] = true
		}
		return set
	}
	old, mine, other := in(base), in(ourDigest), in(theirDigest)
	merged = Value{field: field, version: ours.version}
	for _, e := range ours.elements {
		if h := e.digest(); other[h] || !old[h] {
			merged.elements = append(merged.elements, e)
		}
	}
	taken := theirs.at(ours.version)
	for i, e := range taken.elements {
		if h := theirs.elements[i].digest(); !mine[h] && !old[h] {
			merged.elements = append(merged.elements, e)
		}
	}
	if merged.version == "" {
		merged.version = taken.version
	}
	return merged, true
}
