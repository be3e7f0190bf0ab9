package carddav_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/davtest/differences"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// TestDifferences measures what every server that runs makes of telling items.
func TestDifferences(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		var counter web.Counter
		path := s.MakeAddressBook(t, "alice")
		differences.Test(t, differences.Account{
			Server: s, Provider: open(t, s, &counter), Folder: at(path), Path: path,
			Requests: func() (sum int) {
				for _, n := range counter.Take() {
					sum += n
				}
				return sum
			},
		})
	})
}
