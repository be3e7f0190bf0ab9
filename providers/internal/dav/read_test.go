package dav

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// pages answers one REPORT after the other: a status, or what is in a multistatus. The last one stays.
type pages struct {
	list   []string
	tokens []string // that were asked with
}

var givenToken = regexp.MustCompile(`<D:sync-token>(.*)</D:sync-token>`)

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if found := givenToken.FindSubmatch(body); found != nil {
		p.tokens = append(p.tokens, string(found[1]))
	}
	page := p.list[0]
	if len(p.list) > 1 {
		p.list = p.list[1:]
	}
	status := http.StatusMultiStatus
	if _, err := fmt.Sscanf(page, "%d", &status); err == nil {
		w.WriteHeader(status)
		return
	}
	w.WriteHeader(status)
	io.WriteString(w, `<multistatus xmlns="DAV:" xmlns:C="`+nsCal+`">`+page)
}

const end = "</multistatus>"

func entry(name string) string {
	return `<response><href>/w/` + name + `</href><propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>`
}

func gone(name string) string {
	return `<response><href>/w/` + name + `</href><status>HTTP/1.1 404 Not Found</status></response>`
}

func token(n int) string { return fmt.Sprintf("<sync-token>data:,1-%d</sync-token>", n) }

const more = `<response><href>/w/</href><status>HTTP/1.1 507 Insufficient Storage</status></response>`

// TestSync reads what changed, in pages, and says how it ended.
func TestSync(t *testing.T) {
	strange := `<response><href>/elsewhere/x.ics</href><status>HTTP/1.1 404 Not Found</status></response>`
	for name, c := range map[string]struct {
		since string // the token of the cursor; "": there is none
		pages []string
		want  string // changes, then how it ended
		asked string
	}{
		"everything":           {"", []string{entry("a") + entry("b") + token(2) + end}, "a b; full, data:,1-2", "''"},
		"everything, in pages": {"", []string{entry("a") + more + token(1) + end, entry("b") + gone("a") + token(2) + end}, "a b -a; full, data:,1-2", "'' 'data:,1-1'"},
		"what was there once":  {"", []string{entry("a") + gone("b") + token(2) + end}, "a; full, data:,1-2", "''"},
		"changes":              {"data:,1-1", []string{entry("a") + gone("b") + token(2) + end}, "a -b; data:,1-2", "'data:,1-1'"},
		"no changes":           {"data:,1-1", []string{token(1) + end}, "; data:,1-1", "'data:,1-1'"},
		"many gone at once":    {"data:,1-1", []string{`<response><href>/w/a</href><href>/w/b</href><status>HTTP/1.1 404 Not Found</status></response>` + token(2) + end}, "-a -b; data:,1-2", "'data:,1-1'"},
		"itself":               {"data:,1-1", []string{entry("") + entry("a") + entry("below/") + token(2) + end}, "a; data:,1-2", "'data:,1-1'"},
		"an item that fails":   {"data:,1-1", []string{`<response><href>/w/a</href><status>HTTP/1.1 500 Oops</status></response>` + token(2) + end}, "a; data:,1-2", "'data:,1-1'"},
		"something strange":    {"", []string{entry("a") + strange + token(2) + end}, "a; full, partial: the server's answer names \"/elsewhere/x.ics\", which is not in the folder, data:,1-2", "''"},
		"an entry that is none": {"", []string{entry("a") + `<response><href>/w/b</href><status>?</status></response>` + token(2) + end},
			"a; full, partial: the server's answer says \"?\", which is no status, data:,1-2", "''"},
		"a page without progress":  {"", []string{entry("a") + more + token(1) + end, entry("b") + more + token(1) + end}, "a b; full, partial: the server lists only a part of what is there, data:,1-1", "'' 'data:,1-1'"},
		"pages of nothing":         {"", []string{more + token(1) + end, more + token(2) + end}, "; full, partial: the server lists only a part of what is there, data:,1-1", "''"},
		"a later page that fails":  {"", []string{entry("a") + more + token(1) + end, "503"}, "a; transient, go on: full, data:,1-1", "'' 'data:,1-1'"},
		"a later page that is cut": {"data:,1-1", []string{entry("a") + more + token(2) + end, entry("b") + token(3)}, "a b; transient, go on: data:,1-2", "'data:,1-1' 'data:,1-2'"},
		"strange, then a failure":  {"", []string{strange + entry("a") + more + token(1) + end, "503"}, "a; transient", "'' 'data:,1-1'"},
		"a first page that fails":  {"", []string{"503"}, "; transient", "''"},
		"no token":                 {"data:,1-1", []string{entry("a") + end}, "a; expired", "'data:,1-1'"},
		"a token of another kind":  {"data:,1-1", []string{entry("a") + "<sync-token>17</sync-token>" + end}, "a; expired", "'data:,1-1'"},
		"everything, and no token": {"", []string{entry("a") + end}, "a; full, ", "''"},
		"a token that expired":     {"data:,1-1", []string{"403"}, "; expired", "'data:,1-1'"},
		"one that is gone":         {"data:,1-1", []string{"410"}, "; expired", "'data:,1-1'"},
		"one that breaks it":       {"data:,1-1", []string{"500"}, "; expired", "'data:,1-1'"},
		"a folder that is gone":    {"data:,1-1", []string{"404"}, "; missing", "'data:,1-1'"},
		"a server that is busy":    {"data:,1-1", []string{"503"}, "; transient", "'data:,1-1'"},
		"a password that is old":   {"data:,1-1", []string{"401"}, "; unauthorized", "'data:,1-1'"},
		"no leave to read":         {"", []string{"403"}, "; unauthorized", "''"},
	} {
		t.Run(name, func(t *testing.T) {
			p := &pages{list: c.pages}
			f := scripted(t, "cyrus", p)
			cursor := ""
			if c.since != "" {
				k := f.known
				k.Token = c.since
				cursor = k.String()
			}
			var changes []string
			read, err := f.Changes(t.Context(), cursor, func(change providers.Change) error {
				ref := change.Ref
				if change.Removed == providers.Removed {
					ref = "-" + ref
				}
				changes = append(changes, ref)
				return nil
			})
			if got := strings.Join(changes, " ") + "; " + ended(t, f, read, err); got != c.want {
				t.Errorf("it reads %q (%v), want %q", got, err, c.want)
			}
			var asked []string
			for _, token := range p.tokens {
				asked = append(asked, "'"+token+"'")
			}
			if got := strings.Join(slices.Compact(asked), " "); got != c.asked {
				t.Errorf("it asked %s, want %s", got, c.asked)
			}
		})
	}
}

