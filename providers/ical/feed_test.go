package ical

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func openFeed(t testing.TB, url string, more providers.Attributes) providers.Provider {
	t.Helper()
	cfg := providers.Config{Address: "provider.ical.test", Attributes: providers.Attributes{"url": url}}
	maps.Copy(cfg.Attributes, more)
	if cfg.Attributes.String("secret_url") != "" {
		delete(cfg.Attributes, "url")
	}
	p, err := Driver{Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }}.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func openFeedFolder(t testing.TB, p providers.Provider, kind pim.Kind, more providers.Attributes) *feed {
	t.Helper()
	f, err := p.Folder(t.Context(), providers.FolderConfig{Address: "folder.test", Kind: kind, Attributes: more})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*feed)
}

// refsOf reads a feed.
func refsOf(t testing.TB, f *feed, cursor string) ([]string, providers.Read, error) {
	t.Helper()
	var refs []string
	read, err := f.Changes(t.Context(), cursor, func(c providers.Change) error { refs = append(refs, c.Ref); return nil })
	slices.Sort(refs)
	return refs, read, err
}

var twoEvents = calendarOf("", vevent("one", "One"), vevent("two", "Two"))

func packed(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

// Whatever a server answers, nothing is taken for deleted that it did not leave out of a whole feed.
func TestAServerThatMisbehaves(t *testing.T) {
	reply := func(status int, body string, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			w.Write([]byte(body))
		}
	}
	cutOff := func(body string, more int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(body)+more))
			w.Write([]byte(body))
		}
	}
	page := "<!DOCTYPE html><html><title>Sign in</title></html>"
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		class   providers.Class // of the error; Done: a partial read
		says    string
		after   time.Duration
	}{
		{"login page", reply(200, page, "Content-Type", "text/html"), providers.Refused, "web page", 0},
		{"page that says it is a calendar", reply(200, "\n"+page, "Content-Type", "text/calendar"), providers.Refused, "web page", 0},
		{"something else", reply(200, `{"error": "quota"}`, "Content-Type", "application/json"), providers.Refused, "BEGIN:VCALENDAR", 0},
		{"contacts", reply(200, "BEGIN:VCARD\r\nFN:Ada\r\nEND:VCARD\r\n"), providers.Refused, "BEGIN:VCALENDAR", 0},
		{"nothing", reply(200, ""), providers.Refused, "empty", 0},
		{"blanks", reply(200, "\r\n \r\n"), providers.Refused, "empty", 0},
		{"no content", reply(204, ""), providers.Refused, "204", 0},
		{"a part", reply(206, twoEvents), providers.Refused, "206", 0},
		{"not modified, unasked", reply(304, ""), providers.Refused, "304", 0},
		{"bad request", reply(400, "no"), providers.Refused, "400", 0},
		{"login", reply(401, "no"), providers.Unauthorized, "401", 0},
		{"forbidden", reply(403, twoEvents), providers.Unauthorized, "403", 0},
		{"not found", reply(404, twoEvents), providers.Missing, "404", 0},
		{"gone", reply(410, ""), providers.Missing, "410", 0},
		{"too many, in seconds", reply(429, "", "Retry-After", "120"), providers.Throttled, "429", 2 * time.Minute},
		{"too many, until", reply(429, "", "Retry-After", "Sun, 01 Mar 2026 12:00:30 GMT"), providers.Throttled, "429", 30 * time.Second},
		{"too many, for ever", reply(429, "", "Retry-After", "99999999999"), providers.Throttled, "429", 24 * time.Hour},
		{"too many, whenever", reply(429, "", "Retry-After", "later"), providers.Throttled, "429", 0},
		{"broken server", reply(500, twoEvents), providers.Transient, "500", 0},
		{"busy server", reply(503, "", "Retry-After", "7"), providers.Throttled, "503", 7 * time.Second},
		{"ends early", cutOff(twoEvents[:len(twoEvents)/2], 10), providers.Transient, "ends early", 0},
		{"ends early at a whole", cutOff(twoEvents, 10), providers.Transient, "ends early", 0},
		{"cut off inside of an event", reply(200, twoEvents[:len(twoEvents)/2]), providers.Done, "ends inside of VEVENT", 0},
		{"cut off between events", reply(200, strings.TrimSuffix(twoEvents, crlf("END:VCALENDAR\n"))), providers.Done, "END:VCALENDAR is missing", 0},
		{"an error behind", reply(200, twoEvents+"<b>Warning</b>: memory\r\n"), providers.Done, "stands outside", 0},
		{"an error within", reply(200, strings.Replace(twoEvents, crlf("END:VEVENT\n"), "", 1)), providers.Done, "has no END", 0},
		{"no gzip", reply(200, twoEvents, "Content-Encoding", "gzip"), providers.Transient, "unpacked", 0},
		{"damaged gzip", reply(200, string(packed(twoEvents)[:40])+"garbage", "Content-Encoding", "gzip"), providers.Transient, "", 0},
		{"gzip cut off", reply(200, string(packed(twoEvents)[:60]), "Content-Encoding", "gzip"), providers.Transient, "ends early", 0},
		{"other packing", reply(200, twoEvents, "Content-Encoding", "br"), providers.Refused, `"br"`, 0},
		{"too large", reply(200, twoEvents+strings.Repeat(" \r\n", 4000)), providers.Refused, "max_bytes", 0},
		{"too large, unpacked", reply(200, string(packed(twoEvents+strings.Repeat(" \r\n", 4000))), "Content-Encoding", "gzip"), providers.Refused, "max_bytes", 0},
		{"endless redirects", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path+"x", http.StatusFound) }, providers.Refused, "redirected", 0},
		{"redirect to nowhere", reply(302, ""), providers.Refused, "302", 0},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, providers.Transient, "without an answer", 0},
		{"silence", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, providers.Transient, "no answer within", 0},
		{"silence in between", func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(twoEvents[:100]))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, providers.Transient, "no answer within", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := httptest.NewServer(c.handler)
			t.Cleanup(server.Close)
			limits := providers.Attributes{"max_bytes": 8000.0}
			if strings.HasPrefix(c.name, "silence") {
				limits["timeout"] = "50ms"
			}
			f := openFeedFolder(t, openFeed(t, server.URL, limits), pim.Calendar, nil)
			refs, read, err := refsOf(t, f, "")
			if c.class == providers.Done {
				if err != nil || read.Complete || read.Cursor != "" || !strings.Contains(read.Reason, c.says) || len(refs) == 0 {
					t.Fatalf("%q, %+v, %v, want a partial read that says %q", refs, read, err, c.says)
				}
				return
			}
			if providers.ClassOf(err) != c.class || !strings.Contains(err.Error(), c.says) || len(refs) > 0 || !strings.HasPrefix(err.Error(), `ical: get "http://127.0.0.1:`) {
				t.Fatalf("%q, %v (%s), want %s that says %q", refs, err, providers.ClassOf(err), c.class, c.says)
			}
			var e *providers.Error
			if errors.As(err, &e); e.RetryAfter != c.after {
				t.Errorf("to be tried again after %s, want %s", e.RetryAfter, c.after)
			}
			if err := f.Fetch(t.Context(), []string{"one"}, func(got providers.Fetched) error { t.Errorf("fetched %+v", got); return nil }); err == nil {
				t.Error("an item was fetched")
			}
		})
	}
}

