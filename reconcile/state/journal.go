package state

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/accord-sync/accord/providers"
)

func (addresses *addresses) appendApply(b []byte, a Apply) []byte {
	b = appendText(appendText(b, a.Plan), a.By)
	b = appendTime(appendTime(b, a.Started), a.Finished)
	b = appendCounts(b, a.Counts)
	b = binary.AppendUvarint(b, uint64(len(a.Wrote)))
	for _, address := range slices.Sorted(maps.Keys(a.Wrote)) {
		b = appendCounts(appendText(b, address), a.Wrote[address])
	}
	b = appendText(appendText(b, a.Task), string(a.Key))
	b = binary.AppendVarint(b, a.Size)
	b = binary.AppendUvarint(b, uint64(len(a.Forgot.Folders)))
	for _, f := range a.Forgot.Folders {
		b = appendText(appendText(b, f.Address), string(appendFolder(nil, f)))
	}
	b = binary.AppendUvarint(b, uint64(len(a.Forgot.Relationships)))
	for _, r := range a.Forgot.Relationships {
		b = addresses.appendRelationship(appendText(b, r.Address), r)
	}
	return b
}

func (addresses *addresses) apply(d *decoder, number uint64) Apply {
	a := Apply{Number: number, Plan: d.text(), By: d.text(), Started: d.time(), Finished: d.time()}
	a.Counts = d.counts()
	for range d.count() {
		if a.Wrote == nil {
			a.Wrote = map[string]map[string]int{}
		}
		address := d.text()
		a.Wrote[address] = d.counts()
	}
	a.Task = d.text()
	if key := d.text(); key != "" {
		a.Key = []byte(key)
	}
	a.Size = d.varint()
	for range d.count() {
		address := d.text()
		own := decoder{b: []byte(d.text())}
		a.Forgot.Folders = append(a.Forgot.Folders, own.folder(address))
		d.join(own)
	}
	for range d.count() {
		a.Forgot.Relationships = append(a.Forgot.Relationships, addresses.relationship(d, d.text()))
	}
	return a
}

func appendCounts(b []byte, counts map[string]int) []byte {
	b = binary.AppendUvarint(b, uint64(len(counts)))
	for _, action := range slices.Sorted(maps.Keys(counts)) {
		b = binary.AppendVarint(appendText(b, action), int64(counts[action]))
	}
	return b
}

// counts reads what appendCounts wrote; nil: there are none.
func (d *decoder) counts() map[string]int {
	var counts map[string]int
	for range d.count() {
		if counts == nil {
			counts = map[string]int{}
		}
		action := d.text()
		counts[action] = int(d.varint())
	}
	return counts
}

// Did is what a write that was done did to its item: add, edit or delete; "" when it was not done. Marks, retirements and releases are edits.
func (e Entry) Did() string {
	switch {
	case e.Outcome != providers.Done:
		return ""
	case e.Kind == providers.Create:
		return "add"
	case e.Kind == providers.Delete:
		return "delete"
	}
	return "edit"
}

// Count adds a write to what the apply wrote.
func (a *Apply) Count(e Entry) {
	did := e.Did()
	if did == "" {
		return
	}
	if a.Wrote == nil {
		a.Wrote = map[string]map[string]int{}
	}
	if a.Wrote[e.Relationship] == nil {
		a.Wrote[e.Relationship] = map[string]int{}
	}
	a.Wrote[e.Relationship][did]++
}

// outcomes are numbered by their place, which never changes.
var outcomes = [...]providers.Class{
	"", providers.Done, providers.Stale, providers.Missing, providers.Throttled, providers.Transient, providers.Refused,
	providers.Unauthorized, providers.Unreachable, providers.Unknown,
}

// What the flags of an entry say, besides its kind in the lowest two bits and its outcome in the next four. Each says that something is
// there and follows.
const (
	entryKind         = 3
	entryOutcomeShift = 2
	entryOutcome      = 15
)

const (
	entryRef = 1 << (iota + 6)
	entryToken
	entryUID
	entryDigest
	entryImages
	entryReason
	entryNewRef
	entryNewVersion
	entryOtherOutcome // the outcome is none of the known: a text
	entryFormerly
)

func (a *addresses) appendEntry(b []byte, e Entry) ([]byte, error) {
	outcome := slices.Index(outcomes[:], e.Outcome)
	flags := uint64(e.Kind)&entryKind | uint64(max(outcome, 0))<<entryOutcomeShift
	for i, there := range [...]bool{
		e.Ref != "", e.Token != "", e.UID != "", e.Digest != 0, len(e.Images) > 0, e.Reason != "", e.NewRef != "", e.NewVersion != "", outcome < 0, len(e.Formerly) > 0,
	} {
		flags |= uint64(bit(there)) * entryRef << i
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(a.number(e.Relationship)))
	b = binary.AppendUvarint(b, uint64(a.number(e.Folder)))
	b = binary.AppendVarint(b, int64(e.Generation))
	b = a.words.appendName(b, e.Original, "")
	if e.UID != "" {
		b = appendPackedAs(b, e.UID, e.Original)
	}
	if e.Token != "" {
		b = appendPackedAs(b, e.Token, e.UID)
	}
	if e.Ref != "" {
		b = appendPackedAs(b, e.Ref, e.Original)
	}
	if e.NewRef != "" {
		b = appendPackedAs(b, e.NewRef, e.UID)
	}
	if e.NewVersion != "" {
		b = appendPacked(b, e.NewVersion)
	}
	if e.Digest != 0 {
		b = a.words.append(b, binary.LittleEndian.AppendUint64(nil, e.Digest))
	}
	if len(e.Images) > 0 {
		b = appendText(b, string(e.Images))
	}
	if e.Reason != "" {
		b = appendText(b, e.Reason)
	}
	if outcome < 0 {
		b = appendText(b, string(e.Outcome))
	}
	if len(e.Formerly) == 0 {
		return b, nil
	}
	b = binary.AppendUvarint(b, uint64(len(e.Formerly)))
	var err error
	for _, f := range e.Formerly {
		if b, err = a.appendFormer(b, f, e); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// What the flags of a former pair say. With none of them, it is a new pair of the entry's relationship and original that needed this write alone: almost all are.
const (
	formerOther  = 1 << iota // its relationship and original follow
	formerPair               // what it was follows
	formerWrites             // the numbers of the writes that it needed follow
)

func (a *addresses) appendFormer(b []byte, f Former, e Entry) ([]byte, error) {
	other := f.PairKey != PairKey{e.Relationship, e.Original}
	writes := len(f.Writes) != 1 || f.Writes[0] != e.Seq
	b = append(b, bit(other)*formerOther|bit(f.Pair != nil)*formerPair|bit(writes)*formerWrites)
	if other {
		b = appendPacked(binary.AppendUvarint(b, uint64(a.number(f.Relationship))), f.Original)
	}
	if writes {
		b = binary.AppendUvarint(b, uint64(len(f.Writes)))
		for _, seq := range f.Writes {
			b = binary.AppendUvarint(b, uint64(seq))
		}
	}
	if f.Pair == nil {
		return b, nil
	}
	b = appendPackedAs(b, f.Pair.Original, f.Original) // of its relationship it stays
	own, err := a.appendPair(nil, *f.Pair)
	return appendText(b, string(own)), err
}

func (a *addresses) former(d *decoder, e Entry) Former {
	flags := d.byte()
	f := Former{PairKey: PairKey{e.Relationship, e.Original}, Writes: []uint32{e.Seq}}
	if flags&formerOther != 0 {
		f.PairKey = PairKey{a.address(d), d.packed()}
	}
	if flags&formerWrites != 0 {
		f.Writes = nil
		for range d.count() {
			f.Writes = append(f.Writes, uint32(d.uvarint()))
		}
	}
	if flags&formerPair != 0 {
		original := d.packedAs(f.Original)
		own := decoder{b: []byte(d.text())}
		pair := a.pair(&own, f.Relationship, original)
		f.Pair = &pair
		d.join(own)
	}
	return f
}

func (a *addresses) entry(d *decoder, apply uint64, seq uint32) Entry {
	e := Entry{Apply: apply, Seq: seq}
	flags := d.uvarint()
	there := func(what uint64) bool { return flags&what != 0 }
	e.Kind = providers.WriteKind(flags & entryKind)
	if e.Kind > providers.Delete {
		d.fail("its kind is unknown")
	}
	e.Relationship = a.address(d)
	e.Folder = a.address(d)
	e.Generation = int(d.varint())
	e.Original = a.words.name(d, "")
	if there(entryUID) {
		e.UID = d.packedAs(e.Original)
	}
	if there(entryToken) {
		e.Token = d.packedAs(e.UID)
	}
	if there(entryRef) {
		e.Ref = d.packedAs(e.Original)
	}
	if there(entryNewRef) {
		e.NewRef = d.packedAs(e.UID)
	}
	if there(entryNewVersion) {
		e.NewVersion = d.packed()
	}
	if there(entryDigest) {
		digest, _ := a.words.read(d)
		own := decoder{b: digest}
		e.Digest = own.fixed64()
		d.join(own)
	}
	if there(entryImages) {
		e.Images = []byte(d.text())
	}
	if there(entryReason) {
		e.Reason = d.text()
	}
	switch i := int(flags >> entryOutcomeShift & entryOutcome); {
	case there(entryOtherOutcome):
		e.Outcome = providers.Class(d.text())
	case i < len(outcomes):
		e.Outcome = outcomes[i]
	default:
		d.fail("its outcome is unknown")
	}
	if there(entryFormerly) {
		for range d.count() {
			e.Formerly = append(e.Formerly, a.former(d, e))
		}
	}
	return e
}
