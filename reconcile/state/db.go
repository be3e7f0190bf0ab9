package state

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// db is a Store over a kv: it knows what the records are, and nothing of disks.
type db struct {
	path   string
	kv     kv
	unlock func() error // what Close does last
	pauses func() []Pause

	addresses *addresses

	mu       sync.Mutex // one Commit at a time
	recorded int        // how many addresses are in kv
	worded   int        // and how many words
	header   Header
}

func newDB(path string, kv kv) *db {
	a := newAddresses()
	return &db{path: path, kv: kv, unlock: func() error { return nil }, pauses: func() []Pause { return nil }, addresses: a, recorded: a.len(), header: Header{Format: Format}}
}

// load reads what a db keeps in memory: the header, the addresses and the words.
func (s *db) load() error {
	value, err := s.kv.get([]byte{byte(headerSpace)})
	if err != nil {
		return err
	}
	if value != nil {
		d := decoder{b: value}
		s.header = d.header()
		s.header.Format = Format
		if err := d.done(); err != nil {
			return s.corrupt("the header", err)
		}
	}
	from, to := addressSpace.bounds()
	err = s.kv.scan(from, to, func(key, value []byte) error {
		n, rest, err := splitNumbered(key)
		if err == nil && (len(rest) > 0 || s.addresses.number(string(value)) != n) {
			err = badRecord("it is out of order")
		}
		return s.corrupt("the table of addresses", err)
	})
	if err != nil {
		return err
	}
	s.recorded = s.addresses.len()
	from, to = wordSpace.bounds()
	err = s.kv.scan(from, to, func(key, value []byte) error {
		n, rest, err := splitNumbered(key)
		if err == nil && (len(rest) > 0 || !s.addresses.words.load(n, string(value))) {
			err = badRecord("it is out of order")
		}
		s.worded++
		return s.corrupt("the table of words", err)
	})
	return err
}

// corrupt names the record that cannot be understood; nil stays nil.
func (s *db) corrupt(what string, err error) error {
	if err == nil {
		return nil
	}
	return &CorruptError{Path: s.path, What: what, Err: err}
}

func (s *db) Header() Header {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.header
}

func (s *db) Pauses() ([]Pause, error) { return s.pauses(), nil }

func (s *db) Addresses() []string { return slices.Clone(s.addresses.since(1)) }

func (s *db) Folders() ([]Folder, error) {
	var folders []Folder
	err := s.owners(folderSpace, "folder", func(d *decoder, address string) {
		folders = append(folders, d.folder(address))
	})
	sortBy(folders, func(f Folder) string { return f.Address })
	return folders, err
}

func (s *db) Folder(address string) (*Folder, error) {
	n, ok := s.addresses.known(address)
	if !ok {
		return nil, nil
	}
	value, err := s.kv.get(folderSpace.numbered(n))
	if err != nil || value == nil {
		return nil, err
	}
	d := decoder{b: value}
	f := d.folder(address)
	return &f, s.corrupt("the record of "+address, d.done())
}

func (s *db) Relationships() ([]Relationship, error) {
	var relationships []Relationship
	err := s.owners(relationshipSpace, "relationship", func(d *decoder, address string) {
		relationships = append(relationships, s.addresses.relationship(d, address))
	})
	sortBy(relationships, func(r Relationship) string { return r.Address })
	return relationships, err
}

func (s *db) Data() ([]Data, error) {
	var data []Data
	err := s.owners(dataSpace, "data block", func(d *decoder, address string) {
		data = append(data, Data{Address: address, Rows: int(d.uvarint())})
	})
	sortBy(data, func(d Data) string { return d.Address })
	return data, err
}

func sortBy[T any](list []T, by func(T) string) {
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(by(a), by(b)) })
}

