package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Open opens a provider for as long as the test runs. Where the configuration names no directory, it gets one of its own.
func Open(t *testing.T, d providers.Driver, cfg providers.Config) providers.Provider {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	p, err := d.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// Wait is a [Suite]'s Wait for stores that mean what they ask for.
func Wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// Beside is a [Suite]'s Absent for folders that have a path, where nothing is beside the folder.
func Beside(cfg providers.FolderConfig) providers.FolderConfig {
	cfg.Attributes = providers.Attributes{"path": cfg.Attributes.String("path") + "-none"}
	return cfg
}
