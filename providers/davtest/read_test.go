package davtest

import (
	"fmt"
	"strings"
	"testing"
)

func TestDiscovery(t *testing.T) {
	c := start(t, Behaviour{Scheduling: true})
	c.s.AddCalendar("alice", "work one", "VEVENT")
	c.s.AddAddressbook("alice", "friends")
	if r := c.do("PROPFIND", "/.well-known/caldav", "").says(t, 301); r.header.Get("Location") != "/dav/" {
		t.Errorf("it goes to %q", r.header.Get("Location"))
	}
	c.do("PROPFIND", "/dav/", propfindBody("<current-user-principal/>"), "Depth: 0").says(t, 207, "<D:href>/dav/principals/alice/</D:href>")
	c.do("PROPFIND", "/dav/principals/alice/", propfindBody("<C:calendar-home-set/><R:addressbook-home-set/>"), "Depth: 0").
		says(t, 207, "<D:href>/dav/calendars/alice/</D:href>", "<D:href>/dav/contacts/alice/</D:href>")
	c.do("PROPFIND", "/dav/calendars/alice/", propfindBody("<resourcetype/><displayname/><C:supported-calendar-component-set/><nonsense/>"), "Depth: 1").
		says(t, 207, "<D:href>/dav/calendars/alice/work%20one/</D:href>", "<D:displayname>work one</D:displayname>", `<C:comp name="VEVENT"/>`, "<C:schedule-inbox/>",
			"<D:propstat><D:prop><D:nonsense/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status>", "!friends")
	c.do("OPTIONS", "/dav/", "").says(t, 200)
	c.do("PROPFIND", "/dav/calendars/bob/", propfindBody("<resourcetype/>"), "Depth: 1").says(t, 403, "need-privileges")
	c.do("PROPFIND", "/dav/", propfindBody("<resourcetype/>"), "Depth: 1", "Authorization: Basic Ym9iOmJvYg==").says(t, 401)
}

func TestListings(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work")
	c.s.Fill(work, 3)
	c.s.Put(work+"a%2Fb.ics", event("a", ""))
	c.s.Put(work+"item-000001.ics", event("000001@fill.test", ""))
	c.s.Delete(work + "item-000002.ics")
	listing := c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 1").says(t, 207, "a%2Fb.ics", "item-000000.ics", "item-000001.ics", "!item-000002.ics", "<D:getetag>&#34;g0&#34;</D:getetag>")
	if n := strings.Count(listing.body, "<D:response>"); n != 4 {
		t.Errorf("%d responses, want the collection and 3 items", n)
	}
	c.do("GET", work+"a%2Fb.ics", "").says(t, 200, event("a", ""))
	c.do("REPORT", work, multigetBody(work+"a%2fb.ics", c.url+work+"item-000000.ics", work+"none.ics"), "Depth: 1").
		says(t, 207, "SUMMARY:Lunch &amp; ", "UID:000000@fill.test&#13;", "<D:href>"+work+"none.ics</D:href><D:status>HTTP/1.1 404")
	query := "<C:calendar-query" + ns + `><prop><getetag/></prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20270104T093000Z" end="20270105T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`
	c.do("REPORT", work, query, "Depth: 1").says(t, 207, "a%2Fb.ics", "item-000001.ics", "!item-000000.ics")
	for _, spoilt := range []struct {
		inProps bool
		want    string
	}{{false, "item-000000.ics</D:href><D:status>HTTP/1.1 500"}, {true, "item-000000.ics</D:href><D:propstat><D:prop><D:getetag/></D:prop><D:status>HTTP/1.1 500"}} {
		c.s.Change(func(b *Behaviour) { b.ErrorsInProps = spoilt.inProps })
		c.s.Spoil(work+"item-000000.ics", 500)
		c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 1").says(t, 207, spoilt.want)
	}
}

