package decide

import "github.com/accord-sync/accord/schema"

// The policy table. It is two functions of values: no I/O, no clock, no logger in reach.
//
//	O        R        policy                    result
//	unknown  any                                wait; the same for any O with R unknown
//	new      none                               start: match, else add
//	same     same                               nothing
//	edited   same     source.edit               propagate: carry to R; ignore: record O's side of the base
//	deleted  same     source.delete             propagate: delete R; keep: retire R; mark: prefix R's title, retire R
//	same     edited   destination.edit          discard: carry (resets R's edits); preserve: release R and add the next generation;
//	                                            propagate: edit O; keep: the edited fields are R's own
//	same     deleted  destination.delete        recopy: add the next generation; prune: pruned; propagate: delete O; mark: prefix O's title, pruned
//	edited   edited   equal now                 record the base
//	edited   edited   destination.edit          as same/edited; propagate: conflict
//	edited   deleted  destination.delete        as same/deleted; propagate: conflict
//	deleted  edited   source.delete             keep, mark: as deleted/same; propagate: preserve releases R, propagate: conflict, else as deleted/same
//	deleted  deleted                            forget the pair
//	out by filter     R there, on_unmatched     delete: R's edit first, then delete R (preserve: release it); freeze: nothing flows
//	out by window     R there                   freeze
//	out      deleted  destination.delete        prune: pruned; else forget: a replica tidied away while frozen never deletes O
//
// An original that is cancelled at short notice leaves its replica, which says so, for the time that it would have taken:
//
//	deleted  there, where the table deletes R   R lingers until that time is over, and is deleted then; a person's edit does not make O again
//	there    there, cancelled, the time is over delete R, or release it if adopted; pruned
//
//	conflict      edited, edited                edited, deleted     deleted, edited
//	merge         field by field, both: O's     add R again         O again, from R
//	source        R := O, whole item            add R again         source.delete
//	destination   O := R, whole item            delete O            O again
//	newest        the later one, tie = source   add R again         O again
//	preserve      R's version apart, R := O     add R again         release R
//	manual        wait                          wait                wait
//
// A pair asks something of its original first ([Back], step 3 of Decide); what becomes of the pair is asked when all originals are
// final ([Then], steps 4 to 6). By then no conflict is left to decide.

// Side is the state of one side of a pair, compared with its side of the base.
type Side int

const (
	Same Side = iota
	Edited
	Deleted
	Unknown // unreadable, partial or failed read, unsettled
	New     // an original without a pair; its replica is None
	None
)

func (s Side) String() string {
	return [...]string{"same", "edited", "deleted", "unknown", "new", "none"}[s]
}

// Place says whether an original that is there belongs to the relationship now.
type Place int

const (
	In Place = iota
	OutOfFilter
	OutOfWindow
)

func (p Place) String() string { return [...]string{"in", "out of filter", "out of window"}[p] }

// Cancellation is how far the cancellation of an original at short notice has got: that of one that is gone, or that says so.
type Cancellation int

const (
	Timely    Cancellation = iota
	LateNow                // it went shortly before it takes place
	LateShown              // its replica says so
	LateOver               // and the time that it would have taken is over
)

// Case is one pair as the table sees it.
type Case struct {
	Original, Replica Side
	Place             Place
	Equal             bool // both sides say the same now
	ReplicaNewer      bool // the replica was modified later than the original
	Adopted           bool // the replica was a person's item before the pair
	Cancelled         Cancellation
	Policies          schema.Policies
}

// Request is what a pair asks of its original.
type Request int

const (
	AskNothing    Request = iota
	AskEdit               // take the replica's edited fields
	AskMerge              // take the replica's edited fields where the original's are not edited
	AskWhole              // take the replica's content whole
	AskRestore            // make the original again from the replica
	AskDelete             // delete the original
	AskMark               // prefix the original's title once
	AskSetApart           // keep the replica's version as an item of its own, then carry
	AskPersonWait         // a person has to decide
)

func (r Request) String() string {
	return [...]string{"nothing", "edit O", "merge into O", "O := R", "O again", "delete O", "mark O", "set R's version apart", "wait for a person"}[r]
}

// Back is what the pair asks of its original.
func Back(c Case) Request {
	p := c.Policies
	if c.Original == Unknown || c.Replica == Unknown || c.Original == New || c.Place == OutOfWindow && c.Original != Deleted {
		return AskNothing
	}
	if c.Original == Deleted && (c.Cancelled == LateShown || c.Cancelled == LateOver) {
		return AskNothing
	}
	out := c.Place == OutOfFilter && c.Original != Deleted
	if out && p.OnUnmatched == schema.UnmatchedFreeze {
		return AskNothing
	}
	switch c.Replica {
	case Edited:
		if p.DestinationEdit != schema.DestinationEditPropagate || c.Original != Deleted && c.Equal {
			return AskNothing
		}
		switch c.Original {
		case Same:
			return AskEdit
		case Edited:
			return [...]Request{AskMerge, AskNothing, AskWhole, AskSetApart, AskPersonWait}[winner(p.Conflict, c.ReplicaNewer)]
		case Deleted:
			if p.SourceDelete != schema.SourceDeletePropagate {
				return AskNothing
			}
			return [...]Request{AskRestore, AskNothing, AskRestore, AskNothing, AskPersonWait}[winner(p.Conflict, true)]
		}
	case Deleted:
		if c.Original == Deleted || out {
			return AskNothing
		}
		switch p.DestinationDelete {
		case schema.DestinationDeleteMark:
			return AskMark
		case schema.DestinationDeletePropagate:
			switch {
			case c.Original == Same || p.Conflict == schema.ConflictDestination:
				return AskDelete
			case p.Conflict == schema.ConflictManual:
				return AskPersonWait
			}
		}
	}
	return AskNothing
}

