package diagnose

import (
	"sort"
	"strings"
)

// Nearest is the candidate nearest to what was written, or "" when more than a third of its letters differ: something else was meant then.
func Nearest(written string, candidates []string) string {
	best, least := "", len(written)+1
	sorted := append([]string(nil), candidates...)
	sort.Strings(sorted)
	for _, c := range sorted {
		if d := distance(strings.ToLower(written), strings.ToLower(c)); d < least && 3*d <= max(len(written), len(c)) {
			best, least = c, d
		}
	}
	return best
}

// DidYouMean is a remedy: the nearest candidate, else all of them when they are few, else otherwise.
func DidYouMean(written string, candidates []string, otherwise string) string {
	if s := Nearest(written, candidates); s != "" {
		return "Did you mean " + s + "?"
	}
	if n := len(candidates); n > 0 && n <= 20 {
		sorted := append([]string(nil), candidates...)
		sort.Strings(sorted)
		return "There is: " + strings.Join(sorted, ", ") + "."
	}
	return otherwise
}

// distance counts the insertions, deletions, replacements and swaps of neighbours that turn a into b.
func distance(a, b string) int {
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
