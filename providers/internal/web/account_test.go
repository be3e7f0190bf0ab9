package web

import (
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/icholy/digest"

	"github.com/accord-sync/accord/providers"
)

// guarded is a server that asks for Digest, and answers with what it was sent.
type guarded struct {
	algorithm, qop string
	nonce          string
	lives          int // requests that a nonce is good for; 0: any
	used           int
	bodies         int // requests that came with a body
	counts         map[int]bool
}

func (g *guarded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if len(body) > 0 {
		g.bodies++
	}
	if g.lives > 0 && g.used == g.lives {
		g.nonce, g.used, g.counts = g.nonce+"x", 0, map[int]bool{}
	}
	if !g.admits(r, string(body)) {
		w.Header().Add("WWW-Authenticate", `Negotiate`)
		w.Header().Add("WWW-Authenticate", fmt.Sprintf(`Digest realm="a \"b\"", nonce="%s", algorithm=%s, qop="%s", opaque="o", stale=%v`, g.nonce, g.algorithm, g.qop, g.used == 0))
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	g.used++
	w.WriteHeader(http.StatusMultiStatus)
	w.Write(append([]byte(r.Method+" "), body...))
}

// admits checks a proof by RFC 7616 section 3.4.1.
func (g *guarded) admits(r *http.Request, body string) bool {
	proof, err := digest.ParseCredentials(r.Header.Get("Authorization"))
	if err != nil || proof.Nonce != g.nonce || proof.Username != "anna" || proof.URI != r.URL.RequestURI() || proof.Opaque != "o" || g.counts[proof.Nc] {
		return false
	}
	sum := func(parts ...string) string {
		h := map[string]func() hash.Hash{"MD5": md5.New, "SHA-256": sha256.New}[g.algorithm]()
		io.WriteString(h, strings.Join(parts, ":"))
		return fmt.Sprintf("%x", h.Sum(nil))
	}
	asked := sum(r.Method, proof.URI)
	if proof.QOP == "auth-int" {
		asked = sum(r.Method, proof.URI, sum(body))
	}
	g.counts[proof.Nc] = true
	return proof.Response == sum(sum("anna", `a "b"`, "hush"), g.nonce, fmt.Sprintf("%08x", proof.Nc), proof.Cnonce, proof.QOP, asked)
}

func TestDigest(t *testing.T) {
	for _, auth := range []string{"digest", ""} {
		for _, c := range []struct {
			algorithm, qop string
			lives          int
			requests       int // for three
		}{
			{"MD5", "auth", 0, 4},
			{"SHA-256", "auth", 0, 4},
			{"SHA-256", "auth,auth-int", 0, 4},
			{"MD5", "auth-int", 0, 4},
			{"MD5", "auth", 1, 6},
			{"MD5", "auth", 2, 5},
		} {
			g := &guarded{algorithm: c.algorithm, qop: c.qop, nonce: "n", lives: c.lives, counts: map[int]bool{}}
			s := serve(t, g.ServeHTTP)
			counter := &Counter{}
			attributes := maps.Clone(anna)
			attributes["auth"] = auth
			client := client(t, s.URL, attributes, Options{Transport: counter})
			for _, method := range []string{"PROPFIND", "REPORT", "PUT"} {
				status, text, err := ask(t, client, method, s.URL+"/a b?c=d", "body")
				if status != http.StatusMultiStatus || text != method+" body" || err != nil {
					t.Errorf("%q, %+v, %s: %d %q, %v", auth, c, method, status, text, err)
				}
			}
			counts := counter.Take()
			if n := counts["PROPFIND"] + counts["REPORT"] + counts["PUT"]; n != c.requests || g.bodies != c.requests {
				t.Errorf("%q, %+v: %d requests, %d with a body, want %d", auth, c, n, g.bodies, c.requests)
			}
		}
	}
}

// A wrong password is asked for once more than it was given, and no more: accounts are locked for less.
func TestACredentialThatIsRefused(t *testing.T) {
	for _, c := range []struct {
		attributes providers.Attributes
		challenge  string
		requests   int
		says       string
	}{
		{anna, `Basic realm="r"`, 1, "correct username and password"},
		{anna, `Digest realm="r", nonce="n", qop="auth"`, 2, "correct username and password"},
		{anna, `Digest realm="r", nonce="n", qop="other"`, 1, "correct username and password"},
		{anna, `Digest realm="`, 1, "correct username and password"},
		{providers.Attributes{"username": "anna", "password": "hush", "auth": "basic"}, `Digest realm="r", nonce="n", qop="auth"`, 1, "correct username and password"},
		{providers.Attributes{"username": "anna", "password": "hush", "auth": "digest"}, `Basic realm="r"`, 1, `take auth = "digest" out`},
		{providers.Attributes{"token": "hush"}, `Bearer`, 1, "write a token that is valid"},
		{nil, `Basic realm="r"`, 1, "write username and password"},
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", c.challenge)
			w.WriteHeader(http.StatusUnauthorized)
		})
		counter := &Counter{}
		client := client(t, s.URL, c.attributes, Options{Transport: counter})
		resp, err := client.Do(t.Context(), Request{Method: "PROPFIND", URL: parse(t, s.URL)})
		if err != nil {
			t.Fatal(err)
		}
		wants(t, c.challenge, resp.Fail(), providers.Unauthorized, c.says)
		if n := counter.Take()["PROPFIND"]; n != c.requests {
			t.Errorf("%s: %d requests, want %d", c.challenge, n, c.requests)
		}
	}
}

func TestBasicIsSentAtOnceAndATokenAsItIs(t *testing.T) {
	for want, attributes := range map[string]providers.Attributes{
		"Basic YW5uYTpodXNo": anna, "Bearer t.0": {"token": "t.0"}, "": {"username": "anna", "password": "hush", "auth": "digest"},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Authorization")) })
		if _, said, err := ask(t, client(t, s.URL, attributes, Options{}), "PUT", s.URL, "body"); said != want || err != nil {
			t.Errorf("sent %q, want %q (%v)", said, want, err)
		}
	}
}

func TestADeniedRedirectSaysWhy(t *testing.T) {
	other := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, other.URL, http.StatusFound) })
	resp, err := client(t, s.URL, anna, Options{}).Do(t.Context(), Request{Method: "PROPFIND", URL: parse(t, s.URL)})
	if err != nil {
		t.Fatal(err)
	}
	wants(t, "redirected", resp.Fail(), providers.Unauthorized, "to which it is redirected")
}
