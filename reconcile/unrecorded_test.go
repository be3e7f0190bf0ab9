package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
)

// TestEditsAfterAKill: people go on with an item that an apply was writing when it was killed. What that wrote is no edit of anybody's: the later edit counts, and
// nothing is released, set apart or asked about.
func TestEditsAfterAKill(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		preserve := oneWay()
		preserve.DestinationEdit = schema.DestinationEditPreserve
		apart, manual := twoWay(), twoWay()
		apart.Conflict, manual.Conflict = schema.ConflictPreserve, schema.ConflictManual
		for name, c := range map[string]struct {
			policies schema.Policies
			edited   string // the folder that people edit an item in
		}{
			"one way":         {oneWay(), "a"},
			"preserve":        {preserve, "a"},
			"set apart":       {apart, "a"},
			"manual":          {manual, "a"},
			"back":            {twoWay(), "b"},
			"back, set apart": {apart, "b"},
			"back, manual":    {manual, "b"},
		} {
			t.Run(name, func(t *testing.T) {
				for n := 1; ; n++ {
					o := newOffice(t)
					o.folder("a", mode)
					o.folder("b", mode)
					o.relate("copy", "a", "b", c.policies)
					o.fill("a", 2)
					o.apply()
					o.edit(c.edited, "a 00", "location", "Room 1")
					whole := o.state
					o.state = &mortal{Store: whole, left: n}
					_, err := o.engine().Apply(t.Context(), o.state, o.plan(reconcile.Request{}))
					o.state = whole
					o.edit(c.edited, "a 00", "location", "Room 2")
					o.apply()
					o.settled()
					for _, folder := range []string{"a", "b"} {
						o.holds(folder, "a 00", "a 01")
						if got := o.find(folder, "a 00").Item.Fields()["location"].Plain(); got != "Room 2" {
							t.Errorf("killed at commit %d: %s is at %v", n, folder, got)
						}
					}
					if err == nil {
						if n < 4 {
							t.Errorf("there are only %d commits", n-1)
						}
						return
					}
				}
			})
		}
	})
}

// TestDeletesAfterAKill: people delete the original of a replica that an apply was making when it was killed, for the first time or again. The replica goes with it.
func TestDeletesAfterAKill(t *testing.T) {
	for _, again := range []bool{false, true} {
		for n := 1; ; n++ {
			o := newOffice(t)
			o.folder("a", memory.DAV())
			o.folder("b", memory.DAV())
			o.relate("copy", "a", "b", oneWay())
			o.fill("a", 2)
			o.apply()
			title := "Lunch"
			if again {
				title = "a 00"
				o.erase("b", title)
			} else {
				o.at("a").Put(event("lunch", title))
			}
			whole := o.state
			o.state = &mortal{Store: whole, left: n}
			_, err := o.engine().Apply(t.Context(), o.state, o.plan(reconcile.Request{}))
			o.state = whole
			o.erase("a", title)
			o.apply()
			o.settled()
			want := []string{"a 00", "a 01"}
			if again {
				want = want[1:]
			}
			for _, folder := range []string{"a", "b"} {
				o.holds(folder, want...)
			}
			if err == nil {
				break
			}
		}
	}
}

// What a person had edited in an original before an apply that was killed brought something else to it is carried all the same.
func TestEditsBeforeAKillAreCarried(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for n := 1; ; n++ {
			o := newOffice(t)
			o.folder("a", mode)
			o.folder("b", mode)
			o.relate("copy", "a", "b", twoWay())
			o.fill("a", 1)
			o.apply()
			o.edit("b", "a 00", "location", "Room 1")
			o.edit("a", "a 00", "summary", "Lunch")
			whole := o.state
			o.state = &mortal{Store: whole, left: n}
			_, err := o.engine().Apply(t.Context(), o.state, o.plan(reconcile.Request{}))
			o.state = whole
			o.apply()
			o.settled()
			for _, folder := range []string{"a", "b"} {
				o.holds(folder, "Lunch")
				if got := o.find(folder, "Lunch").Item.Fields()["location"].Plain(); got != "Room 1" {
					t.Errorf("killed at commit %d: %s is at %v", n, folder, got)
				}
			}
			if err == nil {
				return
			}
		}
	})
}
