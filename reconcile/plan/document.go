// Package plan is the plan as a value: the document that every view is drawn from, the work that apply carries out, and the file that holds both.
package plan

import (
	"cmp"
	"time"
)

// FormatVersion is the version of the document. Readers tolerate reason codes and fields that they do not know.
const FormatVersion = "1.0"

// Document is what a plan says. Its JSON form is a promise.
type Document struct {
	FormatVersion string         `json:"format_version"`
	Workspace     string         `json:"workspace"`
	PlanID        string         `json:"plan_id"`
	CreatedAt     time.Time      `json:"created_at"`
	Fingerprint   string         `json:"fingerprint"`
	Task          string         `json:"task,omitempty"` // what a person asked for, item by item ("undo 12"); "": what the configuration says
	Summary       Summary        `json:"summary"`
	Allowed       []Allowance    `json:"allowed,omitempty"`
	Requests      []Requests     `json:"requests,omitempty"` // to the providers that are reached over a network, by address
	People        []People       `json:"people,omitempty"`   // of relationships with for_each, by block
	Changes       []Change       `json:"changes,omitempty"`  // that are common to relationships of one block, the most frequent first
	Relationships []Relationship `json:"relationships"`
	Diagnostics   []Diagnostic   `json:"diagnostics"`
}

// Summary counts what a plan does, and what it leaves.
type Summary struct {
	Add          int `json:"add"`
	Edit         int `json:"edit"`
	Delete       int `json:"delete"`
	Adopt        int `json:"adopt"`
	Mark         int `json:"mark"`
	Retire       int `json:"retire"`
	Release      int `json:"release"`
	CreateFolder int `json:"create_folder"`
	Stale        int `json:"stale"`
	Refused      int `json:"refused"`
	Conflict     int `json:"conflict"`
	Ambiguous    int `json:"ambiguous"`
	Blocked      int `json:"blocked"` // relationships
	Unreadable   int `json:"unreadable"`
	Unresolved   int `json:"unresolved"` // folders
	Settling     int `json:"settling"`
	Pruned       int `json:"pruned"`
	OutOfWindow  int `json:"out_of_window"`
	Unchanged    int `json:"unchanged"`
	LeftAlone    int `json:"left_alone"`
	Notified     int `json:"notified"` // people that a server would tell
}

// Count adds n to the count of an action.
func (s *Summary) Count(a Action, n int) {
	switch a {
	case Add:
		s.Add += n
	case Edit:
		s.Edit += n
	case Delete:
		s.Delete += n
	case Adopt:
		s.Adopt += n
	case Mark:
		s.Mark += n
	case Retire:
		s.Retire += n
	case Release:
		s.Release += n
	case CreateFolder:
		s.CreateFolder += n
	case Conflict:
		s.Conflict += n
	case Ambiguous:
		s.Ambiguous += n
	}
}

// Changes is the number of operations that change something.
func (s Summary) Changes() int {
	return s.Add + s.Edit + s.Delete + s.Adopt + s.Mark + s.Retire + s.Release + s.CreateFolder
}

// Requests are what an apply of a plan asks of a provider.
type Requests struct {
	Provider  string `json:"provider"`
	Writes    int    `json:"writes"`
	AtMost    int    `json:"at_most"`              // beside what signing in takes, and what has to be tried again
	PerMinute int    `json:"per_minute,omitempty"` // as many as the provider's limits let through
	Seconds   int    `json:"seconds,omitempty"`    // that they take at that pace
}

// Sent is how many requests an apply sent to a provider.
type Sent struct {
	Provider string `json:"provider"`
	Requests int    `json:"sent"`
}

// Status is the state of a relationship in a plan.
type Status string

// The states of a relationship.
const (
	OK         Status = "ok"
	Blocked    Status = "blocked" // a guard holds it
	Alert      Status = "alert"   // it cannot do its work
	Paused     Status = "paused"
	Disabled   Status = "disabled"
	Unresolved Status = "unresolved"
)

