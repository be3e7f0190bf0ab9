package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"
)

// ending is a run of the program in which one or two exit codes hold.
type ending struct {
	hold  []int  // the codes that hold, the one that counts first
	world string // what is made of the workspace first: names of worlds
	run   string // the command line
	while while  // what happens to it; nil: nothing
}

// endings are all codes, and all pairs of them that can hold together.
var endings = []ending{
	{[]int{0}, "", "plan -detailed-exitcode", nil},
	{[]int{0}, "changes", "apply -auto-approve", nil},
	{[]int{0}, "changes torn blocked", "plan", nil},
	{[]int{1}, "misconfigured", "plan", nil},
	{[]int{1}, "untidy", "fmt -check", nil},
	{[]int{1}, "", "show nowhere.plan", nil},
	{[]int{1}, "", "apply data", nil},
	{[]int{1}, "", "plan -out=data", nil},
	{[]int{2}, "changes", "plan -detailed-exitcode", nil},
	{[]int{3}, "torn", "plan -detailed-exitcode", nil},
	{[]int{3}, "torn changes", "apply -auto-approve", nil},
	{[]int{3}, "gone", "apply -auto-approve", nil},
	{[]int{3}, "stale", "apply stale.plan", nil},
	{[]int{3}, "gone", "check", nil},
	{[]int{4}, "blocked", "plan -detailed-exitcode", nil},
	{[]int{4}, "blocked changes", "apply -auto-approve", nil},
	{[]int{4}, "conflict", "apply -auto-approve", nil},
	{[]int{4}, "ambiguous", "apply -auto-approve", nil},
	{[]int{5}, "used", "apply used.plan", nil},
	{[]int{5}, "damaged", "show damaged.plan", nil},
	{[]int{5}, "damaged", "apply damaged.plan", nil},
	{[]int{5}, "damaged", "graph -plan=damaged.plan", nil},
	{[]int{5}, "reconfigured", "apply reconfigured.plan", nil},
	{[]int{6}, "", "plan", whileLocked},
	{[]int{6}, "changes", "apply -auto-approve", whileLocked},
	{[]int{64}, "", "plan -nosuchflag", nil},
	{[]int{64}, "", "plan -parallelism=0", nil},
	{[]int{64}, "", "check -parallelism=0", nil},
	{[]int{64}, "", "nosuchcommand", nil},
	{[]int{130}, "many", "plan -v", interruptedWriting},
	{[]int{130}, "many", "apply -v -auto-approve", interruptedWriting},

	{[]int{3, 2}, "torn changes", "plan -detailed-exitcode", nil},
	{[]int{4, 2}, "blocked changes", "plan -detailed-exitcode", nil},
	{[]int{4, 3}, "blocked torn", "plan -detailed-exitcode", nil},
	{[]int{4, 3}, "blocked torn", "status -refresh -detailed-exitcode", nil},
	{[]int{3, 2}, "torn changes", "status -refresh -detailed-exitcode", nil},
	{[]int{0}, "blocked torn", "status -refresh", nil},
	{[]int{4, 3}, "blocked torn changes", "apply -auto-approve", nil},
	{[]int{4, 3}, "gone blocked", "apply -auto-approve", nil},
	{[]int{1, 2}, "changes", "plan -detailed-exitcode -json-into=nowhere/plan.json", nil},
	{[]int{1, 3}, "torn", "plan -detailed-exitcode -out=nowhere/saved.plan", nil},
	{[]int{1, 3}, "stale", "apply -verify stale.plan", nil},
	{[]int{1, 4}, "blocked", "plan -detailed-exitcode -json-into=nowhere/plan.json", nil},
	{[]int{1, 4}, "blocked stale", "apply -verify stale.plan", nil},
	{[]int{5, 1}, "used misconfigured", "apply used.plan", nil},
	{[]int{5, 1}, "damaged misconfigured", "apply damaged.plan", nil},
	{[]int{5, 3}, "torn used", "apply used.plan", nil},
	{[]int{5, 4}, "blocked used", "apply used.plan", nil},
	{[]int{6, 1}, "saved misconfigured", "apply saved.plan", whileLocked},
	{[]int{6, 1}, "misconfigured", "plan", whileLocked},
	{[]int{6, 1}, "misconfigured", "apply -auto-approve", whileLocked},
	{[]int{6, 1}, "misconfigured", "status", whileLocked},
	{[]int{6, 1}, "misconfigured", "state list", whileLocked},
	{[]int{6, 2}, "changes", "plan -detailed-exitcode", whileLocked},
	{[]int{6, 3}, "torn", "plan -detailed-exitcode", whileLocked},
	{[]int{6, 4}, "blocked", "apply -auto-approve", whileLocked},
	{[]int{6, 5}, "used", "apply used.plan", whileLocked},
	{[]int{6, 5}, "damaged", "apply damaged.plan", whileLocked},
	{[]int{64, 1}, "misconfigured", "plan -titles=all", nil},
	{[]int{64, 2}, "changes", "plan -detailed-exitcode extra", nil},
	{[]int{64, 3}, "torn changes", "apply -input=false", nil},
	{[]int{64, 4}, "blocked changes", "apply -input=false", nil},
	{[]int{64, 5}, "used", "apply used.plan -only=folder.a", nil},
	{[]int{64, 6}, "", "plan -parallelism=none", whileLocked},
	{[]int{130, 1}, "mistakes", "validate -json", interruptedWriting},
	{[]int{130, 2}, "many", "plan -v -detailed-exitcode", interruptedWriting},
	{[]int{130, 3}, "many torn", "plan -v -detailed-exitcode", interruptedWriting},
	{[]int{130, 4}, "many blocked", "apply -v -auto-approve", interruptedWriting},
	{[]int{130, 5}, "used", "apply -lock-timeout=1h used.plan", interruptedWaiting},
	{[]int{130, 6}, "", "plan -lock-timeout=1h", interruptedWaiting},
	{[]int{130, 64}, "many", "apply -v -input=false", interruptedWriting},
}

