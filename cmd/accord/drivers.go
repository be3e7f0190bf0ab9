package main

import (
	"fmt"
	"io"
	"log/slog"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/carddav"
	"github.com/accord-sync/accord/providers/ical"
	"github.com/accord-sync/accord/providers/ldap"
	"github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/providers/vdir"
)

// drivers is every driver that this program knows, by the name that a provider block gives. What they send over a network is traced; nil: nowhere.
func drivers(trace *slog.Logger) map[string]providers.Driver {
	return map[string]providers.Driver{
		"caldav":  caldav.Driver{Trace: trace},
		"carddav": carddav.Driver{Trace: trace},
		"ical":    ical.Driver{Trace: trace},
		"ldap":    ldap.Driver{},
		"sql":     sql.Driver{},
		"vdir":    vdir.Driver{},
	}
}

// traceTo is where ACCORD_LOG has requests traced: http to w, as text.
func traceTo(w io.Writer, log string) (*slog.Logger, error) {
	switch log {
	case "":
		return nil, nil
	case "http":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	}
	return nil, usageError{fmt.Errorf("ACCORD_LOG is %q: write http to have every request traced, or leave it out", log)}
}
