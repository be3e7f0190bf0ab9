package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
)

func TestReach(t *testing.T) {
	for address, want := range map[string]reach{
		"93.184.216.34": world, "2606:2800:220:1::": world, "10.0.0.1": private, "192.168.1.1": private, "172.31.255.255": private, "172.32.0.1": world, "100.64.0.1": private,
		"fd00::1": private, "169.254.169.254": link, "fe80::1%eth0": link, "::ffff:169.254.169.254": link, "127.0.0.1": machine, "127.9.9.9": machine, "::1": machine,
		"0.0.0.0": machine, "::": machine, "::ffff:127.0.0.1": machine, "224.0.0.1": link,
	} {
		if got := reachOf(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is %s, want %s", address, got, want)
		}
	}
}

// outside is a client whose account is at dav.example.com, out in the world, where a server of the test answers.
func outside(t *testing.T, leads http.HandlerFunc) *Client {
	s := serve(t, leads)
	c := client(t, "http://dav.example.com/", providers.Attributes{"username": "anna", "password": "hush", "insecure": true}, Options{})
	c.own.Proxy = func(*http.Request) (*url.URL, error) { return nil, nil }
	c.own.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == "dav.example.com:80" {
			return net.Dial(network, strings.TrimPrefix(s.URL, "http://"))
		}
		return c.dial(ctx, network, address)
	}
	return c
}

// TestNobodyLeadsFurtherInside: a server out in the world sends whoever asks to services that answer this machine without a password.
func TestNobodyLeadsFurtherInside(t *testing.T) {
	asked := 0
	inside := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	port := parse(t, inside.URL).Port()
	for _, to := range []string{
		inside.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://0.0.0.0:" + port, "http://169.254.169.254/latest/meta-data/", "http://[fe80::1]/", "http://10.255.255.1/",
	} {
		for _, method := range []string{"GET", "PROPFIND", "PUT"} {
			c := outside(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, to+"/a", http.StatusTemporaryRedirect)
			})
			_, _, err := ask(t, c, method, "http://dav.example.com/a", "body")
			wants(t, method+" to "+to, err, providers.Refused, "the server that leads there is not")
			if err := c.TrustNamed(parse(t, to)); err != nil {
				t.Fatal(err)
			}
			_, _, err = ask(t, c, method, to+"/named", "body") // what it names, for instance as home
			wants(t, method+" of what is named, "+to, err, providers.Refused, "the server that leads there is not")
		}
	}
	if asked != 0 {
		t.Errorf("%d requests came inside", asked)
	}
	c := outside(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inside.URL, http.StatusTemporaryRedirect)
	})
	if err := c.Trust(parse(t, inside.URL)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ask(t, c, "GET", "http://dav.example.com/", ""); err != nil || asked != 1 {
		t.Errorf("to an address that the configuration names: %v, %d requests", err, asked)
	}
}

// TestNobodyLeadsFurtherInsideBehindAProxy: there, names are the proxy's to look up, and numbers are known.
func TestNobodyLeadsFurtherInsideBehindAProxy(t *testing.T) {
	var to string
	asked := 0
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked++; r.URL.Host == "dav.example.com" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	})
	for _, c := range []struct{ to, says string }{
		{"http://169.254.169.254/", "leads there"}, {"http://127.0.0.1:8500/", "leads there"}, {"http://192.168.0.1/", "leads there"}, {"http://93.184.216.34/", ""}, {"http://other.example.com/", ""},
	} {
		to, asked = c.to, 0
		behind := client(t, "http://dav.example.com/", nil, Options{})
		behind.own.Proxy = http.ProxyURL(parse(t, proxy.URL))
		_, _, err := ask(t, behind, "GET", "http://dav.example.com/", "")
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", to, err, c.says)
		}
		if want := map[bool]int{true: 1, false: 2}[err != nil]; asked != want {
			t.Errorf("%s: %d requests, want %d", to, asked, want)
		}
	}
}

// TestCredentialsStayWithTheirHost sends each kind of credential, and a cookie, to a server that redirects elsewhere in every way.
func TestCredentialsStayWithTheirHost(t *testing.T) {
	var carried []string
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "Referer"} {
			carried = append(carried, r.Header[name]...)
		}
	})
	var to string
	own := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "hush", Path: "/"})
		if r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", `Digest realm="r", qop="auth", nonce="n"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusPermanentRedirect)
	})
	host := strings.TrimPrefix(other.URL, "http://")
	for kind, attributes := range map[string]providers.Attributes{
		"basic": anna, "digest": {"username": "anna", "password": "hush", "auth": "digest"}, "token": {"token": "hush"},
	} {
		for _, to = range []string{other.URL + "/a", "//" + host + "/a", "http://anna:hush@" + host + "/a", "http://127.0.0.1@" + host + "/a", other.URL + "/a#" + own.URL} {
			c := client(t, own.URL, attributes, Options{})
			for range 2 { // with a cookie, the second time
				if _, _, err := ask(t, c, "PROPFIND", own.URL+"/a", ""); err != nil {
					t.Errorf("%s to %s: %v", kind, to, err)
				}
			}
		}
	}
	if len(carried) > 0 {
		t.Errorf("another host got %q", carried)
	}
}

// TestAnAnswerHasAnEnd reads from a server that goes on for ever.
func TestAnAnswerHasAnEnd(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		text := []byte(strings.Repeat("<D:response/>", 1000))
		for r.Context().Err() == nil {
			if _, err := w.Write(text); err != nil {
				return
			}
		}
	})
	c := client(t, s.URL, nil, Options{})
	c.most = 1 << 20
	_, _, err := ask(t, c, "PROPFIND", s.URL, "")
	wants(t, "an endless answer", err, providers.Refused, "more than 1048576 octets")
	if client(t, s.URL, nil, Options{}).most != mostOctets {
		t.Error("without a test, there is no bound")
	}
}

// TestEndlessHeaders: headers, too, have a bound.
func TestEndlessHeaders(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	sent := make(chan int, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			sent <- 0
			return
		}
		defer conn.Close()
		n := 0
		line := []byte("X-More: " + strings.Repeat("x", 4000) + "\r\n")
		for _, err = conn.Write([]byte("HTTP/1.1 207 Multi-Status\r\n")); err == nil && n < 1<<30; _, err = conn.Write(line) {
			n += len(line)
		}
		sent <- n
	}()
	_, _, err = ask(t, client(t, "http://"+l.Addr().String(), nil, Options{}), "PROPFIND", "http://"+l.Addr().String(), "")
	if n := <-sent; err == nil || n > 64<<20 || !errors.As(err, new(*providers.Error)) {
		t.Errorf("%d octets of headers came, and then %v", n, err)
	}
}
