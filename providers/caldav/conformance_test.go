package caldav_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// TestConformance runs the suite against every server that runs, for every kind that it takes.
func TestConformance(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
			if kind == pim.Notes && s.Name == "sogo" {
				continue // it has no notes
			}
			t.Run(string(kind), providertest.Suite{
				Kind: kind,
				Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
					return open(t, s, nil), at(s.MakeCalendar(t, "alice", kind.Component()), kind)
				},
				Absent: func(cfg providers.FolderConfig) providers.FolderConfig {
					cfg.Attributes = providers.Attributes{"path": s.Unused(t, "alice")}
					return cfg
				},
				Refused: func(it *pim.Item) bool { return s.Name == "sogo" && len(it.UID()) > 255 },
				Wait:    providertest.Wait,
			}.Run)
		}
	})
}

// open is alice's account at a server.
func open(t *testing.T, s servers.Server, transport http.RoundTripper) providers.Provider {
	t.Helper()
	return providertest.Open(t, caldav.Driver{Transport: transport}, providers.Config{Address: "provider.caldav." + s.Name, Attributes: s.Account("alice")})
}

func at(path string, kind pim.Kind) providers.FolderConfig {
	return providers.FolderConfig{Address: "folder.test", Kind: kind, Attributes: providers.Attributes{"path": strings.TrimSuffix(path, "/")}}
}