func TestSync(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work")
	c.s.Fill(work, 3)
	first := c.do("REPORT", work, syncBody(""), "Depth: 0").says(t, 207, "item-000000.ics", "item-000002.ics")
	c.do("REPORT", work, syncBody(tokenOf(first)), "Depth: 0").says(t, 207, "!<D:response>")
	c.s.Put(work+"new.ics", event("new", ""))
	c.s.Delete(work + "item-000001.ics")
	second := c.do("REPORT", work, syncBody(tokenOf(first)), "Depth: 0").says(t, 207, "new.ics", "item-000001.ics</D:href><D:status>HTTP/1.1 404", "!item-000000.ics")
	c.do("PROPFIND", work, propfindBody("<sync-token/>"), "Depth: 0").says(t, 207, tokenOf(second))
	c.do("REPORT", work, syncBody("https://davtest.example/sync/9/9"), "Depth: 0").says(t, 403, "<D:valid-sync-token/>")
	c.s.Expire(work)
	c.do("REPORT", work, syncBody(tokenOf(second)), "Depth: 0").says(t, 403, "<D:valid-sync-token/>")

	for _, a := range []struct {
		Answer
		status       int
		want, absent string
	}{
		{Answer{Status: 410}, 410, "valid-sync-token", "D:response>"},
		{Answer{Status: 400, Bare: true}, 400, "error", "valid-sync-token"},
		{Answer{Status: 207, Lists: Nothing}, 207, "sync-token", "<D:response>"},
		{Answer{Status: 207, Lists: Everything}, 207, "item-000000.ics", "item-000001.ics"},
		{Answer{Status: 207, Lists: Newest}, 207, "item-000001.ics</D:href><D:status>HTTP/1.1 404", "item-000000.ics"},
	} {
		c.s.Change(func(b *Behaviour) { b.ExpiredToken = a.Answer })
		c.do("REPORT", work, syncBody(tokenOf(second)), "Depth: 0").says(t, a.status, a.want, "!"+a.absent)
	}
	c.s.Remake(work)
	c.s.Change(func(b *Behaviour) { b.RemadeToken = Answer{Status: 207} })
	c.do("REPORT", work, syncBody(tokenOf(second)), "Depth: 0").says(t, 207, "!<D:response>")
}

func TestPages(t *testing.T) {
	c := start(t, Behaviour{Page: 40})
	work := c.s.AddCalendar("alice", "work")
	c.s.Fill(work, 100)
	seen, token := 0, ""
	for page := range 3 {
		r := c.do("REPORT", work, syncBody(token), "Depth: 0").says(t, 207)
		if more := strings.Contains(r.body, "507 Insufficient Storage"); more != (page < 2) {
			t.Errorf("page %d: there is more: %v", page, more)
		}
		seen += strings.Count(r.body, "<D:getetag>")
		token = tokenOf(r)
	}
	if seen != 100 {
		t.Errorf("%d items in all", seen)
	}
	c.do("REPORT", work, strings.Replace(syncBody(""), "<prop>", "<limit><nresults>7</nresults></limit><prop>", 1), "Depth: 0").says(t, 207, "item-000006", "!item-000007")
	c.s.Fail(Match{Op: "REPORT sync-collection", Skip: 1, Times: 1}, Fault{ExpireToken: true})
	token = tokenOf(c.do("REPORT", work, syncBody(""), "Depth: 0").says(t, 207))
	c.do("REPORT", work, syncBody(token), "Depth: 0").says(t, 403, "valid-sync-token")
	c.do("REPORT", work, syncBody(token), "Depth: 0").says(t, 207)
}

func TestWhatIsMalformedFails(t *testing.T) {
	c := start(t, Behaviour{})
	work := c.s.AddCalendar("alice", "work")
	for i, r := range []struct{ method, body, depth string }{
		{"PROPFIND", "<propfind><prop/></propfind>", "0"},
		{"PROPFIND", "<D:propfind><D:prop/></D:propfind>", "0"},
		{"PROPFIND", propfindBody("<getetag>"), "0"},
		{"PROPFIND", propfindBody("") + "<more" + ns + "/>", "0"},
		{"PROPFIND", syncBody(""), "0"},
		{"REPORT", "", "0"},
		{"REPORT", strings.Replace(syncBody(""), "<sync-level>1</sync-level>", "", 1), "0"},
		{"REPORT", syncBody(""), "1"},
		{"REPORT", "<C:calendar-multiget" + ns + "><prop><getetag/></prop></C:calendar-multiget>", "1"},
		{"REPORT", "<C:calendar-query" + ns + "><prop><getetag/></prop></C:calendar-query>", "1"},
	} {
		if got := c.do(r.method, work, r.body, "Depth: "+r.depth); got.status != 400 {
			t.Errorf("case %d: status %d, want 400", i, got.status)
		}
	}
	c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: infinity").says(t, 403)
	c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 0", "Content-Type: text/plain").says(t, 400)
}

func TestHrefForms(t *testing.T) {
	for _, f := range []struct {
		form HrefForm
		base string
		want string
	}{
		{HrefPath, "", "/dav/calendars/alice/work/a%20b@c.ics"},
		{HrefAbsolute, "", "http://HOST/dav/calendars/alice/work/a%20b@c.ics"},
		{HrefAbsolute, "http://other.example", "http://other.example/dav/calendars/alice/work/a%20b@c.ics"},
		{HrefPrefixed, "/proxied", "/proxied/dav/calendars/alice/work/a%20b@c.ics"},
		{HrefEncoded, "", "/dav/calendars/alice/work/a%20b%40c%2eics"},
		{HrefWhole, "", "http%3A%2F%2FHOST/dav/calendars/alice/work/a%20b@c.ics"},
	} {
		c := start(t, Behaviour{Hrefs: f.form, HrefBase: f.base, NoReason: true})
		work := c.s.AddCalendar("alice", "work")
		c.s.Put(work+"a%20b@c.ics", event("a", ""))
		host := strings.TrimPrefix(c.url, "http://")
		if f.form == HrefWhole {
			host = strings.ReplaceAll(host, ":", "%3A")
		}
		want := strings.ReplaceAll(f.want, "HOST", host)
		c.do("PROPFIND", work, propfindBody("<getetag/>"), "Depth: 1").says(t, 207, "<D:href>"+want+"</D:href>", "<D:status>HTTP/1.1 200</D:status>")
		if f.form != HrefWhole {
			c.do("REPORT", work, multigetBody(want), "Depth: 1").says(t, 207, "UID:a")
		}
	}
}

// TestAMultigetThatAnswersLess also shows that requests are counted.
func TestAMultigetThatAnswersLess(t *testing.T) {
	c := start(t, Behaviour{MultigetMost: 3, CData: true})
	work := c.s.AddCalendar("alice", "work")
	c.s.Fill(work, 5)
	var hrefs []string
	for n := range 5 {
		hrefs = append(hrefs, work+nameOf(n, false))
	}
	c.do("REPORT", work, multigetBody(hrefs...), "Depth: 1").says(t, 207, "item-000002", "!item-000003", "<![CDATA[BEGIN:VCALENDAR")
	c.s.Fail(Match{Op: "REPORT calendar-multiget"}, Fault{Half: true})
	c.do("REPORT", work, multigetBody(hrefs...), "Depth: 1").says(t, 207, "item-000000", "!item-000001", "item-000002")
	if got := fmt.Sprint(c.s.Requests()); got != fmt.Sprintf("[REPORT calendar-multiget %[1]s REPORT calendar-multiget %[1]s]", work) || c.s.Count("REPORT") != 2 {
		t.Errorf("requests: %s", got)
	}
	if c.s.Forget(); c.s.Count("") != 0 {
		t.Error("requests are remembered that were to be forgotten")
	}
}
