package carddav_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/carddav"
	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// TestPersonalities runs the suite against a server that plays real ones, and others with one peculiarity each. It needs none of them installed.
func TestPersonalities(t *testing.T) {
	for name, b := range map[string]davtest.Behaviour{
		"as the RFCs say": {},
		"radicale":        davtest.Radicale(),
		"xandikos":        davtest.Xandikos(),
		"davical":         davtest.DAViCal(),
		"cyrus":           davtest.Cyrus(),
		"sogo":            davtest.SOGo(),
		"icloud":          davtest.ICloud(),
		"small multigets": {MultigetMost: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			providertest.Suite{
				Kind:    pim.Contacts,
				Open:    func(t *testing.T) (providers.Provider, providers.FolderConfig) { return played(t, b) },
				Absent:  providertest.Beside,
				Wait:    providertest.Wait,
				Refused: func(it *pim.Item) bool { return refused(name, it) },
			}.Run(t)
		})
	}
}

// played begins with a new server that behaves so, and an empty address book.
func played(t *testing.T, b davtest.Behaviour) (providers.Provider, providers.FolderConfig) {
	server := davtest.New(b)
	attributes := providers.Attributes{"url": server.Start(t).URL, "username": "alice", "password": "alicepw"}
	p := providertest.Open(t, carddav.Driver{}, providers.Config{Address: "provider.carddav.test", Attributes: attributes})
	return p, at(server.AddAddressbook("alice", "friends"))
}
