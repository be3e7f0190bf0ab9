package reconcile_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/data"
)

// A roster that lost more rows than its guard allows holds everything, and the state keeps how many it had.
func TestRosterThatShrank(t *testing.T) {
	o := company(t, memory.DAV())
	roster := &schema.Data{Address: "data.csv.staff", Rows: 10, MinRows: 3, MaxShrink: schema.Limit{Set: true, Percent: true, Value: 20}}
	o.ws.Data = []*schema.Data{roster}
	o.apply()
	for _, step := range []struct {
		rows int
		want string // of the reason; "": it goes on
	}{
		{8, ""}, {6, "data.csv.staff has 6 rows, and had 8 at the last apply"}, {7, ""}, {2, "wants at least 3"}, {6, ""}, {5, ""},
	} {
		roster.Rows = step.rows
		o.at("a").Put(event(strings.Repeat("x", step.rows), "Lunch"))
		p := o.plan(reconcile.Request{})
		r := relationship(t, p, "relationship.copy")
		switch {
		case step.want == "" && r.Status != plan.OK:
			t.Errorf("%d rows: %s", step.rows, r.Reason)
		case step.want != "" && (r.Status != plan.Blocked || !strings.Contains(r.Reason, step.want) || len(writes(p)) > 0):
			t.Errorf("%d rows: %s %s", step.rows, r.Status, r.Reason)
		}
		o.carryOut(p)
	}
}

// A roster that had several rows and has none holds everything, unless its guard says that none will do.
func TestRosterThatIsEmpty(t *testing.T) {
	o := company(t, memory.DAV())
	roster := &schema.Data{Address: "data.csv.staff", Rows: 3, MinRows: data.AnyButNone}
	o.ws.Data = []*schema.Data{roster}
	for _, step := range []struct {
		rows, least int
		want        string
	}{
		{3, data.AnyButNone, ""}, {0, data.AnyButNone, "data.csv.staff has no rows, and had 3 at the last apply. To go on: bring the rows back, or say that none will do, with guard { min_rows = 0 }"},
		{1, data.AnyButNone, ""}, {0, data.AnyButNone, ""}, {2, data.AnyButNone, ""}, {0, 0, ""},
	} {
		roster.Rows, roster.MinRows = step.rows, step.least
		p := o.plan(reconcile.Request{})
		if r := relationship(t, p, "relationship.copy"); (r.Status == plan.Blocked) != (step.want != "") || !strings.HasPrefix(r.Reason, step.want) {
			t.Errorf("%d rows: %s %s", step.rows, r.Status, r.Reason)
		}
		o.carryOut(p)
	}
}
