package reconcile

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// index knows the items of a folder by their keys. A table that nothing was put into is nil.
type index struct {
	room   *scratch.Store
	kind   pim.Kind
	shared *shared

	byKey  *scratch.Table[entry]
	byUID  *scratch.Table[[]string] // UID → keys, where they differ from the key itself
	byMark *scratch.Table[[]string] // original's key → keys of items whose markers name it
	byHash *scratch.Table[[]string] // match key, or UID that is referred to, as a hash → keys of items that have it
	bodies *scratch.Table[*pim.Item]

	numbers    uint32
	visited    []uint64 // a bit for each entry, by number: a part of the plan has decided it
	ghosts     map[string]bool
	lost       []string              // keys of items whose UID says that they are replicas, and nothing says of what
	made       map[string]pim.Marker // by key: of new items, the marker that they would carry if the folder kept any
	unreadable map[string]string     // by ref, with the reason
	titles     map[string]string     // by ref, of what is unreadable
	others     map[string]bool       // by ref: what is there now is another item than the one recorded
}

// entry is one item of an index.
type entry struct {
	ref, version, uid string
	unreadable        string    // why it cannot be understood
	former            string    // ref of a recorded item that had the key and is gone
	since             time.Time // when it was changed last, by the store or by what an apply saw; zero: nobody knows
	due               time.Time // as recorded; of news, zero
	found             uint64    // digest of what is recorded that it is found by, and left out of; of news, zero
	number            uint32
	flags             entryFlags
}

type entryFlags byte

const (
	isChanged entryFlags = 1 << iota // not as recorded
	isNews                           // the state does not know it as it is: it is to be recorded
	isGone                           // recorded, not there any more
	isUnseen                         // recorded, and a partial read did not show it
	isKeyed                          // recorded with its match keys
)

func (en entry) is(f entryFlags) bool { return en.flags&f != 0 }

func newIndex(room *scratch.Store, kind pim.Kind, shared *shared) *index {
	return &index{room: room, kind: kind, shared: shared, byKey: scratch.NewTable(room, entryCodec), ghosts: map[string]bool{}, made: map[string]pim.Marker{}, unreadable: map[string]string{}, titles: map[string]string{}, others: map[string]bool{}}
}

// add gives an item its key.
func (x *index) add(key string, en entry) {
	if en.unreadable != "" && !en.is(isGone) {
		x.unreadable[en.ref] = en.unreadable
	}
	if old, known := x.byKey.Get(key); known && old.is(isNews) && old.is(isGone) {
		en.former = old.ref
	}
	en.number = x.numbers
	x.numbers++
	if n := int(en.number / 64); n == len(x.visited) {
		x.visited = append(x.visited, 0)
	}
	x.byKey.Set(key, en)
	if !en.is(isGone) && en.uid != "" && en.uid != key {
		x.name(&x.byUID, en.uid, key)
	}
}

// lose says that a recorded item is gone; another one may have its key by now.
func (x *index) lose(key, ref, uid string) {
	if en, known := x.byKey.Get(key); known {
		en.former = ref
		x.byKey.Set(key, en)
		return
	}
	x.add(key, entry{ref: ref, uid: uid, flags: isChanged | isNews | isGone})
}

// name adds a key to those that a table has for a name.
func (x *index) name(table **scratch.Table[[]string], name, key string) {
	if *table == nil {
		*table = scratch.NewTable(x.room, keysCodec)
	}
	keys, _ := (*table).Get(name)
	(*table).Set(name, append(keys, key))
}

// body keeps what an item says.
func (x *index) body(key string, it *pim.Item) {
	if x.bodies == nil {
		x.bodies = scratch.NewTable(x.room, bodyCodec(x.kind, x.shared))
	}
	x.bodies.Set(key, it)
}

// hash adds a key to those that have each of some hashes.
func (x *index) hash(key string, hashes []uint64) {
	for _, h := range hashes {
		x.name(&x.byHash, hashName(h), key)
	}
}

