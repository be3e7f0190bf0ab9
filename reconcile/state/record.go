package state

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/accord-sync/accord/schema/pim"
)

// Records of which there are few are written plainly; those of every item, pair and write leave out what follows from the rest.

func appendHeader(b []byte, h Header) []byte {
	return binary.AppendUvarint(appendText(b, h.Workspace), h.LastApply)
}

func (d *decoder) header() Header {
	return Header{Workspace: d.text(), LastApply: d.uvarint()}
}

func appendFolder(b []byte, f Folder) []byte {
	for _, s := range []string{f.Location, f.Identity, f.Cursor, string(f.Kind), string(f.Block)} {
		b = appendText(b, s)
	}
	if !f.Read.IsZero() {
		b = appendTime(b, f.Read)
	}
	return b
}

func (d *decoder) folder(address string) Folder {
	f := Folder{Address: address, Location: d.text(), Identity: d.text(), Cursor: d.text(), Kind: pim.Kind(d.text())}
	if block := d.text(); block != "" {
		f.Block = []byte(block)
	}
	if d.err == nil && len(d.b) > 0 {
		f.Read = d.time()
	}
	return f
}

func (a *addresses) appendRelationship(b []byte, r Relationship) []byte {
	b = binary.AppendUvarint(b, uint64(a.number(r.Source)))
	b = binary.AppendUvarint(b, uint64(a.number(r.Destination)))
	for _, s := range []string{r.OnRemove, r.OnLeaver, r.Existing, r.Fingerprint, r.Block, r.Key, r.Undone} {
		b = appendText(b, s)
	}
	return appendTime(append(b, bit(r.Coalesce)*relationshipCoalesces|bit(r.Rebuilt)*relationshipRebuilt|bit(r.Unwritten)*relationshipUnwritten), r.Since)
}

func (a *addresses) relationship(d *decoder, address string) Relationship {
	r := Relationship{
		Address: address, Source: a.address(d), Destination: a.address(d),
		OnRemove: d.text(), OnLeaver: d.text(), Existing: d.text(), Fingerprint: d.text(), Block: d.text(), Key: d.text(), Undone: d.text(),
	}
	flags := d.byte()
	r.Coalesce, r.Rebuilt, r.Unwritten = flags&relationshipCoalesces != 0, flags&relationshipRebuilt != 0, flags&relationshipUnwritten != 0
	r.Since = d.time()
	return r
}

// What the flags of a relationship say.
const (
	relationshipCoalesces = 1 << iota
	relationshipRebuilt
	relationshipUnwritten
)

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// What the first byte of an item says.
const (
	itemNamed      = 1 << iota // its UID is the ref without ending, and its key the UID: neither is written
	itemUnreadable             // the reason follows
	itemDue                    // a time follows
	itemSeen                   // a time follows
	itemOut                    // addresses follow
	itemMatch                  // hashes follow
	itemNames                  // hashes follow
)

func (a *addresses) appendItem(b []byte, it Item) []byte {
	uid, ending := splitEnding(lastPart(it.Ref))
	named := it.UID == uid && ending > 0 && it.Key == it.UID
	flags := bit(named) * itemNamed
	flags |= bit(it.Unreadable != "")*itemUnreadable | bit(!it.Due.IsZero())*itemDue | bit(!it.Seen.IsZero())*itemSeen |
		bit(len(it.Out) > 0)*itemOut | bit(len(it.Match) > 0)*itemMatch | bit(len(it.Names) > 0)*itemNames
	b = append(b, flags)
	if !named {
		b = a.words.appendName(b, it.UID, it.Ref)
		b = appendPackedAs(b, it.Key, it.UID)
	}
	b = a.words.appendName(b, it.Version, "")
	if it.Unreadable != "" {
		b = appendText(b, it.Unreadable)
	}
	for _, at := range []time.Time{it.Due, it.Seen} {
		if !at.IsZero() {
			b = appendTime(b, at)
		}
	}
	if len(it.Out) > 0 {
		b = binary.AppendUvarint(b, uint64(len(it.Out)))
		for _, address := range it.Out {
			b = binary.AppendUvarint(b, uint64(a.number(address)))
		}
	}
	if len(it.Match)+len(it.Names) == 0 {
		return b
	}
	var found []byte
	for _, hashes := range [][]uint64{it.Match, it.Names} {
		if len(hashes) > 0 {
			found = appendHashes(found, hashes)
		}
	}
	return a.words.append(b, found)
}

