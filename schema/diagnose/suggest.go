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
		a, b := apart(strings.ToLower(written), strings.ToLower(c))
		if d := distance(a, b); d < least && 3*d <= max(len(a), len(b)) {
			best, least = c, d
		}
	}
	return best
}

// apart leaves out what two addresses have in common: of folder.x and folder.y, all letters differ.
func apart(a, b string) (string, string) {
	for {
		head, tail, dotted := strings.Cut(a, ".")
		rest, same := strings.CutPrefix(b, head+".")
		if !dotted || !same {
			return a, b
		}
		a, b = tail, rest
	}
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
