// Package carddav keeps contacts on CardDAV servers (RFC 6352).
package carddav

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/dav"
	"github.com/accord-sync/accord/providers/internal/web"
)

// Driver opens accounts at CardDAV servers. The zero Driver is ready for use.
type Driver struct {
	Trace     *slog.Logger      // of the requests; nil: none
	Transport http.RoundTripper // nil: one of its own
	Now       func() time.Time  // nil: time.Now
}

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	return providers.Schema{
		Doc:      "Contacts on CardDAV servers.",
		Provider: dav.ProviderAttributes(),
		Folder:   dav.FolderAttributes(),
	}
}

// Locate is the address of the collection.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	return dav.CardDAV.Locate(p, f)
}

// Open checks the block. It asks nobody.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	return dav.Open(dav.CardDAV, cfg, web.Options{Trace: d.Trace, Transport: d.Transport, Now: d.Now})
}
