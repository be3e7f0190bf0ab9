package caldav_test

import (
	"crypto/rand"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/schema/pim"
)

// meeting is an event that alice organises and bob is invited to.
const meeting = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Desk//EN
BEGIN:VEVENT
UID:THE-UID
DTSTAMP:20260102T030405Z
DTSTART:20370303T100000Z
DTEND:20370303T110000Z
SUMMARY:Meet
ORGANIZER:mailto:alice@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.com
END:VEVENT
END:VCALENDAR
`

// TestNobodyIsInvited makes, changes and deletes a replica of a meeting, and looks each time at what bob was told. That a meeting which another client writes does
// reach him shows that the test looks at the right places.
func TestNobodyIsInvited(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		path := s.MakeCalendar(t, "alice", "VEVENT")
		t.Cleanup(func() { forget(t, s) })

		person := parse(t, meeting, unique())
		a := s.Do(t, "alice", http.MethodPut, path+"person.ics", string(person.Bytes()), "Content-Type", "text/calendar; charset=utf-8")
		if a.Status != http.StatusCreated {
			t.Fatalf("PUT: status %d: %s", a.Status, a.Body)
		}
		if told := s.Invitations(t, "bob", person.UID()); (len(told) > 0) != s.Schedules() {
			t.Fatalf("of a meeting that another client wrote, bob was told %v", told)
		}

		replica := parse(t, meeting, unique())
		replica = replica.WithMarker(&pim.Marker{
			Workspace: "office", Relationship: "relationship.a_to_b", Original: "original@example.com", Source: "folder.a",
			Generation: 1, Status: pim.Live, UID: replica.UID(), Written: replica.Fields().Digest(),
		})
		p := open(t, s, nil)
		folder, err := p.Folder(t.Context(), at(path, pim.Calendar))
		if err != nil {
			t.Fatal(err)
		}
		var ref, version string
		for _, w := range []providers.Write{
			{Kind: providers.Create, Item: replica},
			{Kind: providers.Update, Item: parse(t, strings.ReplaceAll(meeting, "T10", "T09"), replica.UID()).WithMarker(markerOf(t, replica))},
			{Kind: providers.Delete},
		} {
			w.Ref, w.Version = ref, version
			out := folder.Write(t.Context(), []providers.Write{w})[0]
			if out.Class != providers.Done {
				t.Fatalf("%s: %s: %v", w.Kind, out.Class, out.Err)
			}
			if told := s.Invitations(t, "bob", replica.UID()); len(told) > 0 {
				t.Errorf("%s: bob was told:\n%s", w.Kind, strings.Join(values(told), "\n"))
			}
			if w.Kind == providers.Delete {
				continue
			}
			err := folder.Fetch(t.Context(), []string{out.Ref}, func(f providers.Fetched) error {
				ref, version = f.Ref, f.Version
				if f.Err == nil && !strings.Contains(fmt.Sprint(f.Item.Attribute("attendees", nil)), "bob@example.com") {
					t.Errorf("%s: the replica does not say that bob comes:\n%s", w.Kind, f.Item.Bytes())
				}
				return f.Err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func unique() string { return "meeting-" + strings.ToLower(rand.Text()) }

func parse(t *testing.T, text, uid string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(pim.Calendar, []byte(strings.NewReplacer("\n", "\r\n", "THE-UID", uid).Replace(text)))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func markerOf(t *testing.T, it *pim.Item) *pim.Marker {
	t.Helper()
	m, marked := it.Marker()
	if !marked {
		t.Fatal("the replica has no marker")
	}
	return &m
}

func values(m map[string]string) (all []string) {
	for v := range maps.Values(m) {
		all = append(all, v)
	}
	return all
}

// forget removes what bob was told by this test and earlier ones.
func forget(t *testing.T, s servers.Server) {
	for path := range s.Invitations(t, "bob", "meeting-") {
		s.Do(t, "bob", http.MethodDelete, path, "", "Schedule-Reply", "F")
	}
}
