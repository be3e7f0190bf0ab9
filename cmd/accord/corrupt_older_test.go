package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// older are histories beside those of crashes in which policies and relationships come and go.
var older = []crash{
	{
		name:    "pruned",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "on_destination {\n    delete = \"prune\"\n  }"),
		settled: func(p place) { p.add("a", "Pruned", "Edited", "Quiet") },
		then: func(p place) {
			p.remove("b", "Pruned")
			p.remove("b", "Edited")
			p.edit("a", "Edited", "Paris", "Rome")
		},
	},
	{
		name:    "kept, and then not",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "on_source {\n    delete = \"keep\"\n  }"),
		settled: func(p place) { p.add("a", "Kept", "Quiet") },
		then: func(p place) {
			p.remove("a", "Kept")
			p.apply(runInProcess)
		},
		after: blocks("a", "b") + oneWay("ab", "a", "b", ""),
	},
	{
		name:    "marked",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "on_source {\n    delete = \"mark\"\n  }\n  on_destination {\n    delete = \"mark\"\n  }"),
		settled: func(p place) { p.add("a", "Original", "Replica", "Quiet") },
		then: func(p place) {
			p.remove("a", "Original")
			p.remove("b", "Replica")
		},
	},
	{
		name:    "released, and adopted again",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "on_remove = \"release\""),
		settled: func(p place) { p.add("a", "Gone", "Quiet") },
		then: func(p place) {
			p.configure(blocks("a", "b"))
			p.apply(runInProcess)
			p.configure(blocks("a", "b") + oneWay("ab", "a", "b", "on_remove = \"release\""))
			p.apply(runInProcess)
			p.remove("a", "Gone")
		},
	},
	{
		name:    "out of the filter, and back",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", "filter = item.location != \"Rome\""),
		settled: func(p place) { p.add("a", "Moved", "Reset", "Quiet") },
		then: func(p place) {
			p.edit("a", "Moved", "Paris", "Rome")
			p.apply(runInProcess)
			p.edit("a", "Moved", "Rome", "Paris")
			p.edit("b", "Reset", "Paris", "Rome")
		},
	},
	{
		name:    "made again and again",
		config:  blocks("a", "b") + oneWay("ab", "a", "b", ""),
		settled: func(p place) { p.add("a", "Original", "Replica", "Quiet") },
		then: func(p place) {
			p.remove("a", "Original")
			p.apply(runInProcess)
			p.add("a", "Original")
			p.remove("b", "Replica")
			p.apply(runInProcess)
			p.remove("b", "Replica")
			p.remove("b", "Original")
			p.apply(runInProcess)
			p.edit("b", "Original", "Paris", "Rome")
		},
	},
	{
		name:    "others' turn in a mesh",
		config:  blocks("a", "b", "c") + mesh(""),
		settled: func(p place) { p.add("a", "Original", "Replica", "Quiet") },
		then: func(p place) {
			p.remove("a", "Original")
			p.apply(runInProcess)
			p.add("b", "Original")
			p.remove("b", "Replica")
			p.apply(runInProcess)
			p.add("c", "Replica")
		},
	},
}

// A state that is restored from a backup is older than the folders. The next apply finds what was done since by the markers: it writes no item, nothing is
// there twice, nothing is deleted, and nothing is left to do.
func TestOlderStateIsRestored(t *testing.T) {
	for _, c := range slices.Concat(crashes, older) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlace(t, c.config)
			if c.settled != nil {
				c.settled(p)
			}
			p.apply(runInProcess)
			state, backup := filepath.Join(p.dir, ".accord", "state"), filepath.Join(p.dir, "backup")
			p.check(os.CopyFS(backup, os.DirFS(state)))
			if c.then != nil {
				c.then(p)
			}
			if c.after != "" {
				p.configure(c.after)
			}
			p.apply(runInProcess)
			p.nothingLeft(runInProcess)
			want := p.held()
			p.check(os.RemoveAll(state))
			p.check(os.Rename(backup, state))
			p.apply(runInProcess)
			p.nothingLeft(runInProcess)
			p.holds(want, want)
		})
	}
}
