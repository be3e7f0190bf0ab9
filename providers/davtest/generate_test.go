package davtest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGeneratedItemsTakeNoMemory(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work")
	const items = 1_000_000_000
	c.s.Fill(work, items)
	c.s.Delete(work + nameOf(items-2, false))
	c.do("REPORT", work, syncBody(fmt.Sprintf("https://davtest.example/sync/1/%d", items-3))).says(t, 207, nameOf(items-3, false), nameOf(items-2, false)+"</D:href><D:status>HTTP/1.1 404", nameOf(items-1, false))
	c.do("GET", work+nameOf(items/2, false), "").says(t, 200, "UID:500000000@fill.test")
	c.do("GET", work+nameOf(items, false), "").says(t, 404)
	c.do("PUT", work+"x.ics", event("500000000@fill.test", "")).says(t, 409)
}

func TestGeneratedItemsAreItems(t *testing.T) {
	s := New(Behaviour{})
	for path, cards := range map[string]bool{s.AddCalendar("alice", "work"): false, s.AddAddressbook("alice", "friends"): true} {
		s.Fill(path, 3)
		for name, text := range s.Items(path) {
			if _, ok := componentsOf(text, cards); !ok || lineValue(text, "UID") == "" {
				t.Errorf("%s: %q", name, text)
			}
			for line := range strings.Lines(text) {
				if len(line) > 77 || !strings.HasSuffix(line, "\r\n") {
					t.Errorf("%s: the line %q", name, line)
				}
			}
		}
	}
}

// BenchmarkListing lists 10,000 items. What it costs bounds what tests of large folders can measure.
func BenchmarkListing(b *testing.B) {
	s := New(Behaviour{Auth: AuthNone})
	work := s.AddCalendar("alice", "work")
	s.Fill(work, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest("REPORT", work, strings.NewReader(syncBody("")))
		r.Header.Set("Content-Type", "application/xml")
		w := &discard{header: http.Header{}}
		s.ServeHTTP(w, r)
		if w.status != http.StatusMultiStatus {
			b.Fatal(w.status)
		}
	}
}

// discard is a ResponseWriter that keeps nothing but the status.
type discard struct {
	header http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(p []byte) (int, error) { return io.Discard.Write(p) }
