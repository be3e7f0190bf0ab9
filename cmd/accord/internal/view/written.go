package view

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile"
)

// Written shows one replica: what it is of, and what the state knows of it.
func (v *View) Written(w reconcile.Written) error {
	if v.opts.JSON {
		return v.Line("written", w)
	}
	words := []string{string(w.Status)}
	if w.Adopted {
		words = append(words, "adopted")
	}
	if !w.Marked {
		words = append(words, "without a marker")
	}
	if len(w.Pairs) > 0 {
		words = append(words, "pair: "+strings.Join(w.Pairs, ", "))
	}
	of := fmt.Sprintf("of %s in %s, by %s of workspace %s", w.Original, w.Source, w.Relationship, w.Workspace)
	if w.Workspace == "" {
		of = "nobody knows of what: its UID alone says that an Accord made it"
	}
	_, err := fmt.Fprintf(v.out, "%s  %q\n    %s (%s)\n", Clean(w.Ref), Clean(w.Title), Clean(of), strings.Join(words, ", "))
	return err
}