func appendHashes(b []byte, hashes []uint64) []byte {
	b = binary.AppendUvarint(b, uint64(len(hashes)))
	for _, h := range hashes {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	return b
}

func (d *decoder) hashes() []uint64 {
	var out []uint64
	for n := d.uvarint(); n > 0 && d.err == nil; n-- {
		out = append(out, d.fixed64())
	}
	return out
}

func (a *addresses) item(d *decoder, ref string) Item {
	it := Item{Ref: ref}
	flags := d.byte()
	if flags&itemNamed != 0 {
		it.UID, _ = splitEnding(lastPart(ref))
		it.Key = it.UID
	} else {
		it.UID = a.words.name(d, ref)
		it.Key = d.packedAs(it.UID)
	}
	it.Version = a.words.name(d, "")
	if flags&itemUnreadable != 0 {
		it.Unreadable = d.text()
	}
	if flags&itemDue != 0 {
		it.Due = d.time()
	}
	if flags&itemSeen != 0 {
		it.Seen = d.time()
	}
	if flags&itemOut != 0 {
		for n := d.uvarint(); n > 0 && d.err == nil; n-- {
			it.Out = append(it.Out, a.address(d))
		}
	}
	if flags&(itemMatch|itemNames) == 0 {
		return it
	}
	text, _ := a.words.read(d)
	found := decoder{b: text}
	if flags&itemMatch != 0 {
		it.Match = found.hashes()
	}
	if flags&itemNames != 0 {
		it.Names = found.hashes()
	}
	d.join(found)
	return it
}

// statuses are numbered by their place, which never changes.
var statuses = [...]Status{Active, Waiting, Retired, Pruned, Ignored}

// What the flags of a pair say, besides its status in the lowest three bits.
const (
	pairStatus    = 7
	pairAdopted   = 1 << (iota + 2)
	pairSameBase  // both sides hold the same
	pairRefused   // the digest follows
	pairFrom      // a time follows
	pairTo        // a time follows
	pairOtherText // the status is none of the known: a text
	pairOut
	pairSettling
	pairLateChanged
	pairLateCancelled
	pairUntil // a time follows
	pairUndo  // its number follows
	pairRemade
)

func (a *addresses) appendPair(b []byte, p Pair) ([]byte, error) {
	flags := slices.Index(statuses[:], p.Status)
	if flags < 0 {
		flags = pairOtherText
	}
	same := equalDigests(p.BaseOriginal, p.BaseReplica)
	flags |= int(bit(p.Adopted))*pairAdopted | int(bit(same))*pairSameBase | int(bit(p.Refused != 0))*pairRefused |
		int(bit(!p.From.IsZero()))*pairFrom | int(bit(!p.To.IsZero()))*pairTo |
		int(bit(p.Rest == Out))*pairOut | int(bit(p.Rest == Settling))*pairSettling |
		int(bit(p.Late == LateChanged))*pairLateChanged | int(bit(p.Late == LateCancelled))*pairLateCancelled | int(bit(!p.Until.IsZero()))*pairUntil |
		int(bit(p.Undo != 0))*pairUndo | int(bit(p.Remade))*pairRemade
	b = binary.AppendUvarint(b, uint64(flags))
	b = binary.AppendVarint(b, int64(p.Generation))
	b = a.words.appendName(b, p.OriginalRef, p.Original)
	b = appendPackedAs(b, p.Replica, p.Original)
	b = appendPackedAs(b, p.ReplicaRef, p.Replica)
	if flags&pairOtherText != 0 {
		b = appendText(b, string(p.Status))
	}
	if p.Refused != 0 {
		b = binary.LittleEndian.AppendUint64(b, p.Refused)
	}
	if !p.From.IsZero() {
		b = appendTime(b, p.From)
	}
	for _, at := range []time.Time{p.To, p.Until} {
		if !at.IsZero() {
			b = appendTime(b, at)
		}
	}
	if p.Undo != 0 {
		b = binary.LittleEndian.AppendUint64(b, p.Undo)
	}
	return a.words.appendBases(b, p, same)
}

func (a *addresses) pair(d *decoder, relationship, original string) Pair {
	p := Pair{Relationship: relationship, Original: original}
	flags := d.uvarint()
	p.Generation = int(d.varint())
	p.OriginalRef = a.words.name(d, original)
	p.Replica = d.packedAs(original)
	p.ReplicaRef = d.packedAs(p.Replica)
	p.Adopted, p.Remade = flags&pairAdopted != 0, flags&pairRemade != 0
	switch i := int(flags & pairStatus); {
	case flags&pairOtherText != 0:
		p.Status = Status(d.text())
	case i < len(statuses):
		p.Status = statuses[i]
	default:
		d.fail("its status is unknown")
	}
	if flags&pairRefused != 0 {
		p.Refused = d.fixed64()
	}
	if flags&pairFrom != 0 {
		p.From = d.time()
	}
	if flags&pairTo != 0 {
		p.To = d.time()
	}
	if flags&pairUntil != 0 {
		p.Until = d.time()
	}
	if flags&pairUndo != 0 {
		p.Undo = d.fixed64()
	}
	switch {
	case flags&pairOut != 0:
		p.Rest = Out
	case flags&pairSettling != 0:
		p.Rest = Settling
	}
	switch {
	case flags&pairLateChanged != 0:
		p.Late = LateChanged
	case flags&pairLateCancelled != 0:
		p.Late = LateCancelled
	}
	base := a.words.readBases(d, flags&pairSameBase != 0)
	p.BaseOriginal, p.BaseReplica = base.original, base.replica
	return p
}
