package reconcile

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// rename gives recorded folders and relationships the addresses that `moved` blocks say.
func (a *applying) rename() error {
	for _, r := range a.plan.Work.Renames {
		b := &state.Batch{}
		var err error
		if strings.HasPrefix(r.From, "folder.") {
			err = a.renameFolder(b, r)
		} else {
			err = a.renameRelationship(b, r)
		}
		if err == nil {
			err = a.st.Commit(b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) renameFolder(b *state.Batch, r plan.Rename) error {
	f, ok := a.recordOf(r.From)
	if !ok {
		return nil
	}
	f.Address = r.To
	b.Folders, b.DropFolders = []state.Folder{f}, []string{r.From}
	relationships, err := a.st.Relationships()
	if err != nil {
		return err
	}
	for _, rel := range relationships {
		if rel.Source != r.From && rel.Destination != r.From {
			continue
		}
		if rel.Source == r.From {
			rel.Source = r.To
		}
		if rel.Destination == r.From {
			rel.Destination = r.To
		}
		b.Relationships = append(b.Relationships, rel)
	}
	return a.st.Items(r.From, func(it state.Item) error {
		b.Items = append(b.Items, state.FolderItem{Folder: r.To, Item: it})
		return nil
	})
}

func (a *applying) renameRelationship(b *state.Batch, r plan.Rename) error {
	recorded, err := a.st.Relationships()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(recorded, func(x state.Relationship) bool { return x.Address == r.From })
	if i < 0 {
		return nil
	}
	rec := recorded[i]
	rec.Address = r.To
	b.Relationships, b.DropRelations = []state.Relationship{rec}, []string{r.From}
	err = a.st.Items(rec.Source, func(it state.Item) error {
		if i := slices.Index(it.Out, r.From); i >= 0 {
			it.Out[i] = r.To
			slices.Sort(it.Out)
			b.Items = append(b.Items, state.FolderItem{Folder: rec.Source, Item: it})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.st.Pairs(r.From, func(p state.Pair) error {
		p.Relationship = r.To
		b.Pairs = append(b.Pairs, p)
		return nil
	})
}
