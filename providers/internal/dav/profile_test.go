package dav

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/pim"
)

// TestRecognise tells servers by what they said of a calendar when they were measured.
func TestRecognise(t *testing.T) {
	calendar := xml.Name{Space: nsCal, Local: "calendar"}
	for name, c := range map[string]struct {
		props  props
		header http.Header
		want   string
	}{
		"Radicale 3.1.8":           {props{token: "http://radicale.org/ns/sync/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}, header("Server", "WSGIServer/0.2 CPython/3.11.2"), "radicale"},
		"Xandikos 0.2.8":           {props{token: "4b825dc642cb6eb9a060e54bf8d69288fbee4904"}, header("Server", "nginx/1.22.1"), "xandikos"},
		"DAViCal 1.1.12":           {props{token: "data:,3", resourceID: "/caldav.php/.resources/1004"}, http.Header{"X-Davical-Version": {"DAViCal/1.1.12; DB/1.3.5"}}, "davical"},
		"DAViCal behind a proxy":   {props{token: "data:,3"}, header("Server", "nginx"), "davical"},
		"DAViCal without a token":  {props{}, http.Header{"X-Davical-Version": {"DAViCal/1.1.12; DB/1.3.5"}}, "davical"},
		"Cyrus IMAP 3.6.1":         {props{token: "data:,1795334524-51", created: "2026-11-22T08:02:03Z"}, http.Header{}, "cyrus"},
		"SOGo 5.8.0":               {props{token: "1795334525", types: []xml.Name{calendar, {Space: "http://groupdav.org/", Local: "vevent-collection"}}}, header("Server", "SOPE 4.9.37/WebDAV"), "sogo"},
		"SOGo's contacts":          {props{token: "-1", types: []xml.Name{{Space: "http://groupdav.org/", Local: "vcard-collection"}}}, http.Header{}, "sogo"},
		"Nextcloud":                {props{token: "http://sabre.io/ns/sync/21"}, http.Header{}, "other"},
		"one that says nothing":    {props{types: []xml.Name{calendar}}, nil, "other"},
		"half a Radicale token":    {props{token: "http://radicale.org/ns/sync/e3b0c442"}, nil, "other"},
		"a hash that is no commit": {props{token: strings.Repeat("a", 64)}, nil, "other"},
	} {
		if got := recognise(c.props, c.header).Name; got != c.want {
			t.Errorf("%s is taken for %s, want %s", name, got, c.want)
		}
	}
}

// TestProfiles holds what is known of servers together: names lead to their profiles, and every profile can be asked for.
func TestProfiles(t *testing.T) {
	for _, p := range Profiles() {
		if got := profileNamed(p.Name); got == nil || got.Doc != p.Doc || p.Doc == "" || p.Multiget < 1 || p.Invites == "" {
			t.Errorf("the profile %+v is not whole", p)
		}
		if p.Feed == Proven && p.Listing != BySync {
			t.Errorf("%s has tokens that are proven, and is listed without", p.Name)
		}
		if p.Whole > p.Multiget || p.Whole > 0 && p.Reads < p.Multiget {
			t.Errorf("%s: %d items are asked for at a time, and from %d on the whole calendar is", p.Name, p.Reads, p.Whole)
		}
	}
	Profiles()[0].Name = "changed"
	if profileNamed("changed") != nil || profileNamed("") != nil {
		t.Error("the profiles can be changed from outside")
	}
}

func TestSpoils(t *testing.T) {
	contact := func(uid, note string) *pim.Item {
		it, err := pim.Parse(pim.Contacts, []byte("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:"+uid+"\r\nFN:A\r\nN:A;;;;\r\nNOTE:"+note+"\r\nEND:VCARD\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		return it
	}
	long := strings.Repeat("x", 300)
	for name, c := range map[string]struct {
		server string
		item   *pim.Item
		spoilt bool
	}{
		"a plain contact":             {"sogo", contact("a", "plain"), false},
		"a long UID":                  {"sogo", contact(long, "plain"), true},
		"a long UID elsewhere":        {"radicale", contact(long, "plain"), false},
		"a face in a short line":      {"sogo", contact("a", "😀"), false},
		"a face in a long line":       {"sogo", contact("a", long+"😀"), true},
		"letters in a long line":      {"sogo", contact("a", long+"ü"), false},
		"a face beside a long line":   {"sogo", contact("a", long+"\r\nTITLE:😀"), false},
		"a face in a line folded":     {"sogo", contact("a", strings.Repeat("x", 60)+"\r\n "+strings.Repeat("y", 20)+"😀"), true},
		"a backslash in the UID":      {"cyrus", contact(`a\\b`, "plain"), true},
		"a backslash elsewhere":       {"cyrus", contact("a", `x\\y`), false},
		"a backslash, another server": {"davical", contact(`a\\b`, "plain"), false},
	} {
		if err := profileNamed(c.server).spoiled(c.item); (err != nil) != c.spoilt {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNameOf gives names that every server takes, and no two UIDs the same.
func TestNameOf(t *testing.T) {
	for uid, want := range map[string]string{
		"a@example.com": "a@example.com.ics", "F3-1_2": "F3-1_2.ics",
		"": "e3b0c44298fc1c149afbf4c8996fb924.ics", ".hidden": "a hash", "a b": "a hash", "a/b": "a hash", "ü": "a hash", "a:b": "a hash", strings.Repeat("x", 121): "a hash",
	} {
		got := nameOf(uid, pim.Calendar)
		if isHash := regexp.MustCompile(`^[0-9a-f]{32}\.ics$`).MatchString(got); got != want && (want != "a hash" || !isHash) {
			t.Errorf("%q is called %q, want %q", uid, got, want)
		}
	}
	if got := nameOf("a", pim.Contacts); got != "a.vcf" {
		t.Errorf("a contact is called %q", got)
	}
	one, other := freshName(pim.Contacts), freshName(pim.Contacts)
	if one == other || spell(one) != one {
		t.Errorf("the names %q and %q are not fresh", one, other)
	}
	rapid.Check(t, func(t *rapid.T) {
		uid, other := rapid.String().Draw(t, "uid"), rapid.String().Draw(t, "other")
		name := nameOf(uid, pim.Tasks)
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@") != "" || name[0] == '.' || len(name) > 130 {
			t.Fatalf("%q is called %q", uid, name)
		}
		if (nameOf(other, pim.Tasks) == name) != (other == uid) {
			t.Fatalf("%q and %q are both called %q", uid, other, name)
		}
		if spell(name) != name {
			t.Fatalf("%q is not its own ref", name)
		}
	})
}

func TestCursor(t *testing.T) {
	k := known{Version: cursorVersion, Folder: "calendar dav.example.com/w/", Server: "cyrus", Path: "/x/", ReadOnly: true, Identity: "1", Token: "data:,1-2", Tag: "t"}
	got, err := parseCursor(k.Folder, k.String())
	if err != nil || got != k {
		t.Errorf("the cursor %s says %+v (%v), want %+v", k, got, err, k)
	}
	other := func(change func(*known)) string { c := k; change(&c); return c.String() }
	for name, cursor := range map[string]string{
		"none": "", "words": "data:,1-2", "nothing": "{}", "null": "null", "a list": "[]", "cut": k.String()[:20],
		"another folder":       other(func(k *known) { k.Folder = "tasks dav.example.com/w/" }),
		"another version":      other(func(k *known) { k.Version++ }),
		"an unknown server":    other(func(k *known) { k.Server = "unheard of" }),
		"a server of no name":  other(func(k *known) { k.Server = "" }),
		"a value of no string": strings.Replace(k.String(), `"data:,1-2"`, "7", 1),
	} {
		if _, err := parseCursor(k.Folder, cursor); !isExpired(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
