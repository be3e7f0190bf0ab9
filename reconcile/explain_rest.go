package reconcile

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
)

// isUntriggered reports whether an original has changed since its replica was written, and nothing that triggers an update has.
func (x *explaining) isUntriggered(r *ExplainedRelationship, p *state.Pair, o *decide.Item) bool {
	rel := x.related(r.Address)
	if o.Content == nil || rel == nil || rel.Triggers == nil || p.Replica == "" {
		return false
	}
	changed := decide.Differing(p, o.Content.Fields(), capable(x.folders[rel.Source]))
	if len(changed) == 0 || rel.Triggers(changed) {
		return false
	}
	r.Outcome, r.Reason = Untriggered, fmt.Sprintf("%s changed, and waits for a change of %s", strings.Join(changed, ", "), oneOf(x.specs[r.Address].Template.TriggeredBy()))
	return true
}

// oneOf lists what one is enough of.
func oneOf(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " or " + list[n-1]
	}
	return strings.Join(list, "")
}

// late is the mark of a late change that the replica of a pair carries.
func (x *explaining) late(r *ExplainedRelationship, p *state.Pair) *ExplainedLate {
	mark := map[state.Lateness]string{state.LateChanged: "changed", state.LateCancelled: "cancelled"}[p.Late]
	if mark == "" {
		return nil
	}
	out := &ExplainedLate{Mark: mark, Until: p.Until}
	if spec := x.specs[r.Address]; spec != nil && spec.Source.Zone != nil {
		out.Until = p.Until.In(spec.Source.Zone)
	}
	return out
}