func TestAServerThatIsNotThere(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	p := openFeed(t, server.URL, nil)
	if _, _, err := refsOf(t, openFeedFolder(t, p, pim.Calendar, nil), ""); providers.ClassOf(err) != providers.Unreachable {
		t.Errorf("changes: %v, want unreachable", err)
	}
	if err := p.Check(t.Context()); providers.ClassOf(err) != providers.Unreachable {
		t.Errorf("check: %v, want unreachable", err)
	}
}

// counted is a server that publishes a text, and what it was asked.
type counted struct {
	*httptest.Server
	text   atomic.Pointer[string]
	asked  atomic.Int64
	served atomic.Int64 // with a body
	packs  bool
	etag   bool
	dated  bool
}

func newCounted(t testing.TB, text string) *counted {
	s := &counted{}
	s.text.Store(&text)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		text := *s.text.Load()
		tag := fmt.Sprintf("%q", fmt.Sprint(sum([]byte(text))))
		if s.etag {
			w.Header().Set("ETag", tag)
		}
		if s.dated {
			w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 10:00:00 GMT")
		}
		if s.etag && r.Header.Get("If-None-Match") == tag || s.dated && r.Header.Get("If-Modified-Since") == "Sun, 01 Mar 2026 10:00:00 GMT" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		s.served.Add(1)
		body := []byte(text)
		if s.packs && r.Header.Get("Accept-Encoding") == "gzip" {
			w.Header().Set("Content-Encoding", "gzip")
			body = packed(text)
		}
		w.Write(body)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestAFeedIsReadOnce(t *testing.T) {
	for name, set := range map[string]func(*counted){
		"etag": func(s *counted) { s.etag = true }, "date": func(s *counted) { s.dated = true }, "neither": func(*counted) {},
		"packed": func(s *counted) { s.packs, s.etag = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			s := newCounted(t, twoEvents)
			set(s)
			p := openFeed(t, s.URL, nil)
			f := openFeedFolder(t, p, pim.Calendar, nil)
			refs, read, err := refsOf(t, f, "")
			if err != nil || !slices.Equal(refs, []string{"one", "two"}) || !read.Full || !read.Complete {
				t.Fatalf("%q, %+v, %v", refs, read, err)
			}
			for _, ref := range refs {
				err := f.Fetch(t.Context(), []string{ref}, func(got providers.Fetched) error { return got.Err })
				if err != nil {
					t.Error(err)
				}
			}
			if s.served.Load() != 1 {
				t.Errorf("the feed was read %d times", s.served.Load())
			}
			later := openFeedFolder(t, p, pim.Calendar, nil)
			refs, again, err := refsOf(t, later, read.Cursor)
			if err != nil || len(refs) > 0 || again.Full || !again.Complete || again.Cursor != read.Cursor {
				t.Errorf("unchanged: %q, %+v, %v", refs, again, err)
			}
			if want := int64(1); name != "neither" && s.served.Load() != want {
				t.Errorf("the feed was read %d times, want %d", s.served.Load(), want)
			}
			var got []providers.Fetched
			if err := later.Fetch(t.Context(), []string{"two", "gone"}, func(f providers.Fetched) error { got = append(got, f); return nil }); err != nil {
				t.Fatal(err)
			}
			if got[0].Item == nil || got[0].Item.Title() != "Two" || providers.ClassOf(got[1].Err) != providers.Missing {
				t.Errorf("fetched %+v", got)
			}
		})
	}
}

