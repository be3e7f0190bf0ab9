package reconcile_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
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
