package reconcile_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema/pim"
)

// check is what a check says of each folder, by name.
func (o *office) check(req reconcile.CheckRequest) map[string]reconcile.FolderCheck {
	o.t.Helper()
	req.Token = "token"
	checks := map[string]reconcile.FolderCheck{}
	for _, c := range o.engine().Check(context.Background(), req) {
		checks[strings.TrimPrefix(c.Address, "folder.")] = c
	}
	return checks
}

// Without -probe, nothing is written anywhere.
func TestCheckWritesNothing(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.spec("a").ReadOnly = true
		o.declare("new", pim.Calendar).Create = true
		o.stores["new"] = memory.New(mode, nil)
		o.declare("none", pim.Calendar)
		o.stores["none"] = memory.New(mode, nil)
		o.declare("lost", pim.Calendar).Unresolved = true
		for _, uid := range []string{"1", "2", "3", "4", "5", "6", "7"} {
			o.at("a").Put(event(uid, "Lunch "+uid))
		}
		o.strike = func(c faults.Call) faults.Fault {
			switch c.Operation {
			case faults.Create, faults.Update, faults.Delete, faults.CreateFolder:
				t.Errorf("%s in %s", c.Operation, c.Folder)
			}
			return faults.Fault{}
		}
		got := o.check(reconcile.CheckRequest{})
		a, b := got["a"], got["b"]
		if !a.Usable || !a.Reachable || a.Readable != reconcile.ReadComplete || a.Writable != reconcile.WriteReadOnly || a.Items != 7 || a.Sampled != 5 || a.Can == nil {
			t.Errorf("a: %+v", a)
		}
		if !b.Usable || b.Writable != reconcile.WriteUntried || b.Items != 0 || b.Probe != nil {
			t.Errorf("b: %+v", b)
		}
		if c := got["new"]; !c.Usable || !c.Missing || c.Readable != reconcile.ReadUntried {
			t.Errorf("a folder that will be made: %+v", c)
		}
		if c := got["none"]; c.Usable || !strings.Contains(c.Problem, "create = true") {
			t.Errorf("a folder that is not there: %+v", c)
		}
		if c := got["lost"]; c.Usable || !c.Unresolved || c.Reachable || c.Problem == "" {
			t.Errorf("an unresolved folder: %+v", c)
		}
	})
}

func TestCheckOfSomeFolders(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	o.relate("ab", "a", "b", oneWay())
	o.relate("bc", "b", "c", oneWay())
	for _, c := range []struct {
		only, except []string
		want         string
	}{
		{nil, nil, "a b c"},
		{[]string{"folder.a"}, nil, "a"},
		{[]string{"relationship.bc"}, nil, "b c"},
		{nil, []string{"folder.*"}, ""},
		{nil, []string{"folder.b"}, "a c"},
		{nil, []string{"relationship.ab"}, "b c"},
		{[]string{"folder.?"}, []string{"relationship.*"}, ""},
	} {
		var names []string
		for name := range o.check(reconcile.CheckRequest{Only: c.only, Except: c.except}) {
			names = append(names, name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("only %v except %v: %q, want %q", c.only, c.except, got, c.want)
		}
	}
}

// What keeps one folder from being used keeps no other from being checked.
func TestCheckSaysWhatIsWrong(t *testing.T) {
	fail := func(class providers.Class, op faults.Operation) faults.Plan {
		return faults.Always(faults.Fault{Effect: faults.Fail, Class: class}, op)
	}
	for _, c := range []struct {
		name   string
		strike faults.Plan
		want   reconcile.Reading
		says   string
	}{
		{"open", fail(providers.Unauthorized, faults.Open), reconcile.ReadUntried, "unauthorized"},
		{"list", fail(providers.Unreachable, faults.Changes), reconcile.ReadFailed, "it cannot be read"},
		{"break", faults.Always(faults.Fault{Effect: faults.Break, After: 1}, faults.Changes), reconcile.ReadFailed, "it cannot be read"},
		{"partial", faults.Always(faults.Fault{Effect: faults.Partial, After: 1}, faults.Changes), reconcile.ReadPartial, "only in part"},
		{"fetch", fail(providers.Unauthorized, faults.Fetch), reconcile.ReadFailed, "its items cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.at("a").Put(event("1", "Lunch"))
			o.at("a").Put(event("2", "Dinner"))
			o.strike = func(call faults.Call) faults.Fault {
				if call.Folder == "folder.a" {
					return c.strike(call)
				}
				return faults.Fault{}
			}
			got := o.check(reconcile.CheckRequest{Probe: true})
			if a := got["a"]; a.Usable || a.Readable != c.want || !strings.Contains(a.Problem, c.says) {
				t.Errorf("a: %+v", a)
			}
			if b := got["b"]; !b.Usable || b.Writable != reconcile.WriteTried {
				t.Errorf("b: %+v", b)
			}
			o.holds("a", "Lunch", "Dinner")
		})
	}
}

// A provider that cannot be opened, or that does not let the account in, makes its folders unusable, and no others.
func TestCheckOfProviders(t *testing.T) {
	o := company(t, memory.DAV())
	delete(o.stores, "a")
	got := o.check(reconcile.CheckRequest{})
	if a := got["a"]; a.Usable || a.Reachable || !strings.Contains(a.Problem, `provider.memory.a: memory: open provider.memory.a: there is no store "a"`) {
		t.Errorf("a: %+v", a)
	}
	if !got["b"].Usable {
		t.Errorf("b: %+v", got["b"])
	}
	o = company(t, memory.DAV())
	o.strike = faults.Always(faults.Fault{Effect: faults.Fail, Class: providers.Unauthorized}, faults.Check)
	for name, c := range o.check(reconcile.CheckRequest{}) {
		if c.Usable || !strings.Contains(c.Problem, "provider.memory."+name) {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

// An item that cannot be understood is named; the folder is usable all the same.
func TestCheckNamesUnreadableItems(t *testing.T) {
	o := company(t, memory.DAV())
	ref := o.at("a").Put(event("1", "Lunch"))
	o.at("a").Break(ref, "END:VEVENT is missing")
	a := o.check(reconcile.CheckRequest{})["a"]
	if !a.Usable || a.Sampled != 1 || len(a.Unreadable) != 1 || a.Unreadable[0].Ref != ref || !strings.Contains(a.Unreadable[0].Detail, "END:VEVENT") {
		t.Errorf("%+v", a)
	}
}

// A provider that lets an account only read is a problem where a relationship would write.
func TestCheckOfReadOnlyAccount(t *testing.T) {
	mode := memory.DAV()
	mode.Capabilities.ReadOnly = true
	o := company(t, mode)
	got := o.check(reconcile.CheckRequest{Probe: true})
	if a := got["a"]; !a.Usable || a.Writable != reconcile.WriteFailed {
		t.Errorf("a is only read from: %+v", a)
	}
	if b := got["b"]; b.Usable || b.Writable != reconcile.WriteFailed || b.Problem == "" {
		t.Errorf("b is written to: %+v", b)
	}
}
