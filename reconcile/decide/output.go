package decide

import (
	"time"

	"github.com/accord-sync/accord/reconcile/state"
)

// Decision is every folder as it will be, and every pair.
type Decision struct {
	// Writes are the changes of items, originals before the replicas that follow from them.
	Writes []*Write

	// Pairs are the pairs that are not what they were.
	Pairs []PairChange

	// Notices are what the plan lists beside the writes: conflicts and ambiguities that wait.
	Notices []Notice

	// Problems are items that could not be decided, with the reason: their pairs wait.
	Problems []Problem

	// Waiting are the pairs that nothing was decided for; what belongs to them is looked at again next time.
	Waiting map[state.PairKey]bool

	// Unused are the choices that decided nothing: what they are about does not wait, or has no such candidate.
	Unused []state.PairKey

	// Later is what is to be recorded of items because time will change what is decided of them. Items that were decided and are not in it have nothing.
	Later []Later

	// Recorded are the relationships as the state shall have them. Frozen ones are as they were.
	Recorded []state.Relationship

	Counts Counts
}

// Later says of an item when it has to be looked at again, and which relationships would copy it but for their windows.
type Later struct {
	Folder, Key string
	Due         time.Time // zero: only when it changes
	Out         []string  // addresses of relationships, sorted
}

// Counts are the plan's counts of what is not written.
type Counts struct {
	Unchanged map[string]int // live pairs with nothing to write, by relationship
	Pruned    int
	Out       map[string]int // pairs and originals that are out of the window, by relationship; they are not unchanged
	Settling  map[string]int // pairs that wait because an item was changed too recently, by relationship
	Refused   int            // writes that were refused before and would be again
}

// Write is one change of one item, from Before to After.
type Write struct {
	Folder  string
	Key     string
	Before  *Item // nil: it is created
	After   *Item // nil: it is deleted
	Verb    Verb
	Reasons []Reason // never empty; the first is the one that counts
	Needs   []*Write // writes that must have been done, or this one is skipped as stale

	// Sharing are the pairs of a replica that several originals share, when there are more than one.
	Sharing []state.PairKey
}

// Reason is why a write is made, and for which relationship.
type Reason struct {
	Pair state.PairKey
	Verb Verb
	Code Code
}

// Verb is what a write does, in the plan's words.
type Verb string

// The verbs.
const (
	Add     Verb = "add"
	Edit    Verb = "edit"
	Delete  Verb = "delete"
	Adopt   Verb = "adopt"
	Mark    Verb = "mark"
	Retire  Verb = "retire"
	Release Verb = "release"
)

// PairChange is a pair before and after. The new one is recorded only when every write that it Needs was done.
type PairChange struct {
	Key   state.PairKey
	Old   *state.Pair // nil: it is new
	New   *state.Pair // nil: it ends
	How   Code        // for a pair that was recognised: by what; else empty
	Needs []*Write
}

// Notice is a conflict or an ambiguity that a person has to settle.
type Notice struct {
	Code       Code // Conflict… or Ambiguous
	Pair       state.PairKey
	Base       *state.Pair // of a conflict: the pair as it was last settled
	Original   *Item
	Replica    *Item
	Candidates []*Item // of an ambiguity, by ref
}

// Problem is an item that could not be decided.
type Problem struct {
	Pair state.PairKey
	Item *Item
	Err  error
}

// Code is a stable reason code.
type Code string

// The reasons that a plan gives. Readers tolerate codes that they do not know.
const (
	NewAtSource          Code = "new_at_source"
	ChangedAtSource      Code = "changed_at_source"
	GoneAtSource         Code = "gone_at_source"
	ChangedAtDestination Code = "changed_at_destination"
	GoneAtDestination    Code = "gone_at_destination"
	LeftFilter           Code = "left_filter"
	BackAtSource         Code = "back_at_source"
	TemplateChanged      Code = "template_changed"
	AdoptedMarker        Code = "adopted_marker"
	AdoptedUID           Code = "adopted_uid"
	AdoptedMatch         Code = "adopted_match"
	ChangedLate          Code = "changed_late"
	CancelledLate        Code = "cancelled_late"
	LatePassed           Code = "late_passed"
	LeadChanged          Code = "lead_changed"
	Resolved             Code = "resolved"
	Resynced             Code = "resynced"
	Rehomed              Code = "rehomed"
	RelationshipRemoved  Code = "relationship_removed"
	RelationshipReplaced Code = "relationship_replaced"
	ConflictMerge        Code = "conflict_merge"
	ConflictSource       Code = "conflict_source"
	ConflictDestination  Code = "conflict_destination"
	ConflictNewest       Code = "conflict_newest"
	ConflictPreserve     Code = "conflict_preserve"
	ConflictManual       Code = "conflict_manual"
	Ambiguous            Code = "ambiguous"
	OriginalUnknown      Code = "original_unknown"
	Undone               Code = "undone"   // of plans that a person asked for, item by item: the engine gives it
	Restored             Code = "restored" // likewise, and the next three
	AskedFor             Code = "asked_for"
	Orphaned             Code = "orphaned"
	Duplicate            Code = "duplicate"
	FolderMissing        Code = "folder_missing" // of a folder, not of an item: the engine gives it
)

