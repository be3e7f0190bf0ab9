package state

import (
	"encoding/binary"
	"fmt"
)

func (s *db) Commit(b *Batch) error {
	durable, err := s.Enqueue(b)
	if err != nil {
		return err
	}
	return durable()
}

func (s *db) Enqueue(b *Batch) (durable func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := writer{addresses: s.addresses}
	w.drops(b)
	if err := w.puts(b); err != nil {
		return nil, err
	}
	header := s.header
	if b.Workspace != "" {
		header.Workspace = b.Workspace
	}
	for _, a := range b.Applies {
		header.LastApply = max(header.LastApply, a.Number)
	}
	if header != s.header {
		w.put([]byte{byte(headerSpace)}, appendHeader(nil, header))
	}
	added := s.addresses.since(s.recorded)
	for i, address := range added {
		w.put(addressSpace.numbered(uint32(s.recorded+i)), []byte(address))
	}
	words := s.addresses.words.since(s.worded)
	for i, text := range words {
		w.put(wordSpace.numbered(uint32(s.worded+i)), []byte(text))
	}
	if len(w.changes) == 0 {
		return nothingToWaitFor, nil
	}
	if durable, err = s.kv.commit(w.changes); err != nil {
		return nil, err
	}
	s.header = header
	s.recorded += len(added)
	s.worded += len(words)
	return durable, nil
}

// writer turns a Batch into changes of keys.
type writer struct {
	addresses *addresses
	changes   []change
}

func (w *writer) put(key, value []byte) {
	w.changes = append(w.changes, change{key: key, value: value})
}

func (w *writer) drop(key []byte) { w.changes = append(w.changes, change{key: key}) }

func (w *writer) dropRange(from, to []byte) {
	w.changes = append(w.changes, change{key: from, end: to})
}

func (w *writer) drops(b *Batch) {
	for _, address := range b.DropFolders {
		w.dropOwner(folderSpace, itemSpace, address)
	}
	for _, address := range b.DropRelations {
		w.dropOwner(relationshipSpace, pairSpace, address)
	}
	for _, address := range b.DropData {
		if n, ok := w.addresses.known(address); ok {
			w.drop(dataSpace.numbered(n))
		}
	}
	for _, address := range b.DropHealth {
		w.dropHealth(address)
	}
	for _, item := range b.DropItems {
		if n, ok := w.addresses.known(item.Folder); ok {
			w.drop(itemSpace.of(n, item.Ref))
		}
	}
	for _, pair := range b.DropPairs {
		if n, ok := w.addresses.known(pair.Relationship); ok {
			w.drop(pairSpace.of(n, pair.Original))
		}
	}
	for _, apply := range b.DropApplies {
		w.drop(applySpace.apply(apply))
		for _, in := range []space{entrySpace, openSpace} {
			from := in.apply(apply)
			w.dropRange(from, after(from))
		}
	}
}

// dropOwner removes an address's own record and everything that belongs to it.
func (w *writer) dropOwner(own, owned space, address string) {
	if n, ok := w.addresses.known(address); ok {
		w.drop(own.numbered(n))
		w.dropRange(owned.within(n))
	}
}

func (w *writer) puts(b *Batch) error {
	for _, f := range b.Folders {
		w.put(folderSpace.numbered(w.addresses.number(f.Address)), appendFolder(nil, f))
	}
	for _, r := range b.Relationships {
		w.put(relationshipSpace.numbered(w.addresses.number(r.Address)), w.addresses.appendRelationship(nil, r))
	}
	for _, d := range b.Data {
		w.put(dataSpace.numbered(w.addresses.number(d.Address)), binary.AppendUvarint(nil, uint64(d.Rows)))
	}
	w.healths(b.Health)
	for _, it := range b.Items {
		w.put(itemSpace.of(w.addresses.number(it.Folder), it.Ref), w.addresses.appendItem(nil, it.Item))
	}
	for _, p := range b.Pairs {
		value, err := w.addresses.appendPair(nil, p)
		if err != nil {
			return fmt.Errorf("state: record the pair of %q in %s: %w", p.Original, p.Relationship, err)
		}
		w.put(pairSpace.of(w.addresses.number(p.Relationship), p.Original), value)
	}
	for _, a := range b.Applies {
		w.put(applySpace.apply(a.Number), w.addresses.appendApply(nil, a))
	}
	for _, e := range b.Entries {
		value, err := w.addresses.appendEntry(nil, e)
		if err != nil {
			return fmt.Errorf("state: record entry %d of apply %d: %w", e.Seq, e.Apply, err)
		}
		w.put(entrySpace.entry(e.Apply, e.Seq), value)
		open := openSpace.entry(e.Apply, e.Seq)
		if e.Outcome == "" {
			w.put(open, []byte{0})
		} else {
			w.drop(open)
		}
	}
	return nil
}
