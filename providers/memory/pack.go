package memory

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"

	"github.com/accord-sync/accord/schema/pim"
)

// Pack has the store keep no more than so many folders as they are used, and the others compressed: it may then hold millions of items. 0: all, as they are used.
func (s *Store) Pack(most int) {
	s.packing.Lock()
	defer s.packing.Unlock()
	s.most = most
}

// lock locks the folder, and unpacks it.
func (f *Folder) lock() {
	f.mu.Lock()
	if f.packed != nil {
		f.unpack()
	}
	f.store.used(f)
}

// used notes that a folder is used, and packs the one that was not for longest when there are too many. One that is used just now stays.
func (s *Store) used(f *Folder) {
	s.packing.Lock()
	defer s.packing.Unlock()
	if s.most == 0 || f.turn != 0 && f.turn == s.turns {
		return
	}
	s.turns++
	if f.turn == 0 {
		s.awake = append(s.awake, f)
	}
	f.turn = s.turns
	if len(s.awake) <= s.most {
		return
	}
	oldest := 0
	for i, other := range s.awake {
		if other.turn < s.awake[oldest].turn {
			oldest = i
		}
	}
	if out := s.awake[oldest]; out.mu.TryLock() {
		defer out.mu.Unlock()
		out.pack()
		out.turn = 0
		s.awake[oldest] = s.awake[len(s.awake)-1]
		s.awake = s.awake[:len(s.awake)-1]
	}
}

// pack compresses what the folder holds. The caller holds the lock.
func (f *Folder) pack() {
	var b []byte
	text := func(list ...string) {
		for _, s := range list {
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(f.records)))
	for _, r := range f.records {
		var data []byte
		there := byte(0)
		if r.item != nil {
			data, there = r.item.Bytes(), 1
		}
		if r.hidden {
			there |= 2
		}
		b = binary.AppendUvarint(append(b, there), r.seq)
		text(r.ref, r.broken, r.version, r.previous, string(data))
	}
	for token, ref := range f.tokens {
		text(token, ref)
	}
	var out bytes.Buffer
	zip, err := flate.NewWriter(&out, flate.BestSpeed)
	if err == nil {
		_, err = zip.Write(b)
	}
	if err != nil || zip.Close() != nil {
		return // it stays as it is
	}
	f.packed, f.records, f.uids, f.tokens = bytes.Clone(out.Bytes()), nil, nil, nil
}

// unpack is pack undone. The caller holds the lock.
func (f *Folder) unpack() {
	b, err := io.ReadAll(flate.NewReader(bytes.NewReader(f.packed)))
	if err != nil {
		return
	}
	number := func() uint64 {
		n, k := binary.Uvarint(b)
		b = b[k:]
		return n
	}
	text := func() string {
		n := number()
		s := string(b[:n])
		b = b[n:]
		return s
	}
	f.packed, f.records, f.uids, f.tokens = nil, map[string]*record{}, map[string]int{}, map[string]string{}
	for range number() {
		there := b[0]
		b = b[1:]
		r := &record{seq: number(), hidden: there&2 != 0}
		r.ref, r.broken, r.version, r.previous = text(), text(), text(), text()
		data := []byte(text())
		if there&1 != 0 {
			r.item, _ = pim.Parse(f.kind, data) // it was one when it was stored
		}
		f.records[r.ref] = r
		if uid := r.uid(); uid != "" {
			f.uids[uid]++
		}
	}
	for len(b) > 0 {
		token := text()
		f.tokens[token] = text()
	}
}
