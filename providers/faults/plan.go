// Package faults is a decorator that makes any provider fail as real ones do: by plan, at any call, before or after the call had its effect.
package faults

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Operation is what a fault can strike. Every write of a Write is struck by itself.
type Operation string

const (
	Check        Operation = "check"
	Discover     Operation = "discover"
	Open         Operation = "open"
	CreateFolder Operation = "create_folder"
	Changes      Operation = "changes"
	Fetch        Operation = "fetch"
	Create       Operation = "create"
	Update       Operation = "update"
	Delete       Operation = "delete"
)

// Call is what a [Plan] is asked about.
type Call struct {
	N         int // number of the call among all that the plan was asked about, from 1
	Folder    string
	Operation Operation
	Ref       string // of Update and Delete
}

// Fault is what happens to a call. The zero Fault is none.
type Fault struct {
	Effect     Effect
	Class      providers.Class // with Fail
	RetryAfter time.Duration   // with Fail and providers.Throttled
	After      int             // with Partial and Break: changes or items given before it strikes
}

// Effect is the manner of a fault. One that does not fit the operation is none.
type Effect string

const (
	None Effect = ""

	// Fail returns an error of the Fault's class; the store is not asked.
	Fail Effect = "fail"

	// Hang returns when the context ends; the store is not asked.
	Hang Effect = "hang"

	// HangAfter lets the store do its work, and returns when the context ends: for a write, with outcome Unknown.
	HangAfter Effect = "hang_after"

	// FailAfter lets the store carry out a write, and then says that it failed with the Fault's class, as no driver should.
	FailAfter Effect = "fail_after"

	// LoseRequest is an outcome Unknown of a call that never reached the store.
	LoseRequest Effect = "lose_request"

	// LoseAnswer is an outcome Unknown of a call that the store carried out.
	LoseAnswer Effect = "lose_answer"

	// Partial ends Changes after some changes as partial, without a cursor; in Fetch, the refs after those get class Transient.
	Partial Effect = "partial"

	// Break ends Changes or Fetch after some changes or items with an error of class Unreachable.
	Break Effect = "break"

	// Expire makes Changes say that its cursor is expired, if it was given one.
	Expire Effect = "expire"

	// Overwrite carries out an Update or Delete whatever its precondition says.
	Overwrite Effect = "overwrite"

	// Rewrite stores something else than it was given, and says so by Outcome.Changed.
	Rewrite Effect = "rewrite"

	// Restyle stores what it was given in other words: see [Restyled]. It says so by Outcome.Changed.
	Restyle Effect = "restyle"
)

// Plan says which fault strikes a call. It is called once for each, one at a time.
type Plan func(Call) Fault

// At strikes the nth call only.
func At(n int, fault Fault) Plan {
	return func(c Call) Fault {
		if c.N == n {
			return fault
		}
		return Fault{}
	}
}

// Always strikes every call of some operations.
func Always(fault Fault, operations ...Operation) Plan {
	return func(c Call) Fault {
		for _, o := range operations {
			if o == c.Operation {
				return fault
			}
		}
		return Fault{}
	}
}

// Kinds lists one fault of every effect and class that fits an operation.
func Kinds(o Operation) []Fault {
	var faults []Fault
	for _, class := range []providers.Class{
		providers.Throttled, providers.Transient, providers.Refused, providers.Unauthorized, providers.Unreachable, providers.Missing, providers.Unknown,
	} {
		f := Fault{Effect: Fail, Class: class}
		if class == providers.Throttled {
			f.RetryAfter = time.Second
		}
		faults = append(faults, f)
	}
	switch o {
	case Changes:
		faults = append(faults, Fault{Effect: Partial, After: 1}, Fault{Effect: Break, After: 1}, Fault{Effect: Expire})
	case Fetch:
		faults = append(faults, Fault{Effect: Partial, After: 1}, Fault{Effect: Break, After: 1})
	case Create, Update, Delete:
		faults = append(faults, Fault{Effect: Fail, Class: providers.Stale}, Fault{Effect: LoseRequest}, Fault{Effect: LoseAnswer})
		if o != Create {
			faults = append(faults, Fault{Effect: Overwrite})
		}
		if o != Delete {
			faults = append(faults, Fault{Effect: Rewrite}, Fault{Effect: Restyle})
		}
	}
	return faults
}

// Seeded strikes a share of all calls, 0 to 1, with one of the Kinds of its operation; the same seed and the same order of calls give the same
// faults. What hangs, and FailAfter, are not among them.
func Seeded(seed uint64, share float64) Plan {
	random := rand.New(rand.NewPCG(seed, 0))
	return func(c Call) Fault {
		if random.Float64() >= share {
			return Fault{}
		}
		kinds := Kinds(c.Operation)
		return kinds[random.IntN(len(kinds))]
	}
}

// counter numbers the calls and asks the plan about one at a time.
type counter struct {
	mu   sync.Mutex
	n    int
	plan Plan
}

func (c *counter) next(folder string, o Operation, ref string) Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.plan(Call{N: c.n, Folder: folder, Operation: o, Ref: ref})
}