// never are the pairs of codes that cannot hold together, and why.
var never = []struct {
	one, other int
	why        string
}{
	{5, 2, "2 is of plan alone, which takes no plan file"},
}

// worlds are what a workspace can be like. Its folders a, c and e are copied to b, d and f.
var worlds = map[string]func(p place, accord runner){
	"changes": func(p place, _ runner) { p.add("a", "New") },
	"many": func(p place, _ runner) { // more than a pipe holds
		for i := range 1000 {
			p.add("a", fmt.Sprintf("Item %d %s", i, strings.Repeat("and so on ", 10)))
		}
	},
	"torn":    func(p place, _ runner) { p.put("data/c/torn.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:torn\r\n") },
	"blocked": func(p place, _ runner) { p.add("e", "One", "Two") },
	"gone": func(p place, accord runner) {
		p.add("c", "Kept")
		p.apply(accord)
		p.check(os.Rename(p.dir+"/data/c", p.dir+"/elsewhere"))
	},
	"conflict": func(p place, accord runner) {
		p.configure(exitBlocks + strings.ReplaceAll(mesh(`conflict = "manual"`), "folder.c", "folder.m"))
		p.add("a", "Both")
		p.apply(accord)
		p.edit("a", "Both", "Paris", "Rome")
		p.edit("b", "Both", "Paris", "Oslo")
	},
	"ambiguous": func(p place, _ runner) {
		p.add("a", "Twice")
		p.add("b", "Twice")
		p.edit("b", "Twice", "Paris", "Oslo")
		p.check(os.Rename(p.find("b", "Twice"), p.dir+"/data/b/other.ics"))
		p.add("b", "Twice")
	},
	"untidy":        func(p place, _ runner) { p.put("more.hcl", "locals {\n    a=1\n}\n") },
	"misconfigured": func(p place, _ runner) { p.put("more.hcl", "folder \"x\" {\n") },
	"reconfigured": func(p place, accord runner) {
		accord.run(p, "plan", "-out=reconfigured.plan")
		p.put("more.hcl", strings.ReplaceAll(oneWay("ba", "b", "a", ""), "folder.b", "folder.m"))
	},
	"mistakes": func(p place, _ runner) {
		p.put("more.hcl", "policy \"x\" {\n"+strings.Repeat("  nonsense {}\n", 1000)+"}\n")
	},
	"saved": func(p place, accord runner) { accord.run(p, "plan", "-out=saved.plan") },
	"used": func(p place, accord runner) {
		accord.run(p, "plan", "-out=used.plan")
		accord.run(p, "apply", "used.plan")
	},
	"damaged": func(p place, accord runner) {
		accord.run(p, "plan", "-out=damaged.plan")
		text, err := os.ReadFile(p.dir + "/damaged.plan")
		p.check(err)
		p.put("damaged.plan", string(text[:len(text)-1]))
	},
	"stale": func(p place, accord runner) {
		p.add("a", "Edited")
		accord.run(p, "apply", "-auto-approve")
		p.edit("a", "Edited", "Paris", "Rome")
		accord.run(p, "plan", "-out=stale.plan")
		p.edit("b", "Edited", "Paris", "Oslo")
	},
}

