package plan

import "strings"

// Membership is whether somebody comes to a block or leaves it: an instance of a relationship with for_each.
type Membership string

// The memberships. One who stays has none.
const (
	Joins  Membership = "joins"  // the block did not have its key at the last apply
	Leaves Membership = "leaves" // the block has its key no more
)

// People counts the people of a block: the instances of a relationship with for_each. Each is counted once.
type People struct {
	Block      string `json:"block"`
	People     int    `json:"people"` // all that the plan is about, with those who leave
	Join       Share  `json:"join"`
	Leave      Share  `json:"leave"`
	Differ     Share  `json:"differ"`     // who stay, and get items or lose some
	Change     Share  `json:"change"`     // who stay, and of whom nothing else is planned than to change what they have, or waits
	Unresolved int    `json:"unresolved"` // whose folder has no address
	Held       int    `json:"held"`       // who are left as they are for another reason
	Unchanged  int    `json:"unchanged"`
}

// Share is what a plan does for some of the people of a block.
type Share struct {
	People       int `json:"people"`
	Add          int `json:"add"`
	Edit         int `json:"edit"`
	Delete       int `json:"delete"`
	CreateFolder int `json:"create_folder"`
	Other        int `json:"other"` // further changes
}

// Operations is how many operations there are in it that change something.
func (s Share) Operations() int { return s.Add + s.Edit + s.Delete + s.CreateFolder + s.Other }

// BlockOf parts the address of an instance into its block and its key: "" where it is none.
func BlockOf(address string) (block, key string) {
	block, key, instance := strings.Cut(address, `["`)
	if !instance {
		return address, ""
	}
	return block, strings.TrimSuffix(key, `"]`)
}

// IsPerson reports whether an address is that of an instance of a relationship with for_each.
func IsPerson(address string) bool {
	return strings.HasPrefix(address, "relationship.") && strings.Contains(address, `["`)
}

// Count adds a relationship with so many operations of each action.
func (p *People) Count(r *Relationship, actions map[Action]int) {
	p.People++
	var s Summary
	for action, n := range actions {
		s.Count(action, n)
	}
	share := &p.Change
	switch {
	case r.Status == Unresolved:
		p.Unresolved++
		return
	case r.Status != OK:
		p.Held++
		return
	case r.Membership == Joins:
		share = &p.Join
	case r.Membership == Leaves:
		share = &p.Leave
	case s.Add+s.Delete > 0:
		share = &p.Differ
	case s.Changes()+s.Conflict+s.Ambiguous == 0:
		p.Unchanged++
		return
	}
	share.Count(s)
}

// Count adds somebody for whom so much is done.
func (s *Share) Count(n Summary) {
	s.People++
	s.Add += n.Add
	s.Edit += n.Edit
	s.Delete += n.Delete
	s.CreateFolder += n.CreateFolder
	s.Other += n.Changes() - n.Add - n.Edit - n.Delete - n.CreateFolder
}
