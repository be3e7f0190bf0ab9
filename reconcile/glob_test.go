package reconcile

import "testing"

func TestGlobMatches(t *testing.T) {
	for _, c := range []struct {
		glob, address string
		want          bool
	}{
		{"relationship.a", "relationship.a", true},
		{"relationship.a", "relationship.ab", false},
		{"relationship.*", "relationship.a", true},
		{"relationship.*", `relationship.a["x"]`, true},
		{"relationship.*", "folder.a", false},
		{"relationship.?", "relationship.ab", false},
		{"relationship.a", `relationship.a["x"]`, true},
		{`relationship.a["x"]`, `relationship.a["x"]`, true},
		{`relationship.a["x"]`, `relationship.a["xy"]`, false},
		{"relationship.a[x]", `relationship.a["x"]`, true},
		{"relationship.a[x]", `relationship.a["y"]`, false},
		{"relationship.a[xyz]", `relationship.a["x"]`, false}, // no class of characters
		{"relationship.a[*]", `relationship.a["x"]`, true},
		{"relationship.a[*]", "relationship.a", false},
		{"mesh.partners", `mesh.partners["anna/ben"]`, true},
		{`mesh.partners["anna/ben"]`, `mesh.partners["anna/ben"]`, true},
		{"mesh.partners[anna/ben]", `mesh.partners["anna/ben"]`, true},
		{`mesh.partners["anna/*"]`, `mesh.partners["anna/ben"]`, true},
		{"mesh.partners[anna/*]", `mesh.partners["anna/ben"]`, true},
		{`mesh.partners["anna/*"]`, `mesh.partners["ben/anna"]`, false},
		{`mesh.partners["*/ben"]`, `mesh.partners["anna/ben"]`, true},
		{`mesh.partners["*"]`, `mesh.partners["anna/ben"]`, true},
		{"folder.*", `folder.shared["rooms/1/2"]`, true},
		{"folder.timetable", `folder.timetable.partition["7"]`, true},
		{"folder.timetable.partition", `folder.timetable.partition["7"]`, true},
		{"folder.timetable.partition[7]", `folder.timetable.partition["7"]`, true},
		{"folder.timetable.partition[7]", `folder.timetable.partition["71"]`, false},
		{`folder.timetable["a"]`, `folder.timetable["a"].partition["7"]`, true},
		{"folder.time", `folder.timetable.partition["7"]`, false},
		{"folder", `folder.partition["7"]`, false},
		{`relationship.a["`, `relationship.a["x"]`, false},
		{`relationship.a\`, "relationship.a", false},
	} {
		if got := globMatches(c.glob, c.address); got != c.want {
			t.Errorf("%s over %s: %t", c.glob, c.address, got)
		}
	}
}