// winner is the index of a conflict policy in Back's columns: merge, source, destination, preserve, manual; newest is one of them.
func winner(c schema.Conflict, replicaNewer bool) int {
	switch c {
	case schema.ConflictSource:
		return 1
	case schema.ConflictDestination:
		return 2
	case schema.ConflictNewest:
		if replicaNewer {
			return 2
		}
		return 1
	case schema.ConflictPreserve:
		return 3
	case schema.ConflictManual:
		return 4
	}
	return 0
}

// Action is what becomes of a pair.
type Action int

const (
	Nothing      Action = iota
	Wait                // nothing is written, the base stays
	Start               // match by existing, else add
	Carry               // bring the original's final content to the replica
	Own                 // the replica's edited fields are its own, others are carried
	Record              // record the base only
	AddAgain            // add the next generation
	ReleaseAdd          // release the replica and add the next generation
	ReleaseEnd          // release the replica and end the pair
	Prune               // no replica until the original is gone
	DeleteEnd           // delete the replica and end the pair
	RetireEnd           // retire the replica as it is
	MarkRetire          // prefix the replica's title once and retire it
	Forget              // end the pair: there is nothing left of it
	Freeze              // nothing flows until the original is back in
	Linger              // mark the replica as cancelled, once, and leave it
	DeletePrune         // delete the replica, and make none until the original is gone
	ReleasePrune        // likewise, of an adopted one
)

func (a Action) String() string {
	return [...]string{"nothing", "wait", "match, else add", "carry to R", "own R's edits", "record the base", "add R again", "release R, add again",
		"release R", "prune", "delete R", "retire R", "mark and retire R", "forget", "freeze", "linger", "delete R, prune", "release R, prune"}[a]
}

// Then is what becomes of the pair, with its original as it will be.
func Then(c Case) Action {
	p := c.Policies
	switch {
	case c.Original == Unknown || c.Replica == Unknown:
		return Wait
	case c.Original == New:
		return Start
	case c.Original == Deleted:
		return originalGone(c)
	case c.Place != In && c.Replica == Deleted:
		if p.DestinationDelete == schema.DestinationDeletePrune {
			return Prune
		}
		return Forget
	case c.Place == OutOfWindow || c.Place == OutOfFilter && p.OnUnmatched == schema.UnmatchedFreeze:
		return Freeze
	case c.Place == OutOfFilter:
		if c.Adopted || c.Replica == Edited && !c.Equal && p.DestinationEdit == schema.DestinationEditPreserve {
			return ReleaseEnd
		}
		return DeleteEnd
	case c.Replica == Deleted:
		if p.DestinationDelete == schema.DestinationDeletePrune || p.DestinationDelete == schema.DestinationDeleteMark {
			return Prune
		}
		return AddAgain
	case c.Cancelled == LateOver && c.Adopted && p.AdoptOnDelete == schema.AdoptRelease:
		return ReleasePrune
	case c.Cancelled == LateOver:
		return DeletePrune
	case c.Original == Same && c.Replica == Same:
		return Nothing
	case c.Equal:
		return Record
	case c.Replica == Edited && p.DestinationEdit == schema.DestinationEditPreserve:
		return ReleaseAdd
	case c.Replica == Edited && p.DestinationEdit == schema.DestinationEditKeep:
		return Own
	case c.Replica == Same && p.SourceEdit == schema.SourceEditIgnore:
		return Record
	}
	return Carry
}

// originalGone is Then for an original that is deleted.
func originalGone(c Case) Action {
	p := c.Policies
	switch {
	case c.Replica == Deleted:
		return Forget
	case p.SourceDelete == schema.SourceDeleteKeep:
		return RetireEnd
	case p.SourceDelete == schema.SourceDeleteMark:
		return MarkRetire
	case c.Replica == Edited && (p.DestinationEdit == schema.DestinationEditPreserve ||
		p.DestinationEdit == schema.DestinationEditPropagate && p.Conflict == schema.ConflictPreserve):
		return ReleaseEnd
	case c.Adopted && p.AdoptOnDelete == schema.AdoptRelease:
		return ReleaseEnd
	case c.Cancelled == LateNow || c.Cancelled == LateShown:
		return Linger
	}
	return DeleteEnd
}

// conflictCode is the reason for what a conflict policy decides.
func conflictCode(c schema.Conflict) Code {
	switch c {
	case schema.ConflictSource:
		return ConflictSource
	case schema.ConflictDestination:
		return ConflictDestination
	case schema.ConflictNewest:
		return ConflictNewest
	case schema.ConflictPreserve:
		return ConflictPreserve
	case schema.ConflictManual:
		return ConflictManual
	}
	return ConflictMerge
}