// ended says how a reading ended.
func ended(t *testing.T, f *folder, read providers.Read, err error) string {
	t.Helper()
	var list []string
	if read.Full {
		list = append(list, "full")
	}
	if err == nil && !read.Complete {
		list = append(list, "partial: "+read.Reason)
	}
	if read.Cursor != "" {
		k, cursorErr := parseCursor(f.name(), read.Cursor)
		if cursorErr != nil {
			t.Fatal(cursorErr)
		}
		list = append(list, k.Token)
	}
	how := strings.Join(list, ", ")
	switch {
	case isExpired(err):
		return "expired"
	case err != nil && how != "":
		return string(providers.ClassOf(err)) + ", go on: " + how
	case err != nil:
		return string(providers.ClassOf(err))
	}
	return how
}

// TestReadersError gives back the error of whoever reads, and nothing after it.
func TestReadersError(t *testing.T) {
	stop := errors.New("stop")
	n := 0
	_, err := scripted(t, "cyrus", &pages{list: []string{entry("a") + entry("b") + token(1) + end}}).Changes(t.Context(), "", func(providers.Change) error {
		n++
		return stop
	})
	if err != stop || n != 1 {
		t.Errorf("after %d changes: %v", n, err)
	}
	f := scripted(t, "cyrus", &script{holds: object(pim.Calendar, event)})
	if err := f.Fetch(t.Context(), []string{"a.ics"}, func(providers.Fetched) error { return stop }); err != stop {
		t.Errorf("fetching: %v", err)
	}
}

// spoilt is a collection in which one item makes every answer that holds it unreadable.
type spoilt struct {
	bad   string
	asked int
}

func (s *spoilt) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked++
	body, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusMultiStatus)
	io.WriteString(w, `<multistatus xmlns="DAV:" xmlns:C="`+nsCal+`">`)
	if strings.Contains(string(body), "calendar-query") {
		io.WriteString(w, entry("i1.ics")+"\x01")
		return
	}
	for _, found := range regexp.MustCompile(`<D:href>/w/(\w+)\.ics</D:href>`).FindAllStringSubmatch(string(body), -1) {
		data := escaped(object(pim.Calendar, strings.Replace(event, "UID:a", "UID:"+found[1], 1)))
		if found[1] == s.bad {
			data = "\x01"
		}
		fmt.Fprintf(w, `<response><href>/w/%s.ics</href><propstat><prop><C:calendar-data>%s</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, found[1], data)
	}
	io.WriteString(w, end)
}

// TestOneItemSpoilsTheAnswer reads all others, and asks not much oftener.
func TestOneItemSpoilsTheAnswer(t *testing.T) {
	var refs []string
	for i := range 100 {
		refs = append(refs, fmt.Sprintf("i%d.ics", i))
	}
	for bad, server := range map[string]string{"i0": "cyrus", "i50": "cyrus", "i99": "cyrus", "i1": "xandikos"} {
		s := &spoilt{bad: bad}
		classes := map[providers.Class][]string{}
		err := scripted(t, server, s).Fetch(t.Context(), refs, func(got providers.Fetched) error {
			class := providers.ClassOf(got.Err)
			classes[class] = append(classes[class], got.Ref)
			return nil
		})
		if err != nil || len(classes[providers.Done]) != 99 || !slices.Equal(classes[providers.Refused], []string{bad + ".ics"}) || s.asked > 20 {
			t.Errorf("%s: %d are read, and %v, after %d requests (%v)", bad, len(classes[providers.Done]), classes[providers.Refused], s.asked, err)
		}
	}
}
