package caldav_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/schema/pim"
)

// TestCollectionElsewhere reads and writes a calendar by a path that is not what its server calls it: one that leads there, as Cyrus has it for the calendars of
// others, and one that a proxy in front of the server translates.
func TestCollectionElsewhere(t *testing.T) {
	for name, way := range map[string]func(path string, server http.Handler) http.HandlerFunc{
		"redirect": func(path string, server http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if rest, ok := strings.CutPrefix(r.URL.Path, "/shared/"); ok {
					http.Redirect(w, r, path+rest, http.StatusMovedPermanently)
					return
				}
				server.ServeHTTP(w, r)
			}
		},
		"proxy": func(path string, server http.Handler) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				if rest, ok := strings.CutPrefix(r.URL.Path, "/shared/"); ok {
					r.URL.Path, r.URL.RawPath = path+rest, ""
				}
				server.ServeHTTP(w, r)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := davtest.New(davtest.Cyrus())
			path := server.AddCalendar("alice", "work", "VEVENT")
			server.Put(path+"a.ics", string(parse(t, meeting, "a").Bytes()))
			ts := httptest.NewServer(way(path, server))
			t.Cleanup(ts.Close)
			p, err := caldav.Driver{}.Open(t.Context(), providers.Config{Address: "provider.caldav.test", Dir: t.TempDir(),
				Attributes: providers.Attributes{"url": ts.URL + "/", "username": "alice", "password": "alicepw"}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := p.Close(); err != nil {
					t.Error(err)
				}
			})
			folder, err := p.Folder(t.Context(), at("/shared/", pim.Calendar))
			if err != nil {
				t.Fatal(err)
			}
			ref, version := only(t, folder, name)
			later := parse(t, strings.ReplaceAll(meeting, "SUMMARY:Meet", "SUMMARY:Later"), "a")
			if out := folder.Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: ref, Version: version, Item: later}})[0]; out.Class != providers.Done {
				t.Fatalf("update: %s: %v", out.Class, out.Err)
			}
			if text := server.Items(path)["a.ics"]; !strings.Contains(text, "SUMMARY:Later") {
				t.Errorf("after the update, the server has\n%s", text)
			}
			_, version = only(t, folder, name)
			if out := folder.Write(t.Context(), []providers.Write{{Kind: providers.Delete, Ref: ref, Version: version}})[0]; out.Class != providers.Done {
				t.Fatalf("delete: %s: %v", out.Class, out.Err)
			}
			if left := server.Items(path); len(left) > 0 {
				t.Errorf("after the delete, the server has %v", left)
			}
		})
	}
}
