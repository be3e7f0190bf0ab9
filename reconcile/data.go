package reconcile

import (
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/data"
)

// guardData holds all relationships when a data block has fewer rows than its guard allows: what follows from the missing rows is not known before all of the
// configuration is worked out, and a roster that was cut short must not look like people who left.
func (p *planning) guardData() error {
	recorded, err := p.st.Data()
	if err != nil {
		return err
	}
	for _, d := range p.e.ws.Data {
		p.data = append(p.data, state.Data{Address: d.Address, Rows: d.Rows})
	}
	for _, d := range p.e.ws.Data {
		why, change := "", "change the guard at"
		before := rowsOf(recorded, d.Address)
		over, allows := exceeds(d.MaxShrink, false, before-d.Rows, before)
		switch {
		case d.MinRows == data.AnyButNone && d.Rows == 0 && before > 1:
			why = fmt.Sprintf("%s has no rows, and had %d at the last apply", d.Address, before)
			change = "say that none will do, with guard { min_rows = 0 } in the block at"
		case d.Rows < d.MinRows:
			why = fmt.Sprintf("%s has %d rows, and its guard wants at least %d", d.Address, d.Rows, d.MinRows)
		case over:
			why = fmt.Sprintf("%s has %d rows, and had %d at the last apply: its guard allows to lose %s", d.Address, d.Rows, before, allows)
		default:
			continue
		}
		p.data = recorded
		why += fmt.Sprintf(". To go on: bring the rows back, or %s %s:%d", change, d.Range.Filename, d.Range.Start.Line)
		for address := range p.ends {
			if _, held := p.holds[address]; !held {
				p.holds[address] = hold{status: plan.Blocked, reason: why}
			}
		}
	}
	return nil
}

func rowsOf(recorded []state.Data, address string) int {
	i := slices.IndexFunc(recorded, func(d state.Data) bool { return d.Address == address })
	if i < 0 {
		return 0
	}
	return recorded[i].Rows
}
