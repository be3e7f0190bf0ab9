package words

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/plan"
)

// named is how many providers a line about requests names: those with the most.
const named = 3

// Requests says how many requests an apply sends at most, and how long they take at the pace that is allowed; "" for none.
func Requests(list []plan.Requests) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b plan.Requests) int { return cmp.Compare(b.AtMost, a.AtMost) })
	var parts []string
	others, rest := 0, 0
	for i, r := range list {
		if i >= named && len(list) > named+1 {
			others, rest = others+1, rest+r.AtMost
			continue
		}
		said := fmt.Sprintf("at most %d to %s", r.AtMost, Sentence(r.Provider))
		if r.PerMinute > 0 {
			said += fmt.Sprintf(" (%s at %d a minute)", span(r.Seconds), r.PerMinute)
		}
		parts = append(parts, said)
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf("at most %d to %d other providers", rest, others))
	}
	return sentence("Requests: ", List(parts...))
}

// Sent says how many requests an apply sent; "" for none.
func Sent(list []plan.Sent) string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b plan.Sent) int { return cmp.Compare(b.Requests, a.Requests) })
	var parts []string
	others, rest := 0, 0
	for i, s := range list {
		if i >= named && len(list) > named+1 {
			others, rest = others+1, rest+s.Requests
			continue
		}
		parts = append(parts, fmt.Sprintf("%d to %s", s.Requests, Sentence(s.Provider)))
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf("%d to %d other providers", rest, others))
	}
	return sentence("Requests sent: ", List(parts...))
}

// span says about how long something takes, and never less.
func span(seconds int) string {
	switch {
	case seconds <= 90:
		return fmt.Sprintf("%d s", seconds)
	case seconds <= 90*60:
		return fmt.Sprintf("%d min", (seconds+59)/60)
	}
	return fmt.Sprintf("%d h", (seconds+3599)/3600)
}
