package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/state"
)

// Environment variables of mortal: at which step it ends (0: it lives, and says how many steps there were), and whether a person ends it by Ctrl-C.
const (
	diesAt        = "ACCORD_DIES_AT"
	isInterrupted = "ACCORD_IS_INTERRUPTED"
)

// stepsWere is what mortal says, and then their number, when it came to its end.
const stepsWere = "\nsteps: "

// mortal is accord, but at one step of its apply it kills or interrupts its own process. The steps are: before and after each commit to the state, after each single
// write to a folder and each folder that is made, and before and after the state is closed.
func mortal() {
	at, err := strconv.Atoi(os.Getenv(diesAt))
	if err != nil {
		fmt.Fprintln(os.Stderr, diesAt, err)
		os.Exit(64)
	}
	ctx, stop := cancelledBySignal(context.Background(), os.Stderr)
	defer stop()
	l := &lifeline{end: at}
	if os.Getenv(isInterrupted) != "" {
		l.waits = ctx
	}
	p := &program{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.LookupEnv, now: time.Now,
		drivers: map[string]providers.Driver{"vdir": mortalDriver{drivers(nil)["vdir"], l}, "caldav": mortalDriver{drivers(nil)["caldav"], l}},
		openState: func(ctx context.Context, path string, o state.Options) (state.Store, error) {
			s, err := state.Open(ctx, path, o)
			return mortalStore{s, l}, err
		},
	}
	code := p.run(ctx, os.Args[1:])
	fmt.Fprint(os.Stderr, stepsWere, l.steps)
	os.Exit(code)
}

// lifeline counts steps. Folders are written one after the other (-parallelism=1), so that the steps of a run are always the same.
type lifeline struct {
	steps, end int
	waits      context.Context // set: the end is an interrupt, which is waited for
}

func (l *lifeline) step() {
	l.steps++
	if l.steps != l.end {
		return
	}
	self, err := os.FindProcess(os.Getpid())
	switch {
	case err != nil:
	case l.waits != nil:
		_ = self.Signal(os.Interrupt)
		<-l.waits.Done()
		return
	default:
		_ = self.Kill()
	}
	select {}
}

type mortalStore struct {
	state.Store
	*lifeline
}

func (s mortalStore) Commit(b *state.Batch) error {
	s.step()
	err := s.Store.Commit(b)
	s.step()
	return err
}

func (s mortalStore) Enqueue(b *state.Batch) (func() error, error) {
	s.step()
	durable, err := s.Store.Enqueue(b)
	s.step()
	return func() error {
		err := durable()
		s.step()
		return err
	}, err
}

func (s mortalStore) Close() error {
	s.step()
	err := s.Store.Close()
	s.step()
	return err
}

type mortalDriver struct {
	providers.Driver
	*lifeline
}

type mortalProvider struct {
	providers.Provider
	*lifeline
}

type mortalFolder struct {
	providers.Folder
	*lifeline
}

func (d mortalDriver) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return mortalProvider{p, d.lifeline}, err
}

func (p mortalProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return mortalFolder{f, p.lifeline}, nil
}

func (p mortalProvider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	err := p.Provider.CreateFolder(ctx, cfg)
	p.step()
	return err
}

func (f mortalFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	var outcomes []providers.Outcome
	for i := range writes {
		outcomes = append(outcomes, f.Folder.Write(ctx, writes[i:i+1])...)
		f.step()
	}
	return outcomes
}
