// Package amount is how much: durations and limits as administrators write them.
package amount

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/scope"
)

var durationForm = regexp.MustCompile(`^([0-9]+[wdhms])+$`)
var durationPart = regexp.MustCompile(`[0-9]+[wdhms]`)

// ParseDuration reads "2w", "7d", "1h30m", "90s". A day is 24 hours.
func ParseDuration(s string) (time.Duration, error) {
	if rest, negative := strings.CutPrefix(s, "-"); negative && durationForm.MatchString(rest) {
		return 0, fmt.Errorf("%q is negative", s)
	}
	if !durationForm.MatchString(s) {
		return 0, fmt.Errorf("%q is no duration", s)
	}
	unit := map[byte]time.Duration{'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second}
	var total time.Duration
	for _, part := range durationPart.FindAllString(s, -1) {
		n, err := strconv.ParseInt(part[:len(part)-1], 10, 64)
		each := unit[part[len(part)-1]]
		if err != nil || n > int64((math.MaxInt64-total)/each) {
			return 0, fmt.Errorf("%q is too long", s)
		}
		total += time.Duration(n) * each
	}
	return total, nil
}

// DurationOf is the duration that an attribute says; ok is false without one, or when a mistake was reported.
func DurationOf(sc *scope.Scope, a *scope.Attribute, in *scope.Instance) (d time.Duration, ok bool) {
	s, ok := sc.Text(a, in)
	if !ok {
		return 0, false
	}
	d, err := ParseDuration(s)
	if err != nil {
		sc.Refuse(a, "Invalid duration", fmt.Sprintf("%s: %v.", a.Name, err), `Write a number with w, d, h, m or s: "7d", "1h30m".`)
		return 0, false
	}
	return d, true
}

var sizeForm = regexp.MustCompile(`^([0-9]+) ?(?:([kKMGT])(i?))?B$`)

// parseSize reads "500MB" or "1GiB" (IEC 80000-13) into bytes.
func parseSize(s string) (int64, error) {
	parts := sizeForm.FindStringSubmatch(s)
	if parts == nil {
		return 0, fmt.Errorf("%q is no size", s)
	}
	each := int64(1000)
	if parts[3] != "" {
		each = 1024
	}
	n, err := strconv.ParseInt(parts[1], 10, 64)
	for range strings.Index(" KMGT", strings.ToUpper(parts[2])) {
		if n > math.MaxInt64/each {
			return 0, fmt.Errorf("%q is too much", s)
		}
		n *= each
	}
	if err != nil {
		return 0, fmt.Errorf("%q is too much", s)
	}
	return n, nil
}

// SizeOf is the size in bytes that an attribute says; ok is false without one, or when a mistake was reported.
func SizeOf(sc *scope.Scope, a *scope.Attribute, in *scope.Instance) (bytes int64, ok bool) {
	s, ok := sc.Text(a, in)
	if !ok {
		return 0, false
	}
	bytes, err := parseSize(s)
	if err != nil {
		sc.Refuse(a, "Invalid size", fmt.Sprintf("%s: %v.", a.Name, err), `Write a whole number with kB, MB, GB, KiB, MiB or GiB: "500MB".`)
		return 0, false
	}
	return bytes, true
}

// CountOf is the whole number of 1 or more that an attribute says; 0 without one, or when a mistake was reported.
func CountOf(sc *scope.Scope, a *scope.Attribute, in *scope.Instance) int {
	s, ok := sc.Text(a, in)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		sc.Refuse(a, "Invalid count", fmt.Sprintf("%s: %q is no whole number of 1 or more.", a.Name, s), "Write one, such as 60, or leave it out.")
		return 0
	}
	return int(n)
}

// Limit is a guard's limit: a percentage of something, or a count.
type Limit struct {
	Set     bool // written down: it applies at any size
	Percent bool
	Value   float64 // 0 to 100 with Percent, else a whole number
}

// parseLimit reads "20%" or a count.
func parseLimit(s string) (Limit, error) {
	digits, percent := strings.CutSuffix(s, "%")
	n, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil || n < 0 || math.IsInf(n, 0) || math.IsNaN(n):
		return Limit{}, fmt.Errorf("%q is neither a percentage nor a count", s)
	case percent && n > 100:
		return Limit{}, fmt.Errorf("%q is more than 100%%", s)
	case !percent && n != math.Trunc(n):
		return Limit{}, fmt.Errorf("%q is no whole number", s)
	}
	return Limit{Set: true, Percent: percent, Value: n}, nil
}

// LimitOf is the limit that an attribute says; none is set without one, or when a mistake was reported.
func LimitOf(sc *scope.Scope, a *scope.Attribute, in *scope.Instance) Limit {
	s, ok := sc.Text(a, in)
	if !ok {
		return Limit{}
	}
	limit, err := parseLimit(s)
	if err != nil {
		sc.Refuse(a, "Invalid limit", fmt.Sprintf("%s: %v.", a.Name, err), `Write a percentage ("20%") or a whole number (50).`)
	}
	return limit
}
