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
	return toProviders("Requests: ", "at most %d to %s", list, func(r plan.Requests) (int, string) {
		to := Sentence(r.Provider)
		if r.PerMinute > 0 {
			to += fmt.Sprintf(" (%s at %d a minute)", span(r.Seconds), r.PerMinute)
		}
		return r.AtMost, to
	})
}

// Sent says how many requests an apply sent; "" for none.
func Sent(list []plan.Sent) string {
	return toProviders("Requests sent: ", "%d to %s", list, func(s plan.Sent) (int, string) { return s.Requests, Sentence(s.Provider) })
}

// toProviders is a line of how many requests go to which provider, those with the most first. say is the number of one and whom it goes to.
func toProviders[T any](begin, format string, list []T, say func(T) (int, string)) string {
	number := func(one T) int { n, _ := say(one); return n }
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(number(b), number(a)) })
	var parts []string
	others, rest := 0, 0
	for i, one := range list {
		n, to := say(one)
		if i >= named && len(list) > named+1 {
			others, rest = others+1, rest+n
			continue
		}
		parts = append(parts, fmt.Sprintf(format, n, to))
	}
	if others > 0 {
		parts = append(parts, fmt.Sprintf(format, rest, fmt.Sprintf("%d other providers", others)))
	}
	return sentence(begin, List(parts...))
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