// sharing are the keys of the items that are there and have one of some hashes.
func (x *index) sharing(hashes []uint64) []string {
	var out []string
	for _, h := range hashes {
		keys, _ := x.byHash.Get(hashName(h))
		for _, key := range keys {
			if x.there(key) {
				out = append(out, key)
			}
		}
	}
	return out
}

// foundBy is a digest of what is recorded of an item that it is found by, and of the windows that leave it out.
func foundBy(it state.Item) uint64 {
	var b []byte
	for _, hashes := range [][]uint64{it.Match, it.Names} {
		b = binary.AppendUvarint(b, uint64(len(hashes)))
		for _, h := range hashes {
			b = binary.LittleEndian.AppendUint64(b, h)
		}
	}
	return xxhash.Sum64(scratch.Append(b, it.Out...))
}

// hashName is a hash as the name of a table's row.
func hashName(h uint64) string { return string(binary.LittleEndian.AppendUint64(nil, h)) }

// there reports whether an item is there, or may be.
func (x *index) there(key string) bool {
	en, known := x.byKey.Get(key)
	return known && !en.is(isGone)
}

// keysOf are the keys of the items that are there and hold a UID.
func (x *index) keysOf(uid string) []string {
	keys, _ := x.byUID.Get(uid)
	if x.there(uid) {
		keys = append(slices.Clone(keys), uid)
	}
	return keys
}

// visit says that a part of the plan has decided an item.
func (x *index) visit(key string) {
	if en, known := x.byKey.Get(key); known {
		x.visited[en.number/64] |= 1 << (en.number % 64)
	} else {
		x.ghosts[key] = true
	}
}

// isVisited reports whether a part of the plan has decided an item.
func (x *index) isVisited(key string) bool {
	if en, known := x.byKey.Get(key); known {
		return x.visited[en.number/64]&(1<<(en.number%64)) != 0
	}
	return x.ghosts[key]
}

// forgetVisits lets everything be decided again.
func (x *index) forgetVisits() {
	clear(x.visited)
	clear(x.ghosts)
}

var entryCodec = &scratch.Codec[entry]{
	Encode: func(b []byte, en entry) []byte {
		b = scratch.Append(b, en.ref, en.version, en.uid, en.unreadable, en.former)
		b = binary.LittleEndian.AppendUint64(scratch.AppendTimes(b, en.since, en.due), en.found)
		return append(binary.LittleEndian.AppendUint32(b, en.number), byte(en.flags))
	},
	Decode: func(b []byte) (en entry) {
		b = scratch.Take(b, &en.ref, &en.version, &en.uid, &en.unreadable, &en.former)
		b = scratch.TakeTimes(b, &en.since, &en.due)
		en.found, b = binary.LittleEndian.Uint64(b), b[8:]
		en.number, en.flags = binary.LittleEndian.Uint32(b), entryFlags(b[4])
		return en
	},
	Size: func(en entry) int { return 156 + len(en.ref) + len(en.version) + len(en.uid) },
}

var keysCodec = &scratch.Codec[[]string]{
	Encode: func(b []byte, keys []string) []byte { return scratch.Append(b, keys...) },
	Decode: func(b []byte) (keys []string) {
		for len(b) > 0 {
			var key string
			b = scratch.Take(b, &key)
			keys = append(keys, key)
		}
		return keys
	},
	Size: func(keys []string) int { return 64 * len(keys) },
}

// bodyCodec keeps items as their bytes. They were understood once.
func bodyCodec(kind pim.Kind, shared *shared) *scratch.Codec[*pim.Item] {
	return &scratch.Codec[*pim.Item]{
		Encode: func(b []byte, it *pim.Item) []byte { return append(b, it.Bytes()...) },
		Decode: func(b []byte) *pim.Item {
			if it := shared.find(kind, b); it != nil {
				return it
			}
			it, err := pim.Parse(kind, slices.Clone(b))
			if err != nil {
				return pim.New(kind, "")
			}
			return it
		},
		Size: func(it *pim.Item) int { return 256 + len(it.Bytes()) },
	}
}
