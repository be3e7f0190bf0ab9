package reconcile_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/plan"
)

// backsUp lets applies back up into directories in one, each of its own; all are those that were begun.
func (o *office) backsUp(in string) (all *[]string) {
	all = new([]string)
	o.backup = func() (*backup.Writer, error) {
		*all = append(*all, filepath.Join(in, strconv.Itoa(len(*all))))
		return backup.Create((*all)[len(*all)-1], o.ws.Name, o.now)
	}
	for _, r := range o.ws.Relations {
		r.Backup = true
	}
	return all
}

// copied are the items of a backup, by folder and ref, with what they say.
func (o *office) copied(dir string) map[spot]string {
	o.t.Helper()
	b, err := backup.Open(context.Background(), dir)
	if err != nil {
		o.t.Fatalf("backup: %v", err)
	}
	defer b.Close()
	out := map[spot]string{}
	for i := range b.Folders {
		of := &b.Folders[i]
		err := b.Items(of, func(it backup.Item) error {
			data, err := b.Read(of, it)
			out[spot{of.Address, it.Ref}] = string(data)
			return err
		})
		if err != nil {
			o.t.Fatalf("backup: %v", err)
		}
	}
	return out
}

// backedUp are the folders that a plan backs up.
func backedUp(p *plan.Plan) (folders []string) {
	for _, one := range p.Work.Backup {
		folders = append(folders, one.Folder)
	}
	return folders
}

// A folder that a relationship leads to by now is backed up before it is written for the first time, and the one before is not once more.
func TestBackupOfANewDestination(t *testing.T) {
	o := company(t, memory.DAV())
	o.folder("c", memory.DAV())
	all := o.backsUp(t.TempDir())
	lunch := o.at("a").Put(event("one", "Lunch"))
	o.at("c").Put(event("mine", "Mine"))
	o.apply()
	o.at("a").Delete(lunch)
	o.ws.Relations[0].Destination = o.spec("c")
	if o.apply(); len(*all) > 0 {
		t.Fatalf("nothing was to be written to what holds something, and there are backups: %v", *all)
	}
	o.at("a").Put(event("two", "Dinner"))
	p := o.plan(reconcile.Request{})
	if got := backedUp(p); !slices.Equal(got, []string{"folder.c"}) {
		t.Errorf("the plan backs up %v", got)
	}
	o.carryOut(p)
	if len(*all) != 1 || len(o.copied((*all)[0])) != 1 {
		t.Errorf("there are %v", *all)
	}
	o.at("a").Put(event("three", "Supper"))
	if o.apply(); len(*all) != 1 {
		t.Errorf("there are %v", *all)
	}
}

// Nothing is written to a folder that could not be backed up, and everything to the others; the next apply tries again.
func TestBackupThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		fail func(o *office) (heal func())
		why  string
	}{
		"no directory": {func(o *office) func() {
			begin := o.backup
			o.backup = func() (*backup.Writer, error) { return nil, errors.New("no space left on device") }
			return func() { o.backup = begin }
		}, "no space left on device"},
		"a folder that cannot be read": {func(o *office) func() {
			o.strike = func(c faults.Call) faults.Fault {
				if c.Folder == "folder.b" && c.Operation == faults.Fetch {
					return faults.Fault{Effect: faults.Partial, Class: providers.Transient}
				}
				return faults.Fault{}
			}
			return func() { o.strike = nil }
		}, "could not be read"},
	} {
		t.Run(name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.folder("c", memory.DAV())
			o.relate("more", "a", "c", oneWay())
			all := o.backsUp(t.TempDir())
			o.at("a").Put(event("one", "Lunch"))
			o.at("b").Put(event("mine", "Mine"))
			p := o.plan(reconcile.Request{})
			heal := c.fail(o)
			result := o.carryOut(p)
			o.holds("b", "Mine")
			o.holds("c", "Lunch") // it was empty: there was nothing to back up
			said := slices.ContainsFunc(result.Failures, func(d plan.Diagnostic) bool {
				return strings.Contains(d.Detail, "nothing is written to it before that") && strings.Contains(d.Detail, c.why)
			})
			if !said {
				t.Errorf("it is not said why: %+v", result.Failures)
			}
			heal()
			p = o.plan(reconcile.Request{})
			if got := backedUp(p); !slices.Equal(got, []string{"folder.b"}) {
				t.Errorf("the next plan backs up %v", got)
			}
			if got := o.carryOut(p); got.Backup == "" || got.Backup != (*all)[len(*all)-1] || len(o.copied(got.Backup)) != 1 {
				t.Errorf("it backed up into %q", got.Backup)
			}
			o.holds("b", "Mine", "Lunch")
			o.settled()
		})
	}
}

// What a backup reads is in the requests that a plan says: as many batches as the folder's items fill.
func TestRequestsOfABackup(t *testing.T) {
	for items, reads := range map[int]int{0: 0, 1: 1, 50: 1, 51: 2, 120: 3} {
		o := company(t, memory.DAV())
		o.roomy = true
		o.far()
		o.fill("a", 3)
		o.fill("b", items)
		without := o.plan(reconcile.Request{}).Document.Requests
		o.backsUp(t.TempDir())
		p := o.plan(reconcile.Request{})
		with := p.Document.Requests
		if len(without) != 1 || len(with) != 1 || with[0].AtMost != without[0].AtMost+reads {
			t.Errorf("%d items: %+v, and without a backup %+v", items, with, without)
		}
		if sent := o.carryOut(p).Requests; len(sent) != 1 || sent[0].Requests != 3+reads {
			t.Errorf("%d items: %+v were sent", items, sent)
		}
	}
}
