package review

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Diagnostics are what the reader of a plan should know. What is the same of several instances of one block is one of them, which says of how many more.
func Diagnostics(doc *plan.Document) []plan.Diagnostic {
	var list []plan.Diagnostic
	at, more := map[plan.Diagnostic]int{}, map[int]int{}
	for _, d := range doc.Diagnostics {
		like, key := d, ""
		if like.Address, key = plan.BlockOf(d.Address); key == "" {
			list = append(list, d)
			continue
		}
		like.Detail = strings.ReplaceAll(d.Detail, d.Address, like.Address)
		if first, known := at[like]; known {
			more[first]++
			continue
		}
		at[like] = len(list)
		list = append(list, d)
	}
	for i, n := range more {
		block, _ := plan.BlockOf(list[i].Address)
		list[i].Summary += fmt.Sprintf("; it is the same in %d more of %s", n, block)
	}
	return list
}
