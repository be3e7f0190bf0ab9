package state

import "encoding/binary"

// The keys of a state. Numbers in keys have a fixed length and are big-endian, so that keys sort by them; addresses of folders and
// relationships are kept once, by number.
//
//	h                        header
//	n number                 an address
//	w number                 a word: what records have in common
//	f number                 folder
//	i number ref             item of a folder
//	r number                 relationship
//	d number                 data block
//	p number original        pair of a relationship
//	q number                 health of a relationship or folder
//	a apply                  apply
//	j apply seq              journal entry
//	o apply seq              its outcome is not known
type space byte

const (
	headerSpace       space = 'h'
	addressSpace      space = 'n'
	wordSpace         space = 'w'
	folderSpace       space = 'f'
	itemSpace         space = 'i'
	relationshipSpace space = 'r'
	dataSpace         space = 'd'
	pairSpace         space = 'p'
	healthSpace       space = 'q'
	applySpace        space = 'a'
	entrySpace        space = 'j'
	openSpace         space = 'o'
)

// bounds are the first key of a space and the first one after it.
func (s space) bounds() (from, to []byte) { return []byte{byte(s)}, []byte{byte(s) + 1} }

// numbered is the key of an address's own record in a space, and the start of the keys of what belongs to it.
func (s space) numbered(n uint32) []byte {
	return binary.BigEndian.AppendUint32([]byte{byte(s)}, n)
}

// within are the bounds of what belongs to an address.
func (s space) within(n uint32) (from, to []byte) {
	from = s.numbered(n)
	return from, after(from)
}

// of is the key of an item or pair, by ref or original.
func (s space) of(n uint32, name string) []byte { return appendPacked(s.numbered(n), name) }

// apply is the key of an apply, and the start of the keys of its entries.
func (s space) apply(number uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{byte(s)}, number)
}

// entry is the key of an entry.
func (s space) entry(apply uint64, seq uint32) []byte {
	return binary.BigEndian.AppendUint32(s.apply(apply), seq)
}

// after is the first key behind all keys that start with prefix.
func after(prefix []byte) []byte {
	end := append([]byte(nil), prefix...)
	for i := len(end) - 1; i > 0; i-- {
		end[i]++
		if end[i] != 0 {
			return end
		}
	}
	end[0]++
	return end[:1]
}

const (
	numberedLen = 1 + 4
	applyLen    = 1 + 8
	entryLen    = applyLen + 4
)

// splitNumbered gives back what numbered and of put together.
func splitNumbered(key []byte) (n uint32, rest []byte, err error) {
	if len(key) < numberedLen {
		return 0, nil, badRecord("its key is too short")
	}
	return binary.BigEndian.Uint32(key[1:]), key[numberedLen:], nil
}

// splitEntry gives back what entry put together.
func splitEntry(key []byte) (apply uint64, seq uint32, err error) {
	if len(key) != entryLen {
		return 0, 0, badRecord("its key has the wrong length")
	}
	return binary.BigEndian.Uint64(key[1:]), binary.BigEndian.Uint32(key[applyLen:]), nil
}

// splitApply gives back what apply put together.
func splitApply(key []byte) (uint64, error) {
	if len(key) != applyLen {
		return 0, badRecord("its key has the wrong length")
	}
	return binary.BigEndian.Uint64(key[1:]), nil
}
