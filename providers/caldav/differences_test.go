package caldav_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/davtest/differences"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// TestDifferences measures what every server that runs makes of telling items.
func TestDifferences(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
			t.Run(string(kind), func(t *testing.T) {
				var counter web.Counter
				path := s.MakeCalendar(t, "alice", kind.Component())
				differences.Test(t, differences.Account{
					Server: s, Provider: open(t, s, &counter), Folder: at(path, kind), Path: path,
					Requests: func() (sum int) {
						for _, n := range counter.Take() {
							sum += n
						}
						return sum
					},
				})
			})
		}
	})
}