// A time of change in whole seconds says nothing of a change within the same second.
func TestAYoungTimeOfChangeIsNotTrusted(t *testing.T) {
	for age, want := range map[time.Duration]int{0: 2, time.Second: 2, time.Hour: 1} {
		s := newCounted(t, twoEvents)
		inner := s.Config.Handler
		s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(age).Format(http.TimeFormat))
			inner.ServeHTTP(w, r)
		})
		s.dated = true
		f := openFeedFolder(t, openFeed(t, s.URL, nil), pim.Calendar, nil)
		_, read, err := refsOf(t, f, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = refsOf(t, f, read.Cursor); err != nil || s.served.Load() != int64(want) {
			t.Errorf("changed %s before it was read: read %d times, want %d (%v)", age, s.served.Load(), want, err)
		}
	}
}

// A server that stamps every answer anew, as many do, changes nothing.
func TestStampsAreNoChange(t *testing.T) {
	s := newCounted(t, twoEvents)
	f := openFeedFolder(t, openFeed(t, s.URL, nil), pim.Calendar, nil)
	_, read, err := refsOf(t, f, "")
	if err != nil {
		t.Fatal(err)
	}
	later := strings.ReplaceAll(twoEvents, "DTSTAMP:20260101T000000Z", "DTSTAMP:20260301T120000Z")
	s.text.Store(&later)
	if refs, again, err := refsOf(t, f, read.Cursor); err != nil || len(refs) > 0 || !again.Complete {
		t.Errorf("stamped anew: %q, %+v, %v", refs, again, err)
	}
	edited := strings.Replace(later, "SUMMARY:One", "SUMMARY:Eins", 1)
	s.text.Store(&edited)
	if refs, again, err := refsOf(t, f, read.Cursor); err != nil || len(refs) != 2 || !again.Full {
		t.Errorf("edited: %q, %+v, %v", refs, again, err)
	}
}

func TestFewerItemsThanThereHaveToBe(t *testing.T) {
	s := newCounted(t, twoEvents)
	f := openFeedFolder(t, openFeed(t, s.URL, nil), pim.Calendar, providers.Attributes{"min_items": 2.0})
	_, read, err := refsOf(t, f, "")
	if err != nil || !read.Complete {
		t.Fatal(read, err)
	}
	shorter := calendarOf("", vevent("one", "One"))
	s.text.Store(&shorter)
	refs, again, err := refsOf(t, f, read.Cursor)
	if err != nil || again.Complete || again.Cursor != read.Cursor || !strings.Contains(again.Reason, "min_items is 2") || len(refs) != 1 {
		t.Errorf("%q, %+v, %v, want a partial read", refs, again, err)
	}
}

func TestCursorsOfOthersHaveExpired(t *testing.T) {
	s := newCounted(t, twoEvents)
	f := openFeedFolder(t, openFeed(t, s.URL, nil), pim.Calendar, nil)
	tasks, err := json.Marshal(cursor{Version: cursorVersion, Kind: pim.Tasks})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"null", "{}", "17", string(tasks)} {
		if _, _, err := refsOf(t, f, text); !errors.Is(err, providers.ErrCursorExpired) {
			t.Errorf("cursor %q: %v", text, err)
		}
	}
	if s.asked.Load() > 0 {
		t.Error("the server was asked")
	}
}

func TestFeedsAreNotWritten(t *testing.T) {
	p := openFeed(t, "http://127.0.0.1:1/", nil)
	f := openFeedFolder(t, p, pim.Calendar, nil)
	for _, out := range f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: event(t, "a", "A")}, {Kind: providers.Delete, Ref: "a"}}) {
		if out.Class != providers.Refused || out.Err == nil {
			t.Errorf("write: %+v, want refused", out)
		}
	}
	if err := p.CreateFolder(t.Context(), providers.FolderConfig{Kind: pim.Calendar}); providers.ClassOf(err) != providers.Refused {
		t.Errorf("create: %v, want refused", err)
	}
	if _, err := p.Discover(t.Context()); providers.ClassOf(err) != providers.Refused {
		t.Errorf("discover: %v, want refused", err)
	}
}