// ReasonDoc is what a reason means: in a few words, for the line of a plan, and in a sentence, for the reference.
type ReasonDoc struct {
	Code       Code
	Words, Doc string
}

// ReasonDocs lists every reason, in the order of the reference.
func ReasonDocs() []ReasonDoc {
	return []ReasonDoc{
		{NewAtSource, "new in the source", "The item is at the source and has no replica yet."},
		{ChangedAtSource, "the original was changed", "The original was changed, and the change goes to its replicas."},
		{GoneAtSource, "the original was deleted", "The original was deleted."},
		{ChangedAtDestination, "the replica was changed", "The replica was changed by a person; on_destination.edit says what follows."},
		{GoneAtDestination, "the replica was deleted", "The replica was deleted by a person; on_destination.delete says what follows."},
		{LeftFilter, "the original left the filter", "The original is no longer in the relationship's filter."},
		{BackAtSource, "the original is back", "The original is back, in its folder or in the filter, and its retired replica lives again."},
		{TemplateChanged, "the template says something else now", "The template says something else than it did at the last apply."},
		{AdoptedMarker, "the item carries this replica's marker", "The item carries the marker of this replica: it was recognised, and no copy is made."},
		{AdoptedUID, "the destination holds the same item", "The destination already holds an item with the same UID: it becomes the replica, and no copy is made."},
		{AdoptedMatch, "the destination holds the same item under another UID", "The destination already holds an item with the same match key (title and time, name and address): it becomes the replica, and no copy is made."},
		{ChangedLate, "the original was changed at short notice", "The original was changed shortly before it takes place, and the template's late block marks the replica."},
		{CancelledLate, "the original was cancelled at short notice", "The original was cancelled or deleted shortly before it takes place: the replica is marked, and goes when that time has passed."},
		{LatePassed, "the time of the late change has passed", "What was changed or cancelled at short notice has taken place by now: its mark goes, or the replica of what was cancelled."},
		{LeadChanged, "another of its originals leads now", "The replica is shared by originals of several relationships, and another of them decides what it says now."},
		{Undone, "an apply is taken back", "A person takes back with accord undo what an apply wrote: the item is what it was before."},
		{Restored, "as it was in the backup", "A person brings back with accord restore what a backup holds: the item is what it was then."},
		{AskedFor, "a person asked for it", "A person asked with accord items delete that replicas are taken out: what Accord made is deleted, and what it adopted is an ordinary item again."},
		{Orphaned, "its original or relationship is gone", "The replica's original, or the relationship that made it, is gone, and a person asked with accord items orphans that it goes as well."},
		{Duplicate, "another item says the same", "Another item of the folder says the same, and a person asked with accord items dedupe that only one of them stays."},
		{Resolved, "a person decided", "A person decided with accord resolve."},
		{Rehomed, "its original's folder left the mesh", "The folder that the original was in left the mesh, and on_leaver says that a replica of it is the original from now on, and the others its replicas. Only markers are written."},
		{Resynced, "to be made again", "A person asked with accord items resync that replicas are deleted and made again; one that was adopted, or has attendees, is set to its original instead."},
		{RelationshipRemoved, "the relationship left the configuration", "The relationship left the configuration; on_remove says what follows."},
		{RelationshipReplaced, "the relationship has another source or destination now", "The relationship has another source or destination now; on_remove says what becomes of its old replicas."},
		{ConflictMerge, "both were changed, and merged field by field", "Original and replica were both changed: merged field by field, the original wins where both changed the same field; a change beats a delete."},
		{ConflictSource, "both were changed, the original wins", "Original and replica were both changed: the original wins."},
		{ConflictDestination, "both were changed, the replica wins", "Original and replica were both changed: the replica wins."},
		{ConflictNewest, "both were changed, the newer one wins", "Original and replica were both changed: the later change wins."},
		{ConflictPreserve, "both were changed, the replica's version is kept apart", "Original and replica were both changed: the replica's version is kept as an item of its own."},
		{ConflictManual, "both were changed, and a person decides", "Original and replica were both changed: a person decides."},
		{Ambiguous, "several items could be this one, and a person decides", "Several items of the destination could be this one, and they differ: nothing is copied until a person decides."},
		{OriginalUnknown, "its original cannot be found", "The replica's original cannot be found, and the state does not know it: the replica is retired."},
		{FolderMissing, "the folder is not there", "The folder is not there, and create = true lets it be made."},
	}
}
