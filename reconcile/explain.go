package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// Explanation is why an item is, or is not, where one expects it. Its JSON form is a promise; readers tolerate words that they do not know.
type Explanation struct {
	Folder        string                  `json:"folder"` // that was asked about; the item may lie in one that a relationship joins with it
	Asked         string                  `json:"asked"`
	Item          ExplainedItem           `json:"item"`
	Relationships []ExplainedRelationship `json:"relationships"`
	Apply         *ExplainedApply         `json:"apply"` // the newest that wrote to the item or to a replica of it; nil: the journal knows none
	Diagnostics   []plan.Diagnostic       `json:"diagnostics"`
}

// ExplainedItem is what an item is.
type ExplainedItem struct {
	Folder     string   `json:"folder"`
	Title      string   `json:"title"`  // as a plan shows it; "" where it is not known
	Hidden     bool     `json:"hidden"` // its title and times are not shown
	UID        string   `json:"uid"`
	Ref        string   `json:"ref"`
	Kind       pim.Kind `json:"kind"`
	Start      string   `json:"start,omitempty"`
	Due        string   `json:"due,omitempty"`
	Recurrence string   `json:"recurrence,omitempty"`
	Recurring  bool     `json:"recurring"`
	Presence   Presence `json:"presence"`
	Reason     string   `json:"reason,omitempty"` // of a presence other than there and gone
	Recorded   bool     `json:"recorded"`         // the state knows it
	ByRef      bool     `json:"by_ref"`           // it is told apart by its ref: it has no UID, or another item of the folder has it too
	Role       Role     `json:"role"`

	// Replica is of what an item is a replica, or was: nil for one that never was.
	Replica *ReplicaOf `json:"replica,omitempty"`
	// Original is a replica's original; nil where that cannot be told.
	Original *ExplainedItem `json:"original,omitempty"`
}

// Presence is what is known of where an item is.
type Presence string

// The presences.
const (
	Present    Presence = "there"
	Unreadable Presence = "unreadable" // it is there, and cannot be understood
	Unseen     Presence = "unseen"     // it is recorded, and its folder could be read only in part
	Unread     Presence = "unread"     // it is recorded, and its folder was not read
	Absent     Presence = "gone"
)

// Role is what an item is to Accord.
type Role string

// The roles.
const (
	Original Role = "original" // no relationship made it
	Replica  Role = "replica"
	Foreign  Role = "foreign"  // a replica of another workspace
	Orphan   Role = "orphan"   // a replica of which nobody knows the original
	Released Role = "released" // a replica once, ordinary now
	Copied   Role = "copied"   // a person's copy of a replica: ordinary
)

// ReplicaOf is of what an item is a replica, or was.
type ReplicaOf struct {
	Workspace    string       `json:"workspace"`
	Relationship string       `json:"relationship"`
	Original     string       `json:"original"` // its key
	Source       string       `json:"source"`   // folder of the original
	Generation   int          `json:"generation"`
	Adopted      bool         `json:"adopted"`
	Status       state.Status `json:"status"`            // of the pair; "" when there is none
	Recorded     bool         `json:"recorded"`          // the state says so; if not, the item's marker or UID does
	Sharing      []string     `json:"sharing,omitempty"` // where several originals share it: FOLDER/UID of each, that which leads first
}

// ExplainedRelationship is what a relationship does with an item, and why.
type ExplainedRelationship struct {
	Address     string           `json:"address"`
	Source      string           `json:"source"`
	Destination string           `json:"destination"`
	Side        plan.Side        `json:"side"`             // where the item is
	Outcome     Outcome          `json:"outcome"`          //
	Reason      string           `json:"reason,omitempty"` // in words, of an outcome that does not say all
	Status      plan.Status      `json:"status"`
	Operations  []plan.Operation `json:"operations"` // what a plan does about the item; of a blocked relationship, what it would do
	Filter      *ExplainedFilter `json:"filter,omitempty"`
	Pair        *ExplainedPair   `json:"pair,omitempty"`
	SettledBy   *ExplainedRun    `json:"settled_by,omitempty"` // the newest apply that wrote something for the pair
	OnUnmatched string           `json:"on_unmatched,omitempty"`
	Matches     []ExplainedMatch `json:"matches,omitempty"` // of an original without a pair: what it was compared with; of an adopted replica: by what it was recognised
}

// ExplainedMatch is an item of the destination that an original was compared with, for it may be the same thing.
type ExplainedMatch struct {
	UID     string   `json:"uid"`
	Ref     string   `json:"ref"`
	Title   string   `json:"title"`
	Hidden  bool     `json:"hidden"`
	Start   string   `json:"start,omitempty"`
	By      string   `json:"by"`      // uid or match_key; "" for a near miss
	Made    bool     `json:"made"`    // it was compared with what the template makes of the original
	Adopted bool     `json:"adopted"` // it is the replica
	Paired  bool     `json:"paired"`  // it belongs to a pair already, and is no candidate
	Same    []string `json:"same"`    // in what both agree
	Differ  []string `json:"differ"`  // and in what they differ
}

// Outcome is what becomes of an item in a relationship, as a word that stays the same.
type Outcome string

// The outcomes.
const (
	Planned           Outcome = "planned"            // see operations
	Settled           Outcome = "settled"            // there is nothing to do: its replica says what it should
	Waits             Outcome = "waits"              // for a person: a conflict or an ambiguity
	Held              Outcome = "held"               // see status: nothing is done in the relationship
	NeverCopied       Outcome = "never_copied"       // it is a replica, and replicas are never copied further
	BeganThere        Outcome = "began_there"        // it began in the destination
	Filtered          Outcome = "filtered"           // the filter does not let it through
	OutOfWindow       Outcome = "out_of_window"      // the window does not reach it now
	Settling          Outcome = "settling"           // it was changed too recently
	Untriggered       Outcome = "untriggered"        // it changed, and no field that triggers an update did
	Lingers           Outcome = "lingers"            // it went at short notice, and its replica says so for a while
	Pruned            Outcome = "pruned"             // a person deleted the replica
	Retired           Outcome = "retired"            // its replica stays as it is
	Ignored           Outcome = "ignored"            // it was there before the relationship
	Refused           Outcome = "refused"            // the provider would not take it
	Undecided         Outcome = "undecided"          // filter or template cannot tell
	ItemUnreadable    Outcome = "item_unreadable"    // nothing is done while it cannot be understood
	ReplicaUnreadable Outcome = "replica_unreadable" // likewise
	TwinUnreadable    Outcome = "twin_unreadable"    // an item of the same UID in the destination cannot be understood
	Missing           Outcome = "missing"            // it is not there, and nothing is left of it
	Left              Outcome = "left"               // nothing is decided about it
)

// ExplainedFilter is what a relationship's filter says of an item.
type ExplainedFilter struct {
	File       string               `json:"file"`
	Line       int                  `json:"line"`
	Passes     bool                 `json:"passes"`
	Conditions []ExplainedCondition `json:"conditions"` // all must hold
}

// ExplainedCondition is one of the conditions that a filter joins with &&.
type ExplainedCondition struct {
	Text  string          `json:"text"`
	Holds bool            `json:"holds"`
	Error string          `json:"error,omitempty"`
	Names []ExplainedName `json:"names"`
}

// ExplainedName is the value of a name that a condition reads.
type ExplainedName struct {
	Name   string `json:"name"`
	Value  any    `json:"value"`
	Hidden bool   `json:"hidden"` // the value is sensitive, or of an item that is not shown
}

// ExplainedPair is what is recorded of original and replica, as it will be after the next apply.
type ExplainedPair struct {
	Status      state.Status `json:"status"`
	Generation  int          `json:"generation"`
	Adopted     bool         `json:"adopted"`
	OriginalRef string       `json:"original_ref"`
	ReplicaRef  string       `json:"replica_ref"`
	ReplicaUID  string       `json:"replica_uid"`
	Refused     bool         `json:"refused"`

	// Late is the mark of a late change that the replica carries; nil: it carries none.
	Late *ExplainedLate `json:"late,omitempty"`
}

// ExplainedLate is the mark of a late change.
type ExplainedLate struct {
	Mark  string    `json:"mark"`  // changed or cancelled
	Until time.Time `json:"until"` // when it has passed, in the zone of the source
}

// ExplainedRun is one run of apply.
type ExplainedRun struct {
	Number  uint64    `json:"number"`
	By      string    `json:"by"`
	Started time.Time `json:"started"`
}

// ExplainedApply is what an apply did to an item and to its replicas.
type ExplainedApply struct {
	ExplainedRun
	Writes []ExplainedWrite `json:"writes"`
}

// ExplainedWrite is one write of the journal.
type ExplainedWrite struct {
	Relationship string `json:"relationship"`
	Folder       string `json:"folder"`
	Write        string `json:"write"` // create, update or delete
	Ref          string `json:"ref"`
	Outcome      string `json:"outcome"` // "" where nobody knows
	Reason       string `json:"reason"`
}

// Explain says why an item is, or is not, where one expects it. item is a UID, a ref, or a title or a part of one. It reads the folders that may have to do with the
// item, and decides as Plan does, guards included; it writes nothing. The error is a *NotFoundError when nobody knows the item, and a *SeveralError when
// several may be meant.
func (e *Engine) Explain(ctx context.Context, st state.Reader, folder, item string) (_ *Explanation, err error) {
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	p, err := e.begin(st, Request{}, room)
	if err != nil {
		return nil, err
	}
	if err := p.ask(folder); err != nil {
		return nil, err
	}
	if err := p.observe(ctx); err != nil {
		return nil, err
	}
	if err := p.learn(ctx, p.everything()); err != nil {
		return nil, err
	}
	it, err := (&search{planning: p, asked: item}).find(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.block(ctx); err != nil {
		return nil, err
	}
	x := &explaining{planning: p, found: *it}
	if err := x.decide(ctx); err != nil {
		return nil, err
	}
	out := &Explanation{Folder: p.asked, Asked: item, Item: x.describe(), Relationships: []ExplainedRelationship{}, Diagnostics: []plan.Diagnostic{}}
	if err := x.explain(out); err != nil {
		return nil, err
	}
	return out, x.matches(ctx, out)
}
