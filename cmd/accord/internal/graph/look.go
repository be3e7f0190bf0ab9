package graph

import "github.com/accord-sync/accord/reconcile/plan"

// look is how a state is drawn. Colour is never alone: the state is in words as well.
type look struct {
	color  string // on white; "": as text
	dark   string // on black
	dashed bool   // nothing flows, and nobody has to do anything about it
}

func lookOf(s plan.Status) look {
	switch s {
	case plan.Alert:
		return look{color: "#b3261e", dark: "#ff8a80"}
	case plan.Blocked:
		return look{color: "#8a5000", dark: "#ffb951"}
	case plan.Unresolved:
		return look{color: "#7b3fa0", dark: "#d9a8f5", dashed: true}
	case plan.Paused:
		return look{color: "#1f5f99", dark: "#8ec5ff", dashed: true}
	case plan.Disabled:
		return look{color: "#6b7280", dark: "#9aa4b2", dashed: true}
	}
	return look{}
}
