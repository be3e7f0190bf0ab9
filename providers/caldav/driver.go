// Package caldav keeps calendars, tasks and notes on CalDAV servers (RFC 4791). A collection is a folder of one kind; one that holds events and tasks is two
// folders.
package caldav

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/dav"
	"github.com/accord-sync/accord/providers/internal/web"
)

// Driver opens accounts at CalDAV servers. The zero Driver is ready for use.
type Driver struct {
	Trace     *slog.Logger      // of the requests; nil: none
	Transport http.RoundTripper // nil: one of its own
	Now       func() time.Time  // nil: time.Now
}

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	return providers.Schema{
		Doc:      "Calendars, tasks and notes on CalDAV servers.",
		Provider: dav.ProviderAttributes(),
		Folder: append(dav.FolderAttributes(), providers.Attribute{
			Name: "color", Type: providers.String, Doc: "Colour of the calendar, \"#2952a3\". It is set when Accord makes it.",
		}),
	}
}

// Locate is the address of the collection.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	return dav.CalDAV.Locate(p, f)
}

// Open checks the block. It asks nobody.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	return dav.Open(dav.CalDAV, cfg, web.Options{Trace: d.Trace, Transport: d.Transport, Now: d.Now})
}
