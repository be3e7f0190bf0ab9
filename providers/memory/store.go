package memory

import (
	"fmt"
	"sort"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Store is an account with named folders. It is safe for concurrent use.
type Store struct {
	mode  Mode
	clock func() time.Time

	mu      sync.Mutex
	made    int // folders made so far: part of their identities
	folders map[string]*Folder

	packing sync.Mutex // of what follows

	most  int       // folders that are kept as they are used; 0: all
	awake []*Folder // those that are
	turns uint64    // uses of folders until now
}

// New makes an empty store. clock dates what people edit.
func New(mode Mode, clock func() time.Time) *Store {
	return &Store{mode: mode, clock: clock, folders: map[string]*Folder{}}
}

// Mode is how the store behaves.
func (s *Store) Mode() Mode { return s.mode }

// AddFolder makes an empty folder. A folder of that name that is there is replaced: its identity changes, and whoever has it open
// finds it Missing.
func (s *Store) AddFolder(name string, kind pim.Kind) *Folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.folders[name]; old != nil {
		old.drop()
	}
	s.made++
	f := &Folder{
		store: s, name: name, kind: kind, identity: fmt.Sprintf("%s#%d", name, s.made),
		records: map[string]*record{}, uids: map[string]int{}, tokens: map[string]string{},
	}
	s.folders[name] = f
	return f
}

// Find is the folder of that name, or nil.
func (s *Store) Find(name string) *Folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.folders[name]
}

// DropFolder takes a folder away with everything in it.
func (s *Store) DropFolder(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.folders[name]; f != nil {
		f.drop()
		delete(s.folders, name)
	}
}

// Folders lists the folders by name.
func (s *Store) Folders() []*Folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Folder, 0, len(s.folders))
	for _, f := range s.folders {
		list = append(list, f)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	return list
}

// Provider is the store as the engine sees it.
func (s *Store) Provider() providers.Provider { return provider{s} }

// Requests counts what a folder was asked for.
type Requests struct {
	Changes int // calls of Changes
	Fetches int // calls of Fetch
	Fetched int // refs asked for by them
	Writes  int // calls of Write
	Created int // items created
	Updated int
	Deleted int
	Refused int // writes that were not done, for whatever reason
}
