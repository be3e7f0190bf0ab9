package state

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"
)

// Health is how a relationship or a folder was after the last apply that looked at it. A folder has one only while something is wrong with it.
type Health struct {
	Address  string
	Synced   time.Time // of a relationship: the first apply after which nothing was pending; zero: something is, or nobody can tell
	Pending  int       // changes that were planned and not made
	Problems []Problem // in order: see [Problem.Compare]
	Failure  Failure   // the last one, also when it is over
}

// Failure is an error of an apply.
type Failure struct {
	At   time.Time // when it was first met; zero: there was none
	Text string
}

// ProblemKind is what is wrong.
type ProblemKind string

const (
	Alert      ProblemKind = "alert"      // a relationship cannot do its work
	Blocked    ProblemKind = "blocked"    // a guard holds a relationship
	Unresolved ProblemKind = "unresolved" // a folder has no address
	Conflict   ProblemKind = "conflict"   // a pair waits for a person
	Ambiguous  ProblemKind = "ambiguous"  // an original waits for a person
	Unreadable ProblemKind = "unreadable" // an item of a folder cannot be understood
	Undecided  ProblemKind = "undecided"  // an item could not be decided
	RefusedBy  ProblemKind = "refused"    // a provider does not take an item
)

// Problem is one thing that does not mend itself.
type Problem struct {
	Kind    ProblemKind
	Address string // of the relationship; of what is unresolved or unreadable, of the folder

	// Item is the original that waits or is refused, by its key, or the ref of what is unreadable or undecided. Of an alert, it is the folder that it is about.
	Item string

	// Cause tells it from another problem of its kind in the same place: the class of an error, or a digest of what is wrong.
	Cause string

	Reason string    // in words, which quote no item
	Since  time.Time // the first apply that found it
}

// Fingerprint names a problem for as long as it is the same one.
func (p Problem) Fingerprint() string {
	sum := sha256.Sum256([]byte(string(p.Kind) + "\x00" + p.Address + "\x00" + p.Item + "\x00" + p.Cause))
	return hex.EncodeToString(sum[:16])
}

// Compare orders problems: the gravest kind first.
func (p Problem) Compare(other Problem) int {
	return cmp.Or(cmp.Compare(slices.Index(kinds[:], p.Kind), slices.Index(kinds[:], other.Kind)),
		cmp.Compare(p.Address, other.Address), cmp.Compare(p.Item, other.Item), cmp.Compare(p.Cause, other.Cause))
}

// kinds are the gravest first.
var kinds = [...]ProblemKind{Alert, Blocked, Unresolved, Conflict, Ambiguous, Undecided, Unreadable, RefusedBy}

// Equal reports whether two records say the same.
func (h Health) Equal(other Health) bool {
	return h.Address == other.Address && bytes.Equal(appendHealth(nil, h), appendHealth(nil, other))
}

func appendHealth(b []byte, h Health) []byte {
	b = binary.AppendUvarint(appendInstant(b, h.Synced), uint64(h.Pending))
	b = appendText(appendInstant(b, h.Failure.At), h.Failure.Text)
	b = binary.AppendUvarint(b, uint64(len(h.Problems)))
	for _, p := range h.Problems {
		for _, s := range []string{string(p.Kind), p.Item, p.Cause, p.Reason} {
			b = appendText(b, s)
		}
		b = appendInstant(b, p.Since)
	}
	return b
}

func (d *decoder) health(address string) Health {
	h := Health{Address: address, Synced: d.instant(), Pending: int(d.uvarint()), Failure: Failure{At: d.instant(), Text: d.text()}}
	for range d.count() {
		p := Problem{Kind: ProblemKind(d.text()), Address: address, Item: d.text(), Cause: d.text(), Reason: d.text(), Since: d.instant()}
		h.Problems = append(h.Problems, p)
	}
	return h
}

// appendInstant writes a time that may be zero.
func appendInstant(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	return appendTime(append(b, 1), t)
}

func (d *decoder) instant() time.Time {
	if d.byte() == 0 {
		return time.Time{}
	}
	return d.time()
}

// healths adds the records of health to a commit.
func (w *writer) healths(list []Health) {
	for _, h := range list {
		w.put(healthSpace.numbered(w.addresses.number(h.Address)), appendHealth(nil, h))
	}
}

func (w *writer) dropHealth(address string) {
	if n, ok := w.addresses.known(address); ok {
		w.drop(healthSpace.numbered(n))
	}
}

func (s *db) Health() ([]Health, error) {
	var list []Health
	err := s.owners(healthSpace, "the health", func(d *decoder, address string) { list = append(list, d.health(address)) })
	sortBy(list, func(h Health) string { return h.Address })
	return list, err
}
