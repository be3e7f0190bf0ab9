package dav

import (
	"encoding/xml"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

func isExpired(err error) bool { return errors.Is(err, providers.ErrCursorExpired) }

// TestTag: a tag is of one collection, and of one state of it. Without a proof of the first there is none.
func TestTag(t *testing.T) {
	p := props{token: "7", created: "2026-01-02", resourceID: "urn:1"}
	for name, other := range map[string]props{
		"another state":    {token: "8", created: "2026-01-02", resourceID: "urn:1"},
		"made anew":        {token: "7", created: "2026-01-03", resourceID: "urn:1"},
		"another identity": {token: "7", created: "2026-01-02", resourceID: "urn:2"},
		"no identity":      {token: "7", created: "2026-01-02"},
	} {
		if tagOf(other) == tagOf(p) || tagOf(other) == "" {
			t.Errorf("%s: the tag is %q, as before", name, tagOf(other))
		}
	}
	same := p
	if same.etag, same.name = "x", "called otherwise"; tagOf(same) != tagOf(p) {
		t.Errorf("the tag is %q, want %q", tagOf(same), tagOf(p))
	}
	for _, nothing := range []props{{}, {created: "2026-01-02", resourceID: "urn:1"}, {token: "7"}} {
		if got := tagOf(nothing); got != "" {
			t.Errorf("%+v has the tag %q", nothing, got)
		}
	}
}

func TestReadOnly(t *testing.T) {
	for privileges, want := range map[string]bool{
		"": false, "read": true, "read read-acl read-current-user-privilege-set": true, "all": false, "read write": false, "read write-content": false,
		"read bind unbind": false, "read unbind": true, "read write-properties write-acl": true,
	} {
		if got := readOnly(props{privileges: strings.Fields(privileges)}); got != want {
			t.Errorf("with %q, it is read-only: %v", privileges, got)
		}
	}
}

func TestSuits(t *testing.T) {
	calendar, book, plain := xml.Name{Space: nsCal, Local: "calendar"}, xml.Name{Space: nsCard, Local: "addressbook"}, xml.Name{Space: nsDAV, Local: "collection"}
	for name, c := range map[string]struct {
		family *Family
		kind   pim.Kind
		props  props
		want   string
	}{
		"a calendar":             {CalDAV, pim.Calendar, props{types: []xml.Name{plain, calendar}}, ""},
		"events":                 {CalDAV, pim.Calendar, props{types: []xml.Name{calendar}, components: []string{"VTODO", "VEVENT"}}, ""},
		"tasks":                  {CalDAV, pim.Tasks, props{types: []xml.Name{calendar}, components: []string{"VEVENT"}}, "it takes VEVENT, and tasks is VTODO"},
		"an address book":        {CardDAV, pim.Contacts, props{types: []xml.Name{book}, components: []string{"VTODO"}}, ""}, // Radicale says so
		"contacts in a calendar": {CardDAV, pim.Contacts, props{types: []xml.Name{calendar}}, "a collection of caldav"},
		"a plain collection":     {CalDAV, pim.Calendar, props{types: []xml.Name{plain}}, "no collection of caldav"},
		"another namespace":      {CalDAV, pim.Calendar, props{types: []xml.Name{{Space: "urn:x", Local: "calendar"}}}, "no collection of caldav"},
		"nothing":                {CalDAV, pim.Calendar, props{}, "no collection of caldav"},
	} {
		err := (&folder{family: c.family, kind: c.kind}).suits(c.props)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || providers.ClassOf(err) != providers.Refused) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestMaking: what is sent to make a collection is XML that says what the block says.
func TestMaking(t *testing.T) {
	name, color := `Café & <"work">`, `#2952A3FF`
	for _, c := range []struct {
		family *Family
		kind   pim.Kind
		method string
		want   string
	}{
		{CalDAV, pim.Tasks, "MKCALENDAR", "urn:ietf:params:xml:ns:caldav mkcalendar"},
		{CardDAV, pim.Contacts, "MKCOL", "DAV: mkcol"},
	} {
		for _, attributes := range []providers.Attributes{{}, {"display_name": name, "color": "#2952a3"}} {
			method, body := c.family.making(providers.FolderConfig{Kind: c.kind, Attributes: attributes})
			var got struct {
				XMLName xml.Name
				Name    *string `xml:"set>prop>displayname"`
				Color   *string `xml:"set>prop>calendar-color"`
				Types   []struct {
					Inner string `xml:",innerxml"`
				} `xml:"set>prop>resourcetype"`
				Components []struct {
					Name string `xml:"name,attr"`
				} `xml:"set>prop>supported-calendar-component-set>comp"`
			}
			if err := xml.Unmarshal([]byte(body), &got); err != nil || method != c.method || got.XMLName.Space+" "+got.XMLName.Local != c.want {
				t.Fatalf("%s %s: %v", method, body, err)
			}
			if len(attributes) == 0 && (got.Name != nil || got.Color != nil) || len(attributes) > 0 && (got.Name == nil || *got.Name != name || got.Color == nil || *got.Color != color) {
				t.Errorf("%s: what the block says is not what is sent: %s", method, body)
			}
			if isCalendar := c.family == CalDAV; isCalendar && (len(got.Components) != 1 || got.Components[0].Name != "VTODO") || !isCalendar && (len(got.Types) != 1 || len(got.Components) > 0) {
				t.Errorf("%s: it makes something else: %s", method, body)
			}
		}
	}
}

// TestPlaceAdvice says what to write where a collection cannot be made.
func TestPlaceAdvice(t *testing.T) {
	for _, c := range []struct {
		status web.Status
		want   string
	}{
		{web.Status{Code: http.StatusForbidden, Conditions: []string{"calendar-collection-location-ok"}}, "another path"},
		{web.Status{Code: http.StatusConflict}, "it would lie in"},
		{web.Status{Code: http.StatusNotFound}, "it would lie in"},
		{web.Status{Code: http.StatusForbidden, Conditions: []string{"need-privileges"}}, ""},
	} {
		if got := placeAdvice(&c.status); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", &c.status, got, c.want)
		}
	}
}
