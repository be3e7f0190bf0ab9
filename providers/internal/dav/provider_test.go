package dav

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// TestLocate gives every spelling of an address one location, and says of what is none why.
func TestLocate(t *testing.T) {
	const work = "https://dav.example.com/dav/alice/work/"
	for _, c := range []struct{ url, path, want string }{
		{"https://dav.example.com", "/dav/alice/work/", work},
		{"https://dav.example.com/", "/dav/alice/work", work},
		{"https://dav.example.com/elsewhere", "/dav/alice/work/", work},
		{"https://dav.example.com/dav/alice", "work", work},
		{"https://dav.example.com/dav/alice/", "work/", work},
		{"https://dav.example.com/dav", "alice/work", work},
		{"HTTPS://DAV.Example.COM", "/dav/alice/work/", work},
		{"https://dav.example.com:443", "/dav/alice/work/", work},
		{"https://dav.example.com:", "/dav/alice/work/", work},
		{"https://dav.example.com", "//dav/alice/work/", "two slashes"},
		{"https://dav.example.com", "/dav//alice/work//", work},
		{"https://dav.example.com", "/d%61v/%61lice/work/", work},
		{"https://other.example.com", work, work},
		{"https://other.example.com", "HTTPS://DAV.example.com:443/dav/alice/work", work},
		{"http://other.example.com", work, work},
		{"dav.example.com", "/dav/alice/work/", work},
		{"DAV.example.com/", "/dav/alice/work/", work},

		{"https://dav.example.com:8443", "/w/", "https://dav.example.com:8443/w/"},
		{"http://dav.example.com:80", "/w/", "http://dav.example.com/w/"},
		{"http://dav.example.com:443", "/w/", "http://dav.example.com:443/w/"},
		{"https://[2001:DB8::1]:443", "/w/", "https://[2001:db8::1]/w/"},
		{"https://[::1]:8443", "/w/", "https://[::1]:8443/w/"},
		{"https://dav.example.com", "/alice@example.com/w", "https://dav.example.com/alice@example.com/w/"},
		{"https://dav.example.com", "/alice%40example.com/w", "https://dav.example.com/alice@example.com/w/"},
		{"https://dav.example.com", "/my work/", "https://dav.example.com/my%20work/"},
		{"https://dav.example.com", "/my%20work/", "https://dav.example.com/my%20work/"},
		{"https://dav.example.com", "/büro/", "https://dav.example.com/b%C3%BCro/"},
		{"https://dav.example.com", "/b%c3%bcro/", "https://dav.example.com/b%C3%BCro/"},
		{"https://dav.example.com", "/a%2fb/", "https://dav.example.com/a%2Fb/"},
		{"https://dav.example.com", "/a+b/", "https://dav.example.com/a+b/"},
		{"https://dav.example.com", "/a%2Bb/", "https://dav.example.com/a+b/"},
		{"https://dav.example.com", "/a:b/", "https://dav.example.com/a:b/"},
		{"https://dav.example.com", "/", "https://dav.example.com/"},
		{"https://dav.example.com", "/Work/", "https://dav.example.com/Work/"},

		{"https://dav.example.com", "", "no path"},
		{"https://dav.example.com", "/a/../w/", "dot"},
		{"https://dav.example.com", "/a/%2E%2e/w/", "dot"},
		{"https://dav.example.com/a/b", "../w", "dot"},
		{"https://dav.example.com/a/../b", "w", "dot"},
		{"https://dav.example.com", "/100%/", "is no path"},
		{"https://dav.example.com", "/w/?x=1", "more than a path"},
		{"https://dav.example.com", "/w/#x", "more than a path"},
		{"https://dav.example.com", "https://alice@dav.example.com/w/", "more than a path"},
		{"https://dav.example.com", "http://dav.example.com/w/", "from https to http"},
		{"https://dav.example.com", "ftp://dav.example.com/w/", "from https to ftp"},
		{"ftp://dav.example.com", "/w/", "https and http are spoken"},
		{"https:///dav/", "/w/", "names no host"},
		{"", "/w/", "names no host"},
		{"https://alice:pw@dav.example.com", "/w/", "user name"},
		{"https://dav.example.com/?x", "/w/", "after its path"},
		{"https://dav.example.com/#x", "/w/", "after its path"},
		{"dav.example.com/dav/", "/w/", `"https://dav.example.com/dav/"`},
		{"localhost:5232", "/w/", `"https://localhost:5232"`},
		{"https://dav example.com", "/w/", "is no address"},
		{"https://dav.example.com:port", "/w/", "is no address"},
	} {
		cfg := providers.Config{Address: "provider.caldav.office", Attributes: providers.Attributes{"url": c.url}}
		got, err := CalDAV.Locate(cfg, providers.FolderConfig{Address: "folder.work", Attributes: providers.Attributes{"path": c.path}})
		if strings.Contains(c.want, "://") && strings.HasPrefix(c.want, "http") {
			if err != nil || got != c.want {
				t.Errorf("%q and %q are at %s (%v), want %s", c.url, c.path, got, err, c.want)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || providers.ClassOf(err) != providers.Refused || strings.Contains(err.Error(), "alice:pw") {
			t.Errorf("%q and %q are at %q (%v), want an error that says %q", c.url, c.path, got, err, c.want)
		}
	}
}

// TestPathTo says of every address what leads there.
func TestPathTo(t *testing.T) {
	b, err := baseOf(providers.Config{Attributes: providers.Attributes{"url": "https://dav.example.com/dav/"}})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/dav/alice/work/": "/dav/alice/work/", "/dav/my%20work/": "/dav/my work/", "/b%C3%BCro/": "/büro/", "/100%25/": "/100%25/", "/a%2Fb/": "/a%2Fb/", "/a%3Fb/": "/a%3Fb/",
		"https://other.example.com/w/": "https://other.example.com/w/",
	} {
		u, err := b.at(providers.FolderConfig{Attributes: providers.Attributes{"path": path}})
		if err != nil {
			t.Fatal(err)
		}
		if got := b.pathTo(u); got != want {
			t.Errorf("%s is written as %q, want %q", path, got, want)
		}
	}
}

// TestKindOfAnotherFamily: that a server of one protocol holds no items of the other is said before anybody is asked.
func TestKindOfAnotherFamily(t *testing.T) {
	cfg := providers.Config{Address: "provider.office", Attributes: providers.Attributes{"url": "https://dav.example.com/"}}
	for kind, family := range map[pim.Kind]*Family{pim.Contacts: CalDAV, pim.Calendar: CardDAV, pim.Tasks: CardDAV, pim.Notes: CardDAV} {
		_, err := family.Locate(cfg, providers.FolderConfig{Address: "folder.work", Kind: kind, Attributes: providers.Attributes{"path": "/w/"}})
		if want := "a provider of " + family.other().Name; err == nil || !strings.Contains(err.Error(), want) || providers.ClassOf(err) != providers.Refused {
			t.Errorf("%s has %s: %v, want %q", family.Name, kind, err, want)
		}
		if _, err := family.other().Locate(cfg, providers.FolderConfig{Kind: kind, Attributes: providers.Attributes{"path": "/w/"}}); err != nil {
			t.Errorf("%s has no %s: %v", family.other().Name, kind, err)
		}
	}
}

// TestOpenSaysWhatIsWrong opens accounts that cannot be.
func TestOpenSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		attributes providers.Attributes
		want       string
	}{
		{providers.Attributes{"url": "https://dav.example.com", "server": "exchange"}, `server "exchange" is none of radicale, xandikos`},
		{providers.Attributes{"url": "http://dav.example.com", "username": "alice", "password": "secret"}, "plain http"},
		{providers.Attributes{"url": "dav.example.com:8443"}, "more than a domain"},
	} {
		_, err := Open(CalDAV, providers.Config{Address: "provider.caldav.office", Attributes: c.attributes}, web.Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "provider.caldav.office: ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: %v, want %q", c.attributes, err, c.want)
		}
	}
}
