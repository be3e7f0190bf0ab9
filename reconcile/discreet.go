package reconcile

import (
	"context"
	"errors"

	"github.com/accord-sync/accord/providers"
)

// addSecrets adds the sensitive ones of attributes.
func addSecrets(s *providers.Secrets, described []providers.Attribute, written providers.Attributes) {
	for _, a := range described {
		if a.Sensitive {
			addSecret(s, written[a.Name])
		}
	}
}

func addSecret(s *providers.Secrets, value any) {
	switch v := value.(type) {
	case string:
		s.Add(v)
	case []string:
		for _, one := range v {
			s.Add(one)
		}
	case map[string]string:
		for _, one := range v {
			s.Add(one)
		}
	}
}

// discreet is a provider whose errors hold no secret, whatever its driver was told by a store.
type discreet struct {
	providers.Provider
	secrets *providers.Secrets
}

func openDiscreet(ctx context.Context, d providers.Driver, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Open(ctx, cfg)
	if err != nil {
		return nil, cfg.Secrets.HideError(err)
	}
	return &discreet{p, cfg.Secrets}, nil
}

// Rows refuses where the driver has no rows to give.
func (d *discreet) Rows(ctx context.Context, cfg providers.DataConfig, each func(providers.Row) error) error {
	source, ok := d.Provider.(providers.Source)
	if !ok {
		return &providers.Error{Class: providers.Refused, Err: errors.New("it has no rows to give")}
	}
	return d.secrets.HideError(source.Rows(ctx, cfg, each))
}

func (d *discreet) Check(ctx context.Context) error {
	return d.secrets.HideError(d.Provider.Check(ctx))
}

func (d *discreet) Discover(ctx context.Context) ([]providers.Discovered, error) {
	found, err := d.Provider.Discover(ctx)
	return found, d.secrets.HideError(err)
}

func (d *discreet) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	return d.secrets.HideError(d.Provider.CreateFolder(ctx, cfg))
}

func (d *discreet) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := d.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, d.secrets.HideError(err)
	}
	return &discreetFolder{f, d.secrets}, nil
}

// discreetFolder is a folder of a discreet provider.
type discreetFolder struct {
	providers.Folder
	secrets *providers.Secrets
}

func (f *discreetFolder) Settle(ctx context.Context) error {
	return f.secrets.HideError(providers.Settle(ctx, f.Folder))
}

func (f *discreetFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	read, err := f.Folder.Changes(ctx, cursor, each)
	read.Reason = f.secrets.Hide(read.Reason)
	return read, f.secrets.HideError(err)
}

func (f *discreetFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	return f.secrets.HideError(f.Folder.Fetch(ctx, refs, func(got providers.Fetched) error {
		got.Err = f.secrets.HideError(got.Err)
		return each(got)
	}))
}

func (f *discreetFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	out := f.Folder.Write(ctx, writes)
	for i := range out {
		out[i].Err = f.secrets.HideError(out[i].Err)
	}
	return out
}
