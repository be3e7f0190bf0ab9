// Command accord plans and applies relationships between folders of calendars, contacts, tasks and notes.
//
// It wires drivers to the engine and draws what the engine says. It decides nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/accord-sync/accord/reconcile/state"
)

// memoryGoal is how much the program means to use, and memoryOfEach what comes to it for each relationship, with its folders. It is no limit of what it can do: from
// there on the garbage collector works harder.
const (
	memoryGoal   = 128 << 20
	memoryOfEach = 24 << 10
)

func main() {
	meanToUse(0)
	os.Exit(run(os.Args[1:]))
}

// meanToUse sets the goal for so many relationships, unless the surroundings say another one.
func meanToUse(relationships int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryGoal + int64(relationships)*memoryOfEach)
	}
}

func run(args []string) int {
	ctx, stop := cancelledBySignal(context.Background(), os.Stderr)
	defer stop()
	p := &program{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		env: os.LookupEnv, now: time.Now, openState: state.Open, meanToUse: meanToUse,
	}
	trace, err := traceTo(os.Stderr, os.Getenv("ACCORD_LOG"))
	if err != nil {
		return p.finish(ctx, err)
	}
	p.drivers = drivers(trace)
	return p.run(ctx, args)
}

// errInterrupted is the cause of a context that a signal ended.
var errInterrupted = errors.New("interrupted: what was written is recorded, and the next run does the rest")

// cancelledBySignal is ctx until the first SIGINT or SIGTERM, which it announces. A second one ends the process as if nobody listened.
// Call stop when the work is done.
func cancelledBySignal(ctx context.Context, announce *os.File) (_ context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if _, ok := <-signals; !ok {
			return
		}
		signal.Stop(signals)
		cancel(errInterrupted) // first: nobody may read what is announced
		fmt.Fprintln(announce, "\nInterrupted: a write that is under way is finished and recorded. Once more ends it at once.")
		for range signals {
			continue
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		<-ended
		cancel(nil)
	}
}