// exitBlocks begins the configuration of worlds; m is empty.
var exitBlocks = strings.ReplaceAll(blocks("a", "b", "c", "d", "e", "f", "m"), "create = true", "")

// TestExitCodes runs the program as it is built into each exit code, and into each pair that can hold together: the greater one counts,
// in the order 130, 64, 6, 5, 1, 4, 3, 2, 0.
func TestExitCodes(t *testing.T) {
	accord := build(t)
	for _, e := range endings {
		t.Run(fmt.Sprintf("%v %s in %s", e.hold, e.run, cmp.Or(e.world, "peace")), func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, exitBlocks+oneWay("ab", "a", "b", "")+oneWay("cd", "c", "d", "")+oneWay("ef", "e", "f", "guard { max_adds = 1 }"))
			for _, folder := range []string{"a", "b", "c", "d", "e", "f", "m"} {
				p.check(os.MkdirAll(p.dir+"/data/"+folder, 0o777))
			}
			for world := range strings.FieldsSeq(e.world) {
				worlds[world](p, accord)
			}
			during := e.while
			if during == nil {
				during = undisturbed
			}
			if code, out := during(p, accord, strings.Fields(e.run)); code != e.hold[0] {
				t.Errorf("exit code %d, want %d\n%s", code, e.hold[0], out)
			}
		})
	}
}

// TestExitCodesAreAll holds the table to the promise: each code is in it, and each pair of two is in it or said to be impossible.
func TestExitCodesAreAll(t *testing.T) {
	seen := map[[2]int]bool{}
	for _, e := range endings {
		switch len(e.hold) {
		case 1:
			seen[[2]int{e.hold[0], e.hold[0]}] = true
		case 2:
			seen[[2]int{e.hold[0], e.hold[1]}] = true
		default:
			t.Errorf("%s: %v hold", e.run, e.hold)
		}
	}
	if !seen[[2]int{0, 0}] {
		t.Error("no run ends with 0")
	}
	for _, n := range never {
		pair := [2]int{n.one, n.other}
		if seen[pair] || n.why == "" {
			t.Errorf("%v is said to be impossible (%q), and it is run into: %v", pair, n.why, seen[pair])
		}
		seen[pair] = true
	}
	for i, more := range promised {
		for _, less := range promised[i:] {
			if !seen[[2]int{more.code, less.code}] {
				t.Errorf("%d and %d: no run", more.code, less.code)
			}
		}
	}
}

func (p place) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}
