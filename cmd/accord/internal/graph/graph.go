// Package graph is a picture of folders and the relationships between them: one model, drawn as DOT, Mermaid or SVG. Nothing that a name or
// a key says can change the structure of what is drawn.
package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// Graph is what is drawn. Its lists are sorted by address, so that one workspace has one picture.
type Graph struct {
	Workspace string
	Nodes     []Node  // folders
	Groups    []Group // meshes
	Edges     []Edge  // relationships that are no part of a mesh
}

// Node is a folder, or all those of a block that has too many for a picture.
type Node struct {
	Address string `json:"address"` // folder.company, folder.staff["alice"]; of a block that is folded, folder.staff
	Kind    string `json:"kind,omitempty"`
	Driver  string `json:"driver,omitempty"`
	Tally
}

// Group is a mesh: each of its members has a line to it, in place of one to each other member.
type Group struct {
	Address string   `json:"address"`
	Members []Member `json:"members"`
	Tally            // of its relationships
}

// Member is the line between a folder and its mesh.
type Member struct {
	Node  string `json:"node"` // its address
	Tally        // of the relationships that begin or end there
}

// Edge is a relationship, or all those of a block between the same two nodes.
type Edge struct {
	Address string `json:"address"` // of several, that of their block
	From    string `json:"from"`    // addresses of nodes
	To      string `json:"to"`
	TwoWay  bool   `json:"two_way"`
	Tally
}

// Tally is how many folders or relationships something stands for, and the state of theirs that matters most: what needs somebody to look after it
// comes first, and what flows before what does not.
type Tally struct {
	Count    int                 `json:"count"`
	Status   plan.Status         `json:"status"`
	Statuses map[plan.Status]int `json:"statuses"`
}

// precedence lists the states, the one that matters most first.
func precedence() []plan.Status {
	return []plan.Status{plan.Alert, plan.Blocked, plan.Unresolved, plan.OK, plan.Paused, plan.Disabled}
}

func byPrecedence(a, b plan.Status) int {
	return cmp.Compare(slices.Index(precedence(), a), slices.Index(precedence(), b))
}

func (t *Tally) add(s plan.Status) {
	if t.Statuses == nil {
		t.Statuses = map[plan.Status]int{}
	}
	if t.Count == 0 || byPrecedence(s, t.Status) < 0 {
		t.Status = s
	}
	t.Statuses[s]++
	t.Count++
}

// state is the tally's states in words; "" when all is well.
func (t Tally) state() string {
	switch t.Count {
	case t.Statuses[plan.OK]:
		return ""
	case t.Statuses[t.Status]:
		return words.Safe(string(t.Status))
	}
	var parts []string
	for _, s := range slices.SortedFunc(maps.Keys(t.Statuses), byPrecedence) {
		parts = append(parts, fmt.Sprintf("%d %s", t.Statuses[s], words.Safe(string(s))))
	}
	return strings.Join(parts, ", ")
}

// folder and relation are what a picture is made of, wherever it comes from.
type folder struct {
	address, kind, driver string
	status                plan.Status
}

type relation struct {
	address, from, to string
	twoWay            bool
	status            plan.Status
}

// OfWorkspace is the graph of a configuration. statuses are those of relationships by address, as a plan found them; where they say nothing, or are nil,
// what the configuration alone tells counts: disabled, unresolved, else ok.
func OfWorkspace(ws *schema.Workspace, statuses map[string]plan.Status) *Graph {
	var folders []folder
	for _, f := range ws.Folders {
		status := plan.OK
		if f.Unresolved {
			status = plan.Unresolved
		}
		folders = append(folders, folder{f.Address, string(f.Kind), f.Provider.Driver, status})
	}
	var relations []relation
	for _, r := range ws.Relations {
		status, known := statuses[r.Address]
		switch {
		case known:
		case !r.Enabled:
			status = plan.Disabled
		case r.Source.Unresolved, r.Destination.Unresolved:
			status = plan.Unresolved
		default:
			status = plan.OK
		}
		relations = append(relations, relation{r.Address, r.Source.Address, r.Destination.Address, r.Profile == "two_way", status})
	}
	return build(ws.Name, folders, relations)
}

// OfPlan is the graph of a plan's document alone, which does not say of which kind and driver a folder is, nor whether a relationship is two-way.
func OfPlan(doc *plan.Document) *Graph {
	var folders []folder
	var relations []relation
	for _, r := range doc.Relationships {
		folders = append(folders, folder{address: r.Source, status: plan.OK}, folder{address: r.Destination, status: plan.OK})
		relations = append(relations, relation{r.Address, r.Source, r.Destination, false, r.Status})
	}
	return build(doc.Workspace, folders, relations)
}

// Statuses are the states of a plan's relationships by address.
func Statuses(doc *plan.Document) map[string]plan.Status {
	statuses := make(map[string]plan.Status, len(doc.Relationships))
	for _, r := range doc.Relationships {
		statuses[r.Address] = r.Status
	}
	return statuses
}
