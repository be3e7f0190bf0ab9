package servers

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Invitations are the texts by path of what a user was told of the item with a UID: messages in the scheduling inbox, and events that the server put into the
// user's calendar.
func (s Server) Invitations(t testing.TB, user, uid string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, collection := range s.invited {
		for _, path := range s.members(t, user, of(user, collection)) {
			if text := s.Do(t, user, http.MethodGet, path, "").Body; strings.Contains(strings.ReplaceAll(text, "\r\n ", ""), uid) {
				found[path] = text
			}
		}
	}
	return found
}

// members are the paths of what is in a collection.
func (s Server) members(t testing.TB, user, collection string) (paths []string) {
	t.Helper()
	answer := s.Do(t, user, "PROPFIND", collection, `<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>`,
		"Depth", "1", "Content-Type", "application/xml; charset=utf-8")
	var status struct {
		Responses []struct {
			Href string `xml:"DAV: href"`
		} `xml:"DAV: response"`
	}
	if err := xml.Unmarshal([]byte(answer.Body), &status); err != nil {
		t.Fatalf("%s: PROPFIND %s: status %d: %v", s.Name, collection, answer.Status, err)
	}
	for _, r := range status.Responses {
		u, err := url.Parse(r.Href)
		if err != nil {
			t.Fatalf("%s: PROPFIND %s: %v", s.Name, collection, err)
		}
		if strings.TrimSuffix(u.Path, "/") != strings.TrimSuffix(collection, "/") {
			paths = append(paths, u.EscapedPath())
		}
	}
	return paths
}
