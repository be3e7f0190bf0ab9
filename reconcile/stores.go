package reconcile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// Stores are the providers of a run, each opened once, and paced. A configuration may ask them for rows while it is read; the engine that is
// given them afterwards (Options.Stores) then sees what those rows came from.
type Stores struct {
	drivers map[string]providers.Driver
	pacing  *pacing
	hosts   *hosts

	opening sync.Mutex
	known   map[string]*schema.Provider // of the configuration, by address
	open    map[string]*opened          // by address
}

// NewStores opens nothing yet. Of the options, the clock and what waiting depends on count.
func NewStores(drivers map[string]providers.Driver, opts Options) *Stores {
	p := &pacing{now: opts.Now, sleep: opts.Sleep, random: opts.Random, patience: opts.patience()}
	if p.sleep == nil {
		p.sleep = sleep
	}
	if p.random == nil {
		p.random = rand.Float64
	}
	return &Stores{drivers: drivers, pacing: p, hosts: newHosts(), known: map[string]*schema.Provider{}, open: map[string]*opened{}}
}

// patience is how long a call that writes may send nothing, and the longest wait that is begun.
func (o Options) patience() time.Duration {
	if o.Timeout == 0 {
		return 5 * time.Minute
	}
	return o.Timeout
}

// Rows asks a provider for the rows of a data block. It is what schema.Options.Rows wants.
func (s *Stores) Rows(ctx context.Context, p *schema.Provider, cfg providers.DataConfig, each func(providers.Row) error) error {
	open, err := s.provider(ctx, p)
	if err != nil {
		return err
	}
	return open.Rows(ctx, cfg, each)
}

// ask is Rows by the address of a provider, for drivers.
func (s *Stores) ask(ctx context.Context, provider string, cfg providers.DataConfig, each func(providers.Row) error) error {
	s.opening.Lock()
	p := s.known[provider]
	s.opening.Unlock()
	if p == nil {
		return &providers.Error{Class: providers.Refused, Err: fmt.Errorf("%s is not in the configuration", provider)}
	}
	return s.Rows(ctx, p, cfg, each)
}

// know makes the providers of a configuration known to drivers that ask others for rows.
func (s *Stores) know(ws *schema.Workspace) {
	s.opening.Lock()
	defer s.opening.Unlock()
	for _, p := range ws.Providers {
		s.known[p.Address] = p
	}
}

// provider opens a provider, unless it is open. Folders that are written at a time may ask for it at a time.
func (s *Stores) provider(ctx context.Context, p *schema.Provider) (*opened, error) {
	s.opening.Lock()
	defer s.opening.Unlock()
	if open, ok := s.open[p.Address]; ok {
		return open, nil
	}
	driver, ok := s.drivers[p.Driver]
	if !ok {
		return nil, fmt.Errorf("%s: there is no driver %q", p.Address, p.Driver)
	}
	described := driver.Schema()
	cfg := p.Config
	o := &opened{spec: p, gate: newGate(s.pacing, s.hosts, p.Limits), secrets: &providers.Secrets{}, described: described.Folder, snapshot: described.Snapshot}
	cfg.Gate, cfg.Secrets, cfg.Ask = o.gate, o.secrets, s.ask
	addSecrets(o.secrets, described.Provider, p.Config.Attributes)
	err := o.gate.try(ctx, func() (err error) { o.Provider, err = openDiscreet(ctx, driver, cfg); return err })
	if err != nil {
		return nil, naming(p.Address, err)
	}
	s.open[p.Address] = o
	return o, nil
}

// renew gives back the providers that show one instant: who asks them next sees another one.
func (s *Stores) renew() error {
	return s.close(func(o *opened) bool { return o.snapshot })
}

// Close gives back what the providers hold.
func (s *Stores) Close() error { return s.close(func(*opened) bool { return true }) }

func (s *Stores) close(which func(*opened) bool) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	var errs []error
	for address, o := range s.open {
		if which(o) {
			errs = append(errs, o.Close())
			delete(s.open, address)
		}
	}
	return errors.Join(errs...)
}

// requests are how many requests were sent to each provider that is open, in order of address.
func (s *Stores) requests() (sent []plan.Sent) {
	s.opening.Lock()
	defer s.opening.Unlock()
	for _, address := range sortedKeys(s.open) {
		sent = append(sent, plan.Sent{Provider: address, Requests: s.open[address].gate.count()})
	}
	return sent
}

// opened is a provider whose calls are paced.
type opened struct {
	providers.Provider
	spec      *schema.Provider
	gate      *gate
	secrets   *providers.Secrets
	described []providers.Attribute // of its folders
	snapshot  bool                  // it shows one instant
}

// Check connects and authenticates.
func (o *opened) Check(ctx context.Context) error {
	return o.gate.try(ctx, func() error { return o.Provider.Check(ctx) })
}

// Discover lists the folders that are there.
func (o *opened) Discover(ctx context.Context) (found []providers.Discovered, err error) {
	err = o.gate.try(ctx, func() (err error) { found, err = o.Provider.Discover(ctx); return err })
	return found, err
}

// Folder opens one folder.
func (o *opened) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	addSecrets(o.secrets, o.described, cfg.Attributes)
	var f providers.Folder
	err := o.gate.try(ctx, func() (err error) { f, err = o.Provider.Folder(ctx, cfg); return err })
	if err != nil {
		return nil, err
	}
	return &paced{Folder: f, gate: o.gate}, nil
}

// CreateFolder makes a folder.
func (o *opened) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	addSecrets(o.secrets, o.described, cfg.Attributes)
	return o.gate.try(ctx, func() error { return o.Provider.CreateFolder(ctx, cfg) })
}

// Rows asks again only while nothing was given on.
func (o *opened) Rows(ctx context.Context, cfg providers.DataConfig, each func(providers.Row) error) error {
	var broken error
	err := o.gate.try(ctx, func() error {
		given := false
		err := o.Provider.(providers.Source).Rows(ctx, cfg, func(row providers.Row) error { given = true; return each(row) })
		if given {
			broken, err = err, nil
		}
		return err
	})
	return errors.Join(err, broken)
}
