package carddav_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/carddav"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// TestConformance runs the suite against every server that runs.
func TestConformance(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		t.Run("contacts", providertest.Suite{
			Kind: pim.Contacts,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				return open(t, s, nil), at(s.MakeAddressBook(t, "alice"))
			},
			Absent: func(cfg providers.FolderConfig) providers.FolderConfig {
				cfg.Attributes = providers.Attributes{"path": s.UnusedAddressBook(t, "alice")}
				return cfg
			},
			Refused: func(it *pim.Item) bool { return refused(s.Name, it) },
			Wait:    providertest.Wait,
		}.Run)
	})
}

// refused reports whether a server cannot keep an item.
func refused(server string, it *pim.Item) bool {
	switch server {
	case "cyrus":
		return strings.Contains(it.UID(), "\\")
	case "sogo":
		return len(it.UID()) > 255 || strings.Contains(string(it.Bytes()), "🗓") && len(it.Bytes()) > 400
	}
	return false
}

// open is alice's account at a server.
func open(t *testing.T, s servers.Server, transport http.RoundTripper) providers.Provider {
	t.Helper()
	return providertest.Open(t, carddav.Driver{Transport: transport}, providers.Config{Address: "provider.carddav." + s.Name, Attributes: s.Account("alice")})
}

func at(path string) providers.FolderConfig {
	return providers.FolderConfig{Address: "folder.test", Kind: pim.Contacts, Attributes: providers.Attributes{"path": strings.TrimSuffix(path, "/")}}
}
