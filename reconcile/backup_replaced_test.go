package reconcile_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
)

// A folder that a relationship leads to by now is backed up before it is written for the first time, and the one before is not once more.
func TestBackupOfANewDestination(t *testing.T) {
	o := company(t, memory.DAV())
	r := o.ws.Relations[0]
	r.Backup = true
	o.folder("c", memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.at("c").Put(event("mine", "Mine"))
	dir := t.TempDir()
	n := 0
	var folders []string
	opts := reconcile.Options{Now: func() time.Time { return o.now }, Backup: func() (*backup.Writer, error) {
		n++
		return backup.Create(filepath.Join(dir, string(rune('a'+n))), "office", o.now)
	}}
	run := func() {
		e := reconcile.New(o.ws, map[string]providers.Driver{"memory": memory.Driver{Stores: o.stores}}, opts)
		p, err := e.Plan(context.Background(), o.state, reconcile.Request{})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range p.Work.Backup {
			folders = append(folders, one.Folder)
		}
		if _, err := e.Apply(context.Background(), o.state, p); err != nil {
			t.Fatal(err)
		}
	}
	run()
	r.Destination = o.spec("c")
	run()
	if n != 1 || len(folders) != 1 || folders[0] != "folder.c" {
		t.Errorf("%d backups, of %v", n, folders)
	}
}
