package view

import (
	"bufio"
	"fmt"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// BackedUp shows what a backup in a directory holds of each folder. restores is the command that brings it back.
func (v *View) BackedUp(dir, restores string, folders []reconcile.BackedUp) error {
	if v.opts.JSON {
		return v.Line("backup", struct {
			Directory string               `json:"directory"`
			Folders   []reconcile.BackedUp `json:"folders"`
		}{dir, folders})
	}
	out := bufio.NewWriter(v.out)
	t := v.text(out)
	items, lacking := 0, 0
	for _, f := range folders {
		items += f.Items
		line := f.Folder + "  " + words.Counted(f.Items, "item", "items")
		switch {
		case f.Missing:
			line = f.Folder + "  it is not there, and nothing of it is in the backup"
		case f.Unreadable > 0:
			line += fmt.Sprintf(", %d unreadable", f.Unreadable)
		}
		t.put(Clean(line))
		if f.Lacks != "" {
			t.diagnostic(plan.Diagnostic{Severity: "warning", Address: f.Folder, Summary: "It was not read to its end", Detail: f.Lacks + ". What could be read is in the backup."})
		}
		if f.Lacks != "" || f.Unreadable > 0 {
			lacking++
		}
	}
	t.put("")
	t.put(fmt.Sprintf("Backed up: %s of %s, in %s.", words.Counted(items, "item", "items"), words.Counted(len(folders), "folder", "folders"), Clean(dir)))
	if lacking > 0 {
		t.put("What could not be read is listed in its manifest.json, with the reason.")
	}
	t.put("To bring back what is missing by then, or says something else:")
	t.put("  " + restores)
	return out.Flush()
}
