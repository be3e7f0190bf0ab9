package history

import (
	"fmt"
	"strconv"
	"strings"
)

// Kind says how an item came by its UID.
type Kind int

const (
	Plain    Kind = iota // a user's item: the UID is what it says
	Replica              // made by a relationship: R(relationship|original|generation)
	SetApart             // a losing version: K(relationship|original|title|note|category)
)

// UID is a symbolic UID taken apart. The original may be symbolic itself: a released replica that is copied on.
type UID struct {
	Kind         Kind
	Plain        string // of a Plain one
	Relationship string
	Original     string
	Generation   int    // of a Replica
	Version      Fields // of a SetApart
}

// ParseUID takes a symbolic UID apart, one level deep.
func ParseUID(s string) (UID, error) {
	body, closed := strings.CutSuffix(s, ")")
	kind := Plain
	switch {
	case !closed:
	case strings.HasPrefix(body, "R("):
		kind = Replica
	case strings.HasPrefix(body, "K("):
		kind = SetApart
	}
	if kind == Plain {
		if s == "" || strings.ContainsAny(s, "()|") {
			return UID{}, fmt.Errorf("parse UID %q: neither plain nor symbolic", s)
		}
		return UID{Plain: s}, nil
	}
	parts := strings.Split(body[len("R("):], "|")
	last := len(parts) - 1
	if kind == Replica {
		if last < 2 {
			return UID{}, fmt.Errorf("parse UID %q: %d parts, not 3", s, len(parts))
		}
		gen, err := strconv.Atoi(parts[last])
		if err != nil {
			return UID{}, fmt.Errorf("parse UID %q: generation: %w", s, err)
		}
		return UID{Kind: kind, Relationship: parts[0], Original: strings.Join(parts[1:last], "|"), Generation: gen}, nil
	}
	if last < 4 {
		return UID{}, fmt.Errorf("parse UID %q: %d parts, not 5", s, len(parts))
	}
	return UID{
		Kind:         kind,
		Relationship: parts[0],
		Original:     strings.Join(parts[1:last-2], "|"),
		Version:      Fields{Title: parts[last-2], Note: parts[last-1], Category: parts[last]},
	}, nil
}