// owners reads the records that addresses have of their own in a space.
func (s *db) owners(in space, what string, each func(d *decoder, address string)) error {
	from, to := in.bounds()
	return s.kv.scan(from, to, func(key, value []byte) error {
		n, rest, err := splitNumbered(key)
		address, ok := s.addresses.name(n)
		if err == nil && (!ok || len(rest) > 0) {
			err = badRecord("it has no address")
		}
		if err != nil {
			return s.corrupt(fmt.Sprintf("the record of %s %d", what, n), err)
		}
		d := decoder{b: value}
		each(&d, address)
		return s.corrupt(fmt.Sprintf("the record of %s", address), d.done())
	})
}

func (s *db) Items(folder string, each func(Item) error) error {
	return s.owned(itemSpace, folder, "an item", func(d *decoder, ref string) func() error {
		item := s.addresses.item(d, ref)
		return func() error { return each(item) }
	})
}

func (s *db) Pairs(relationship string, each func(Pair) error) error {
	return s.owned(pairSpace, relationship, "a pair", func(d *decoder, original string) func() error {
		pair := s.addresses.pair(d, relationship, original)
		return func() error { return each(pair) }
	})
}

func (s *db) Pair(key PairKey) (*Pair, error) {
	n, ok := s.addresses.known(key.Relationship)
	if !ok {
		return nil, nil
	}
	value, err := s.kv.get(pairSpace.of(n, key.Original))
	if err != nil || value == nil {
		return nil, err
	}
	d := decoder{b: value}
	pair := s.addresses.pair(&d, key.Relationship, key.Original)
	return &pair, s.corrupt(fmt.Sprintf("the record of a pair of %s, %q", key.Relationship, key.Original), d.done())
}

// owned streams the items of a folder or the pairs of a relationship: read decodes one and gives back what hands it on.
func (s *db) owned(in space, owner, what string, read func(d *decoder, name string) func() error) error {
	n, ok := s.addresses.known(owner)
	if !ok {
		return nil
	}
	from, to := in.within(n)
	return s.kv.scan(from, to, func(key, value []byte) error {
		name := decoder{b: key[numberedLen:]}
		text := name.packed()
		err := name.done()
		d := decoder{b: value}
		hand := read(&d, text)
		if err = errors.Join(err, d.done()); err != nil {
			return s.corrupt(fmt.Sprintf("the record of %s of %s, %q", what, owner, text), err)
		}
		return hand()
	})
}

func (s *db) Applies() ([]Apply, error) {
	var applies []Apply
	from, to := applySpace.bounds()
	err := s.kv.scan(from, to, func(key, value []byte) error {
		number, err := splitApply(key)
		d := decoder{b: value}
		applies = append(applies, s.addresses.apply(&d, number))
		return s.corrupt(fmt.Sprintf("the record of apply %d", number), errors.Join(err, d.done()))
	})
	return applies, err
}

func (s *db) Entries(apply uint64, each func(Entry) error) error {
	from := entrySpace.apply(apply)
	return s.kv.scan(from, after(from), func(key, value []byte) error {
		entry, err := s.entry(key, value)
		if err != nil {
			return err
		}
		return each(entry)
	})
}

func (s *db) entry(key, value []byte) (Entry, error) {
	apply, seq, err := splitEntry(key)
	d := decoder{b: value}
	entry := s.addresses.entry(&d, apply, seq)
	if err = errors.Join(err, d.done()); err != nil {
		return Entry{}, s.corrupt(fmt.Sprintf("journal entry %d of apply %d", seq, apply), err)
	}
	return entry, nil
}

func (s *db) Open() ([]Entry, error) {
	var entries []Entry
	from, to := openSpace.bounds()
	err := s.kv.scan(from, to, func(key, _ []byte) error {
		key = append([]byte{byte(entrySpace)}, key[1:]...)
		value, err := s.kv.get(key)
		if err != nil {
			return err
		}
		entry, err := s.entry(key, value)
		entries = append(entries, entry)
		return err
	})
	return entries, err
}

func (s *db) Close() error { return errors.Join(s.kv.close(), s.unlock()) }
