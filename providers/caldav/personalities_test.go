package caldav_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// TestPersonalities runs the suite against a server that plays real ones, and others with one peculiarity each. It needs none of them installed.
func TestPersonalities(t *testing.T) {
	unheeded := []string{"getctag", "sync-token", "resource-id", "creationdate", "current-user-privilege-set", "supported-report-set"}
	for name, b := range map[string]davtest.Behaviour{
		"as the RFCs say": {},
		"radicale":        davtest.Radicale(),
		"xandikos":        davtest.Xandikos(),
		"davical":         davtest.DAViCal(),
		"cyrus":           davtest.Cyrus(),
		"sogo":            davtest.SOGo(),
		"icloud":          davtest.ICloud(),
		"google":          davtest.Google(),
		"the least":       {Unsupported: []string{"sync-collection"}, Hidden: unheeded},
		"weak ETags":      {ETag: davtest.ETagWeak},
		"absolute hrefs":  {Hrefs: davtest.HrefAbsolute},
		"encoded hrefs":   {Hrefs: davtest.HrefEncoded},
		"no reasons":      {NoReason: true, ErrorsInProps: true, StatusFirst: true},
		"small multigets": {MultigetMost: 1},
		"lists itself":    {SyncSelf: true, Token: "data:,%d-%d"},
		"no length":       {HTTP10: true, NoLength: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			suite := providertest.Suite{
				Kind:    pim.Calendar,
				Open:    func(t *testing.T) (providers.Provider, providers.FolderConfig) { return played(t, b) },
				Absent:  providertest.Beside,
				Wait:    providertest.Wait,
				Refused: func(it *pim.Item) bool { return name == "sogo" && len(it.UID()) > 255 },
			}
			if b.Make != 0 {
				suite.Absent = nil // it makes no calendars
			}
			suite.Run(t)
		})
	}
}

// played begins with a new server that behaves so, and an empty calendar.
func played(t *testing.T, b davtest.Behaviour) (providers.Provider, providers.FolderConfig) {
	attributes := providers.Attributes{"username": "alice", "password": "alicepw"}
	if b.Auth == davtest.AuthBearer {
		b.Bearer, attributes = "hush", providers.Attributes{"token": "hush"}
	}
	server := davtest.New(b)
	attributes["url"] = server.Start(t).URL
	p := providertest.Open(t, caldav.Driver{}, providers.Config{Address: "provider.caldav.test", Attributes: attributes})
	return p, at(server.AddCalendar("alice", "work", pim.Calendar.Component()), pim.Calendar)
}
