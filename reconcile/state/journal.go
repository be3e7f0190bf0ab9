package state

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/accord-sync/accord/providers"
)

func appendApply(b []byte, a Apply) []byte {
	b = appendText(appendText(b, a.Plan), a.By)
	b = appendTime(appendTime(b, a.Started), a.Finished)
	b = binary.AppendUvarint(b, uint64(len(a.Counts)))
	for _, action := range slices.Sorted(maps.Keys(a.Counts)) {
		b = binary.AppendVarint(appendText(b, action), int64(a.Counts[action]))
	}
	return b
}

func (d *decoder) apply(number uint64) Apply {
	a := Apply{Number: number, Plan: d.text(), By: d.text(), Started: d.time(), Finished: d.time()}
	for range d.count() {
		if a.Counts == nil {
			a.Counts = map[string]int{}
		}
		action := d.text()
		a.Counts[action] = int(d.varint())
	}
	return a
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
	entrySent
	entryBefore
	entryReason
	entryNewRef
	entryNewVersion
	entryOtherOutcome // the outcome is none of the known: a text
)

func (a *addresses) appendEntry(b []byte, e Entry) []byte {
	outcome := slices.Index(outcomes[:], e.Outcome)
	flags := uint64(e.Kind)&entryKind | uint64(max(outcome, 0))<<entryOutcomeShift
	for i, there := range [...]bool{
		e.Ref != "", e.Token != "", e.UID != "", e.Sent != 0, len(e.Before) > 0, e.Reason != "", e.NewRef != "", e.NewVersion != "", outcome < 0,
	} {
		flags |= uint64(bit(there)) * entryRef << i
	}
	b = binary.AppendUvarint(b, flags)
	b = binary.AppendUvarint(b, uint64(a.number(e.Relationship)))
	b = binary.AppendUvarint(b, uint64(a.number(e.Folder)))
	b = binary.AppendVarint(b, int64(e.Generation))
	b = appendPacked(b, e.Original)
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
	if e.Sent != 0 {
		b = binary.LittleEndian.AppendUint64(b, e.Sent)
	}
	if len(e.Before) > 0 {
		b = appendText(b, string(e.Before))
	}
	if e.Reason != "" {
		b = appendText(b, e.Reason)
	}
	if outcome < 0 {
		b = appendText(b, string(e.Outcome))
	}
	return b
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
	e.Original = d.packed()
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
	if there(entrySent) {
		e.Sent = d.fixed64()
	}
	if there(entryBefore) {
		e.Before = []byte(d.text())
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
	return e
}
