package reconcile

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/scope"
)

// rename gives recorded folders and relationships the addresses that `moved` blocks say.
func (a *applying) rename() error {
	for _, r := range a.plan.Work.Renames {
		if err := rename(a.st, r.From, r.To); err != nil {
			return err
		}
	}
	return nil
}

// rename gives one recorded folder or relationship another address, with all that is recorded of it. Where it is not recorded, nothing happens.
func rename(st state.Store, from, to string) error {
	b := &state.Batch{}
	fill := renameRelationship
	if isFolder(from) {
		fill = renameFolder
	}
	if err := fill(st, b, from, to); err != nil {
		return err
	}
	return st.Commit(b)
}

func isFolder(address string) bool { return strings.HasPrefix(address, "folder.") }

func renameFolder(st state.Reader, b *state.Batch, from, to string) error {
	folders, err := st.Folders()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(folders, func(f state.Folder) bool { return f.Address == from })
	if i < 0 {
		return nil
	}
	f := folders[i]
	f.Address = to
	b.Folders, b.DropFolders = []state.Folder{f}, []string{from}
	relationships, err := st.Relationships()
	if err != nil {
		return err
	}
	for _, rel := range relationships {
		if rel.Source != from && rel.Destination != from {
			continue
		}
		if rel.Source == from {
			rel.Source = to
		}
		if rel.Destination == from {
			rel.Destination = to
		}
		b.Relationships = append(b.Relationships, rel)
	}
	return st.Items(from, func(it state.Item) error {
		b.Items = append(b.Items, state.FolderItem{Folder: to, Item: it})
		return nil
	})
}

func renameRelationship(st state.Reader, b *state.Batch, from, to string) error {
	recorded, err := st.Relationships()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(recorded, func(x state.Relationship) bool { return x.Address == from })
	if i < 0 {
		return nil
	}
	rec := recorded[i]
	rec.Address = to
	b.Relationships, b.DropRelations = []state.Relationship{rec}, []string{from}
	err = st.Items(rec.Source, func(it state.Item) error {
		if i := slices.Index(it.Out, from); i >= 0 {
			it.Out[i] = to
			slices.Sort(it.Out)
			b.Items = append(b.Items, state.FolderItem{Folder: rec.Source, Item: it})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return st.Pairs(from, func(p state.Pair) error {
		p.Relationship = to
		b.Pairs = append(b.Pairs, p)
		return nil
	})
}

// Move gives a recorded folder or relationship another address, and to those of a block, when from is one, that of another block: at once, what a `moved` block says to the
// next apply. It returns the addresses that were moved, as they were. A target that the state knows already is an error, and nothing is moved. After an error of
// the state it can be repeated.
func Move(st state.Store, from, to string) (moved []string, err error) {
	if root, name, whole := strings.Cut(to, "."); !whole || !slices.Contains([]string{"folder", "relationship", "mesh"}, root) || !addressForm.MatchString(name) {
		return nil, fmt.Errorf("%q is no address: write folder.NAME, relationship.NAME or mesh.NAME, with a [\"KEY\"] behind it where the block has for_each", to)
	}
	if isFolder(from) != isFolder(to) {
		return nil, fmt.Errorf("%s and %s are not of one kind: a folder stays a folder, and a relationship one", from, to)
	}
	known, err := recordedAddresses(st)
	if err != nil {
		return nil, err
	}
	renames := map[string]string{}
	for _, address := range known {
		if rest, is := ofBlock(address, from); is {
			renames[address] = to + rest
		}
	}
	if len(renames) == 0 {
		return nil, fmt.Errorf("the state knows no %s; accord state list shows what it knows", from)
	}
	moved = sortedKeys(renames)
	for _, address := range moved {
		if slices.Contains(known, renames[address]) {
			return nil, fmt.Errorf("%s cannot become %s: the state knows one already; accord state rm %[2]s forgets that", address, renames[address])
		}
	}
	for _, address := range moved {
		if err := moveOpen(st, address, renames[address]); err != nil {
			return nil, err
		}
		if err := rename(st, address, renames[address]); err != nil {
			return nil, err
		}
		if err := moveBlock(st, renames[address]); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// addressForm is an address behind its type: a name, and the key of one instance.
var addressForm = regexp.MustCompile(`^[A-Za-z0-9_-]+(\[".+"\])?$`)

// ofBlock reports whether an address is another one, or that of an instance of it: rest is its key, in brackets.
func ofBlock(address, block string) (rest string, is bool) {
	rest, is = strings.CutPrefix(address, block)
	return rest, is && (rest == "" || rest[0] == '[')
}

// recordedAddresses are those of all folders and relationships that the state knows.
func recordedAddresses(st state.Reader) ([]string, error) {
	var all []string
	folders, err := st.Folders()
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		all = append(all, f.Address)
	}
	relationships, err := st.Relationships()
	for _, r := range relationships {
		all = append(all, r.Address)
	}
	return all, err
}

// moveOpen lets the writes of which nobody knows what became be looked for at another address.
func moveOpen(st state.Store, from, to string) error {
	open, err := st.Open()
	if err != nil {
		return err
	}
	b := &state.Batch{}
	for _, e := range open {
		if e.Folder == from || e.Relationship == from {
			if e.Folder == from {
				e.Folder = to
			} else {
				e.Relationship = to
			}
			b.Entries = append(b.Entries, e)
		}
	}
	return st.Commit(b)
}

// moveBlock records of which block a relationship is by its address.
func moveBlock(st state.Store, address string) error {
	relationships, err := st.Relationships()
	if err != nil {
		return err
	}
	b := &state.Batch{}
	for _, r := range relationships {
		if r.Address != address {
			continue
		}
		block, key, _ := strings.Cut(address, "[")
		if r.Block, r.Key = block, ""; key != "" {
			if r.Key, err = scope.Unquote(strings.TrimSuffix(key, "]")); err != nil {
				return fmt.Errorf("%s is no address: write relationship.NAME[\"KEY\"]", address)
			}
		}
		b.Relationships = append(b.Relationships, r)
	}
	return st.Commit(b)
}
