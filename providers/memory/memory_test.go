package memory_test

import (
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

func TestConformance(t *testing.T) {
	for _, mode := range memory.Modes() {
		for _, kind := range pim.Kinds() {
			t.Run(mode.Name+"/"+string(kind), func(t *testing.T) {
				var store *memory.Store
				providertest.Suite{
					Kind:     kind,
					Restless: mode.Bumps > 0,
					Open: func(*testing.T) (providers.Provider, providers.FolderConfig) {
						store = memory.New(mode, noon)
						store.AddFolder("work", kind)
						return store.Provider(), config("work", kind)
					},
					Absent: func(providers.FolderConfig) providers.FolderConfig { return config("absent", kind) },
					Expire: func(*testing.T, providers.FolderConfig) { store.Find("work").ExpireCursors() },
				}.Run(t)
			})
		}
	}
}

func config(name string, kind pim.Kind) providers.FolderConfig {
	return providers.FolderConfig{Address: "folder." + name, Kind: kind, Attributes: providers.Attributes{"name": name}}
}

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }
