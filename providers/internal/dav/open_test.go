package dav

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// self is what a server says of a calendar.
func self(props string) string {
	return `<response><href>/w/</href><propstat><prop><resourcetype><collection/><C:calendar/></resourcetype>` + props + `</prop><status>HTTP/1.1 200 OK</status></propstat></response>`
}

const cyrusToken = `<sync-token>data:,1-1</sync-token>`

// TestOpen: what is said of a collection decides whether it is a folder.
func TestOpen(t *testing.T) {
	plain := `<response><href>/w/a.ics</href><propstat><prop><resourcetype/></prop><status>HTTP/1.1 200 OK</status></propstat></response>`
	status := func(line string) string {
		return `<response><href>/w/</href><status>HTTP/1.1 ` + line + `</status></response>` + end
	}
	for name, c := range map[string]struct {
		page  string
		class providers.Class
		says  string // in the error, or the server's name
	}{
		"a calendar":                        {self(cyrusToken) + end, providers.Done, "cyrus"},
		"one of a server that is not known": {self("") + end, providers.Done, "other"},
		"with what lies in it":              {self(cyrusToken) + plain + end, providers.Done, "cyrus"},
		"behind what lies in it":            {plain + self(cyrusToken) + end, providers.Done, "cyrus"},
		"by another path":                   {strings.Replace(self(cyrusToken), "/w/", "/inner/w/", 1) + end, providers.Done, "cyrus"},
		"nothing":                           {"404", providers.Missing, "404"},
		"nothing, in a 207":                 {status("404 Not Found"), providers.Missing, "404"},
		"what was":                          {status("410 Gone"), providers.Missing, "410"},
		"what is another's":                 {"403", providers.Unauthorized, "403"},
		"what is another's, in a 207":       {status("403 Forbidden"), providers.Unauthorized, "403"},
		"trouble":                           {"500", providers.Transient, "500"},
		"trouble, in a 207":                 {status("500 Oops"), providers.Transient, "500"},
		"silence":                           {end, providers.Transient, "says nothing"},
		"half an answer":                    {self(cyrusToken), providers.Transient, "ends early"},
		"a status that is none":             {`<response><href>/w/</href><status>fine</status></response>` + end, providers.Refused, "no status"},
		"a plain collection":                {plain + end, providers.Refused, "no collection of caldav"},
		"a list of tasks":                   {self(`<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>`) + end, providers.Refused, "it takes VTODO"},
	} {
		t.Run(name, func(t *testing.T) {
			f := scripted(t, "other", &pages{list: []string{c.page}})
			k, err := f.look(t.Context())
			if class := providers.ClassOf(err); class != c.class || err != nil && !strings.Contains(err.Error(), c.says) || err == nil && k.Server != c.says {
				t.Errorf("it is %+v, %s (%v), want %s, %q", k, class, err, c.class, c.says)
			}
			if name == "by another path" && k.Path != "/inner/w/" {
				t.Errorf("its other path is %q", k.Path)
			}
		})
	}
}

// opened is an account at a server that gives these answers, one after the other.
func opened(t *testing.T, server string, list ...string) (*provider, *world) {
	t.Helper()
	answers := &pages{list: list}
	w := &world{hosts: map[string]http.HandlerFunc{"https://dav.example.com": answers.ServeHTTP}}
	p := account(t, w, CalDAV, "https://dav.example.com")
	p.server = profileNamed(server)
	return p, w
}

// TestOpenByCursor asks nothing of a folder that the cursor says all of, and asks anew where that may not hold any more.
func TestOpenByCursor(t *testing.T) {
	cfg := providers.FolderConfig{Address: "folder.work", Kind: pim.Calendar, Attributes: providers.Attributes{"path": "/w/"}}
	readOnly := `<current-user-privilege-set><privilege><read/></privilege></current-user-privilege-set>`
	p, w := opened(t, "", self(cyrusToken)+end)
	first, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	cursor := first.(*folder).known.String()
	for name, c := range map[string]struct {
		server string
		cursor string
		kind   pim.Kind
		asked  int
	}{
		"the same":             {"", cursor, pim.Calendar, 0},
		"as the block says":    {"cyrus", cursor, pim.Calendar, 0},
		"another server":       {"radicale", cursor, pim.Calendar, 1},
		"another kind":         {"", cursor, pim.Tasks, 1},
		"it was read-only":     {"", strings.Replace(cursor, `"s":"cyrus"`, `"s":"cyrus","r":true`, 1), pim.Calendar, 1},
		"a cursor of nonsense": {"", "7", pim.Calendar, 1},
		"none":                 {"", "", pim.Calendar, 1},
	} {
		cfg.Cursor, cfg.Kind = c.cursor, c.kind
		p, w := opened(t, c.server, self(cyrusToken+readOnly)+end)
		f, err := p.Folder(t.Context(), cfg)
		if err != nil || len(w.asked) != c.asked {
			t.Errorf("%s: it asked %q (%v), want %d requests", name, w.asked, err, c.asked)
			continue
		}
		if want := c.server; want != "" && f.(*folder).server.Name != want || f.Capabilities().ReadOnly != (c.asked > 0) {
			t.Errorf("%s: it is a folder of %s, read-only: %v", name, f.(*folder).server.Name, f.Capabilities().ReadOnly)
		}
	}
	if len(w.asked) != 1 {
		t.Errorf("to get to know it takes %q", w.asked)
	}
}

// TestTagged: a collection whose tag is the same is not listed, and one that is another is not read on.
func TestTagged(t *testing.T) {
	said := func(token, id string) string {
		return self(`<sync-token>`+token+`</sync-token><resource-id>`+id+`</resource-id>`) + end
	}
	for name, c := range map[string]struct {
		now, want string
	}{
		"no change":          {said("data:,3", "1"), ""},
		"a change":           {said("data:,4", "1"), "a full"},
		"another collection": {said("data:,4", "2"), "expired"},
		"its equal":          {said("data:,3", "2"), "expired"},
		"another server":     {said("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "1"), "expired"},
		"none":               {"404", "missing"},
	} {
		f := scripted(t, "davical", &pages{list: []string{said("data:,3", "1"), c.now, entry("a") + end}})
		before, err := f.look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		f.learn(before)
		var got []string
		read, err := f.Changes(t.Context(), before.String(), func(change providers.Change) error {
			got = append(got, change.Ref)
			return nil
		})
		switch {
		case isExpired(err):
			got = append(got, "expired")
		case err != nil:
			got = append(got, string(providers.ClassOf(err)))
		case read.Full:
			got = append(got, "full")
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q (%v), want %q", name, got, err, c.want)
		}
	}
}

// TestLeftOut: of what a multiget leaves out, a listing says whether it is there.
func TestLeftOut(t *testing.T) {
	there := `<response><href>/w/a.ics</href><propstat><prop><C:calendar-data>` + object(pim.Calendar, event) + `</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>`
	for name, c := range map[string]struct {
		pages []string
		want  string // of a.ics, b.ics and c.ics
	}{
		"not there":           {[]string{there + end, end, entry("a.ics") + end}, "done missing missing"},
		"there":               {[]string{there + end, end, entry("a.ics") + entry("b.ics") + end}, "done transient missing"},
		"not known":           {[]string{there + end, end, "503"}, "done transient transient"},
		"a part of a listing": {[]string{there + end, end, entry("a.ics") + more + end}, "done transient transient"},
		"of another kind":     {[]string{strings.ReplaceAll(there, "VEVENT", "VTODO") + gone("b.ics") + gone("c.ics") + end}, "missing missing missing"},
		"a failure of one": {[]string{there + gone("b.ics") + `<response><href>/w/c.ics</href><propstat><prop><C:calendar-data/></prop><status>HTTP/1.1 500 Oops</status></propstat></response>` + end},
			"done missing transient"},
		"no content":                       {[]string{there + `<response><href>/w/b.ics</href><propstat><prop><C:calendar-data/></prop><status>HTTP/1.1 404 No</status></propstat></response>` + entry("c.ics") + end}, "done refused refused"},
		"twice, and what nobody asked for": {[]string{there + there + entry("x.ics") + gone("b.ics") + gone("c.ics") + end}, "done missing missing"},
	} {
		got := map[string][]string{}
		err := scripted(t, "davical", &pages{list: c.pages}).Fetch(t.Context(), []string{"a.ics", "b.ics", "c.ics"}, func(one providers.Fetched) error {
			got[one.Ref] = append(got[one.Ref], string(providers.ClassOf(one.Err)))
			return nil
		})
		if all := slices.Concat(got["a.ics"], got["b.ics"], got["c.ics"]); err != nil || strings.Join(all, " ") != c.want {
			t.Errorf("%s: %q (%v), want %q", name, all, err, c.want)
		}
	}
}
