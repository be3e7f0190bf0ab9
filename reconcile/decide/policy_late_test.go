package decide_test

import (
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema"
)

// TestLateCancellationsInTheTable holds Back and Then to what a cancellation at short notice changes of the table, in every case that there can be.
func TestLateCancellationsInTheTable(t *testing.T) {
	bad := 0
	for c := range combinations {
		timely := c.asCase()
		gone := timely.Original == decide.Deleted
		there := func(s decide.Side) bool { return s == decide.Same || s == decide.Edited }
		for _, how := range []decide.Cancellation{decide.LateNow, decide.LateShown, decide.LateOver} {
			late := timely
			late.Cancelled = how
			asks, then := decide.Back(timely), decide.Then(timely)
			if gone && how != decide.LateNow {
				asks = decide.AskNothing
			}
			switch {
			case gone && then == decide.DeleteEnd && how != decide.LateOver:
				then = decide.Linger
			case how == decide.LateOver && there(timely.Original) && there(timely.Replica) && timely.Place == decide.In:
				if then = decide.DeletePrune; timely.Adopted && timely.Policies.AdoptOnDelete == schema.AdoptRelease {
					then = decide.ReleasePrune
				}
			}
			if got := decide.Back(late); got != asks {
				bad++
				t.Errorf("%v, cancelled late %d: R asks of O %q instead of %q", c, how, got, asks)
			}
			if got := decide.Then(late); got != then {
				bad++
				t.Errorf("%v, cancelled late %d: then %q instead of %q", c, how, got, then)
			}
			if bad > 10 {
				t.FailNow()
			}
		}
	}
}
