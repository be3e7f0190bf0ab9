package main

import (
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/ical"
	"github.com/accord-sync/accord/providers/vdir"
)

// drivers is every driver that this program knows, by the name that a provider block gives.
func drivers() map[string]providers.Driver {
	return map[string]providers.Driver{
		"ical": ical.Driver{},
		"vdir": vdir.Driver{},
	}
}
