package reconcile

import (
	"errors"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
)

// errEnough ends a look into the journal.
var errEnough = errors.New("enough")

// journal streams the entries of all applies, the newest apply first, under the addresses that relationships and folders have now. It ends with errEnough.
func (p *planning) journal(each func(state.Apply, state.Entry) error) error {
	applies, err := p.st.Applies()
	if err != nil {
		return err
	}
	rename := moves(p.e.ws)
	for _, a := range slices.Backward(applies) {
		err := p.st.Entries(a.Number, func(e state.Entry) error {
			e.Relationship, e.Folder = rename(e.Relationship), rename(e.Folder)
			return each(a, e)
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remember looks in the journal for an item that the newest apply that knows of it deleted from the folder that is asked about: by UID or ref, or by the title of what
// it was.
func (s *search) remember() (*found, error) {
	var last *found
	asked := strings.ToLower(s.asked)
	err := s.journal(func(a state.Apply, e state.Entry) error {
		if e.Folder != s.planning.asked || e.Kind != providers.Delete || len(e.Images) == 0 {
			return nil
		}
		images, err := imagesOf(a, nil)
		if err != nil {
			return nil // what cannot be read was not asked for
		}
		before, _, err := images(e, s.folders[e.Folder].kind())
		if err != nil {
			return nil
		}
		title := strings.ToLower(before.Title())
		if e.Ref != s.asked && before.UID() != s.asked && e.Original != s.asked && !(s.shows(before) && asked != "" && strings.Contains(title, asked)) {
			return nil
		}
		key := before.UID()
		if key == "" {
			key = decide.RefKey + e.Ref
		}
		last = &found{at: spot{e.Folder, key}, ref: e.Ref, before: before, own: &state.PairKey{Relationship: e.Relationship, Original: e.Original}}
		return errEnough
	})
	if last != nil && s.ends[last.own.Relationship][1] != s.planning.asked {
		last.own = nil // it was the original
	}
	return last, err
}

// writes finds the newest apply that wrote to the item or to its replicas, and for each pair the newest that wrote something for it.
func (x *explaining) writes(out *Explanation) error {
	place, missing := map[string]int{}, 0
	for i, r := range out.Relationships {
		if r.Outcome == NeverCopied || r.Outcome == BeganThere {
			continue
		}
		if place[r.Address] = i; r.Pair != nil {
			missing++
		}
	}
	return x.journal(func(a state.Apply, e state.Entry) error {
		if out.Apply != nil && missing == 0 && out.Apply.Number != a.Number {
			return errEnough
		}
		i, listed := place[e.Relationship]
		ours := listed && e.Original == x.original.key
		if !ours && (e.Folder != x.at.folder || out.Item.Ref == "" || e.Ref != out.Item.Ref && e.NewRef != out.Item.Ref) {
			return nil
		}
		run := ExplainedRun{Number: a.Number, By: a.By, Started: a.Started}
		if out.Apply == nil {
			out.Apply = &ExplainedApply{ExplainedRun: run}
		}
		if out.Apply.Number == a.Number {
			ref := e.Ref
			if ref == "" {
				ref = e.NewRef
			}
			out.Apply.Writes = append(out.Apply.Writes, ExplainedWrite{Relationship: e.Relationship, Folder: e.Folder, Write: writeWord(e.Kind),
				Ref: ref, Outcome: string(e.Outcome), Reason: e.Reason})
		}
		if ours && e.Outcome == providers.Done {
			if r := &out.Relationships[i]; r.Pair != nil && r.SettledBy == nil {
				r.SettledBy = &run
				missing--
			}
		}
		return nil
	})
}

func writeWord(k providers.WriteKind) string {
	switch k {
	case providers.Create:
		return "create"
	case providers.Update:
		return "update"
	}
	return "delete"
}