// Relationship is what a plan does for one relationship.
type Relationship struct {
	Address     string      `json:"address"`
	Source      string      `json:"source"`
	Destination string      `json:"destination"`
	Status      Status      `json:"status"`
	Reason      string      `json:"status_reason,omitempty"` // why the status is not ok, and what to do
	Fault       *Fault      `json:"fault,omitempty"`         // of an alert: what is wrong where
	Behind      *Change     `json:"behind,omitempty"`        // of one that a guard holds: what most of what it counts have in common, in all of its block
	Membership  Membership  `json:"membership,omitempty"`    // of an instance of for_each that comes or leaves
	NotReviewed []Operation `json:"not_reviewed,omitempty"`  // of apply -within: what holds the relationship, as far as it fits a page
	Unchanged   int         `json:"unchanged"`
	LeftAlone   int         `json:"left_alone"`
	Settling    int         `json:"settling"`
	OutOfWindow int         `json:"out_of_window"`
	Operations  Operations  `json:"operations"`
}

// Fault is what is wrong with a folder, so that a relationship cannot do its work.
type Fault struct {
	Folder string `json:"folder"`
	Cause  string `json:"cause"` // partial, empty, read_only, or the class of an error, such as unreachable or unauthorized
}

// The causes of faults beside the classes of errors.
const (
	FaultPartial  = "partial"   // it could be read only in part
	FaultEmpty    = "empty"     // it is suddenly empty
	FaultReadOnly = "read_only" // it cannot be written
)

// Action is what an operation does.
type Action string

// The actions. Conflict and Ambiguous write nothing: they wait for a person.
const (
	Add          Action = "add"
	Edit         Action = "edit"
	Delete       Action = "delete"
	Adopt        Action = "adopt"
	Mark         Action = "mark"
	Retire       Action = "retire"
	Release      Action = "release"
	CreateFolder Action = "create_folder"
	Conflict     Action = "conflict"
	Ambiguous    Action = "ambiguous"
)

// Side is the side of the relationship that an operation writes to.
type Side string

// The sides.
const (
	Source      Side = "source"
	Destination Side = "destination"
)

// Operation is one thing that a plan does, or that waits for a person.
type Operation struct {
	Action      Action    `json:"action"`
	Side        Side      `json:"side"`
	UID         string    `json:"uid"`          // of the original; "" when it has none
	OriginalRef string    `json:"original_ref"` // "" when there is none yet, or no more
	ReplicaRef  string    `json:"replica_ref"`  // likewise
	Originals   []string  `json:"originals"`    // where several originals share a replica: FOLDER/UID of each
	Title       string    `json:"title"`
	Start       string    `json:"start,omitempty"` // of an item that is neither added nor deleted: when it is, or is due, as fields write it
	Reason      string    `json:"reason"`
	Detail      string    `json:"detail,omitempty"` // the reason in words where the code does not say all
	Fields      []Field   `json:"fields"`
	Candidates  []string  `json:"candidates,omitempty"` // refs, of an ambiguity
	Versions    []Version `json:"versions,omitempty"`   // of an ambiguity, where it was asked for: the candidates
	Item        string    `json:"item,omitempty"`       // of what waits for a person: what accord resolve calls it, where that is not its UID

	likeness *likeness // what it had in common with others before it was hidden; nil: it is not hidden
}

// Key is what accord resolve calls the item of an operation that waits for a person.
func (op Operation) Key() string { return cmp.Or(op.Item, op.UID) }

// Version is an item that an original could be the same as.
type Version struct {
	Ref    string  `json:"ref"`
	Title  string  `json:"title"`
	Fields []Field `json:"fields"` // in which they differ: before is what the original says, after what it says
}

// Field is what becomes of one field: nil, a string, or a list of strings on either side.
type Field struct {
	Name       string `json:"name"`
	Occurrence string `json:"occurrence,omitempty"` // the original start of the occurrence of a series whose own field it is
	Before     any    `json:"before"`
	After      any    `json:"after"`
}

// Diagnostic is something that the reader of a plan should know.
type Diagnostic struct {
	Severity string `json:"severity"`       // error, warning or info
	Code     string `json:"code,omitempty"` // a stable word for what it is, where programs want to know
	Address  string `json:"address,omitempty"`
	Ref      string `json:"ref,omitempty"`
	Title    string `json:"title,omitempty"` // of an item that cannot be understood, as far as it can be told
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
}

// The codes of diagnostics.
const (
	ItemUnreadable = "unreadable" // an item cannot be understood
	ItemUndecided  = "undecided"  // an item could not be decided
	LeftAsItIs     = "left"       // what a person asked for, item by item, is not done to something
)

// Allowance is a guard's override: that many there, and no more.
type Allowance struct {
	Kind    string `json:"kind"` // deletes, edits, adds or leavers
	Address string `json:"address,omitempty"`
	Count   int    `json:"count"`
}
