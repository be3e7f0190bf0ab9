// Package reconcile is the engine: it reads folders, decides what should become of their items, guards the decision, and carries it out.
package reconcile

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// Engine plans and applies one workspace. It is not safe for concurrent use.
type Engine struct {
	ws      *schema.Workspace
	drivers map[string]providers.Driver
	opts    Options
	limits  limits

	stores  *Stores
	planned bool
	watch   sync.Mutex        // one call of Options.Progress at a time
	notes   []plan.Diagnostic // of the plan that is being made
	noted   map[plan.Diagnostic]bool
}

// Options are what an Engine needs from its surroundings.
type Options struct {
	Now      func() time.Time // the clock; required
	Parallel int              // folders read or written at a time; 0: 4
	Progress func(Event)      // nil: nobody watches. Called from several goroutines, never two at a time
	Timeout  time.Duration    // how long a call that writes may send no request, and the longest that a store which asks to wait is waited for; 0: 5 minutes
	Titles   Titles
	By       string // who applies, for the journal: user@host

	// Backup begins the backup of what folders hold before anything is written there for a relationship for the first time; nil: there is none.
	Backup func() (*backup.Writer, error)

	// Stores are the engine's from now on; nil: it opens its own.
	Stores *Stores

	// Sleep waits out what the pace of requests asks for; nil: a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Random gives numbers from 0 to 1, for the chance in a back-off; nil: math/rand.
	Random func() float64
}

// Titles says which titles and field values a plan's document shows.
type Titles string

// The values of Titles.
const (
	TitlesPublic Titles = ""       // of public items; what others say is hidden
	TitlesFull   Titles = "full"   // of all items
	TitlesHidden Titles = "hidden" // of none
)

// Event is a step of long work.
type Event struct {
	Phase  string // "read" or "apply"
	Folder string // its address
	Done   int    // items done in this folder and phase
	Total  int    // 0: not known
}

// Request is what a plan is asked for.
type Request struct {
	Full    bool     // ignore cursors and recorded versions: read everything
	Only    []string // globs over addresses of relationships and folders; empty: all
	Except  []string
	Allow   []plan.Allowance // overrides of guards
	Destroy bool             // plan the removal of all replicas
	Resync  []string         // globs over addresses of relationships, and of folders that they lead to: replicas there are deleted and made again
	Closer  bool             // look closer at what a person has to see to: say what candidates differ in, and the titles of what cannot be understood

	// Choices are what a person decided for pairs that wait. One that waits for nothing is an error.
	Choices map[state.PairKey]decide.Choice

	// Within is a reviewed plan: a relationship that would do more than that says, and a tenth, is blocked. What that was asked for, and the overrides in it, go
	// before all of the above but Full. nil: there is none.
	Within *plan.Plan
}

// limits bound the memory of a plan. What a plan says does not depend on them.
type limits struct {
	read   int // items read before what was learnt of them is put away
	part   int // items decided at a time, counted once for each relationship that may copy them
	writes int // writes of a part that is carried out at a time
	room   int // bytes of what is known of folders that memory holds, before it goes to temporary files
}

// New makes an engine. The workspace must be free of errors.
func New(ws *schema.Workspace, drivers map[string]providers.Driver, opts Options) *Engine {
	opts.Timeout = opts.patience()
	if opts.Stores == nil {
		opts.Stores = NewStores(drivers, opts)
	}
	opts.Stores.know(ws)
	return &Engine{ws: ws, drivers: drivers, opts: opts, stores: opts.Stores,
		limits: limits{read: 2000, part: 1000, writes: max(6000, 250*opts.Parallel), room: 24 << 20}}
}

// Close gives back what the engine's providers hold.
func (e *Engine) Close() error { return e.stores.Close() }

// ErrForeignPlan is matched by the errors of Apply for a plan of another workspace, configuration or state, or that was used before.
var ErrForeignPlan = errors.New("the plan does not fit")

// Result is what an apply did.
type Result struct {
	Apply    uint64 // its number in the journal; 0: nothing was recorded
	Summary  plan.Summary
	Requests []plan.Sent       // to the providers that are reached over a network
	Failures []plan.Diagnostic // what was not done, and why
	Backup   string            // the directory of the backup that was written before; "": there was nothing to back up
	Started  time.Time
	Finished time.Time
}

// note adds a diagnostic to the plan that is being made, once.
func (e *Engine) note(d plan.Diagnostic) {
	if !e.noted[d] {
		e.noted[d] = true
		e.notes = append(e.notes, d)
	}
}

// noticed are the diagnostics that were noted, in an order that is the same in whatever order folders were read.
func (e *Engine) noticed() []plan.Diagnostic {
	return slices.SortedStableFunc(slices.Values(e.notes), func(a, b plan.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Address, b.Address), cmp.Compare(a.Ref, b.Ref), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
}
