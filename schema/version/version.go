// Package version compares versions with constraints such as ">= 0.1, < 2".
package version

import (
	"fmt"
	"strconv"
	"strings"
)

// Fits reports whether a version meets every constraint of a list. A version that is none, as of a development build, meets them all.
// The error says which constraint is none.
func Fits(have, constraints string) (bool, error) {
	fits := true
	for _, constraint := range strings.Split(constraints, ",") {
		constraint = strings.TrimSpace(constraint)
		bare := strings.TrimLeft(constraint, "<>=!~ ")
		operator := strings.TrimSpace(constraint[:len(constraint)-len(bare)])
		holds, known := operators[operator]
		wanted, ok := numbers(bare)
		if !ok || !known {
			return false, fmt.Errorf("%q is no version constraint", constraint)
		}
		if version, ok := numbers(strings.TrimPrefix(have, "v")); ok {
			fits = fits && holds(version, wanted)
		}
	}
	return fits, nil
}

var operators = map[string]func(have, wanted []int) bool{
	"":   func(have, wanted []int) bool { return compare(have, wanted) == 0 },
	"=":  func(have, wanted []int) bool { return compare(have, wanted) == 0 },
	"!=": func(have, wanted []int) bool { return compare(have, wanted) != 0 },
	">":  func(have, wanted []int) bool { return compare(have, wanted) > 0 },
	">=": func(have, wanted []int) bool { return compare(have, wanted) >= 0 },
	"<":  func(have, wanted []int) bool { return compare(have, wanted) < 0 },
	"<=": func(have, wanted []int) bool { return compare(have, wanted) <= 0 },
	"~>": func(have, wanted []int) bool {
		next := append([]int(nil), wanted[:max(1, len(wanted)-1)]...)
		next[len(next)-1]++
		return compare(have, wanted) >= 0 && compare(have, next) < 0
	},
}

// numbers are the numbers of "1.2.3-rc1"; what follows a hyphen or plus is left out.
func numbers(s string) ([]int, bool) {
	s, _, _ = strings.Cut(s, "+")
	s, _, _ = strings.Cut(s, "-")
	var parts []int
	for _, p := range strings.Split(s, ".") {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 {
			return nil, false
		}
		parts = append(parts, n)
	}
	return parts, true
}

func compare(a, b []int) int {
	for i := range max(len(a), len(b)) {
		var x, y int
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if x != y {
			return x - y
		}
	}
	return 0
}
