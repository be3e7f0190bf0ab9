package pim

import "github.com/accord-sync/accord/schema/pim/ical"

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

// Union is what two sides that never agreed on a field say of it together: all of ours, and what theirs has besides. Mail addresses, telephone numbers and
// categories are told apart as people tell them apart, so that a number is there once however it is written. ok is false for a field that has one value.
func Union(field string, ours, theirs Value) (union Value, ok bool) {
	if !multiValued[field] {
		return ours, false
	}
	said := map[string]bool{}
	for _, e := range ours.elements {
		said[e.known(field)] = true
	}
	union = Value{field: field, version: ours.version, elements: append([]element(nil), ours.elements...)}
	taken := theirs.at(ours.version)
	for i, e := range taken.elements {
		if known := theirs.elements[i].known(field); !said[known] {
			said[known] = true
			union.elements = append(union.elements, e)
		}
	}
	if union.version == "" {
		union.version = taken.version
	}
	return union, true
}

// unionDigits is how many digits two telephone numbers of one person share at least, when they are the same: national numbers without their trunk prefix.
const unionDigits = 9

// known is what people know one of several values by.
func (e element) known(field string) string {
	text := ical.Main(e.canon)
	switch field {
	case "emails":
		return foldText(ical.Address(text))
	case "phones":
		if number := lastDigits(text, unionDigits); number != "" {
			return number
		}
	case "categories":
		return foldText(text)
	case "attendees":
		return email(e.canon)
	}
	return e.canon
}
