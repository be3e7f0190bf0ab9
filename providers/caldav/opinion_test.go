package caldav_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/emersion/go-webdav"
	second "github.com/emersion/go-webdav/caldav"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/schema/pim"
)

// TestSecondOpinion reads with another client what the driver wrote.
func TestSecondOpinion(t *testing.T) {
	servers.Each(t, func(t *testing.T, s servers.Server) {
		path := s.MakeCalendar(t, "alice", "VEVENT")
		f, err := open(t, s, nil).Folder(t.Context(), at(path, pim.Calendar))
		if err != nil {
			t.Fatal(err)
		}
		client, err := second.NewClient(webdav.HTTPClientWithBasicAuth(&http.Client{}, "alice", s.Password("alice")), s.Base)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			uid, title := fmt.Sprintf("opinion-%d@example.com", i), "Möte, at 10"
			out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: event(t, uid, title)}})[0]
			if out.Class != providers.Done {
				t.Fatalf("create %q: %s: %v", uid, out.Class, out.Err)
			}
			o, err := client.GetCalendarObject(t.Context(), path+out.Ref)
			if err != nil {
				t.Fatalf("the other client cannot read what the driver wrote: %v", err)
			}
			e := o.Data.Events()[0]
			gotUID, uidErr := e.Props.Text("UID")
			gotTitle, titleErr := e.Props.Text("SUMMARY")
			if gotUID != uid || gotTitle != title {
				t.Errorf("the other client reads %q %q (%v, %v), want %q %q", gotUID, gotTitle, uidErr, titleErr, uid, title)
			}
		}
	})
}

func event(t *testing.T, uid, title string) *pim.Item {
	t.Helper()
	changes := pim.Fields{}
	for name, v := range map[string]string{"summary": title, "start": "2026-03-10T10:00:00Z", "end": "2026-03-10T11:00:00Z"} {
		value, err := pim.FieldValue(pim.Calendar, name, v)
		if err != nil {
			t.Fatal(err)
		}
		changes[name] = value
	}
	return pim.New(pim.Calendar, uid).WithFields(changes)
}
