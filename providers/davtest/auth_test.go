package davtest

import (
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func TestAuthentication(t *testing.T) {
	const path = "/dav/"
	md5of := func(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }
	sha := func(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }
	digest := func(sum func(string) string) string {
		response := sum(sum("bob:davtest:bobpw") + ":" + nonce + ":00000001:abc:auth:" + sum("OPTIONS:"+path))
		return fmt.Sprintf(`Digest username="bob", realm="davtest", nonce=%q, uri=%q, qop=auth, nc=00000001, cnonce="abc", response=%q`, nonce, path, response)
	}
	for _, c := range []struct {
		auth         Auth
		good, bad    string
		who, demands string
	}{
		{AuthBasic, "Basic Ym9iOmJvYnB3", "Basic Ym9iOmJvYg==", "bob", "Basic realm="},
		{AuthBearer, "Bearer hush", "Bearer", "alice", "Bearer realm="},
		{AuthDigest, digest(md5of), digest(sha), "bob", "algorithm=MD5"},
		{AuthDigestSHA256, digest(sha), digest(md5of), "bob", "algorithm=SHA-256"},
		{AuthNone, "", "", "alice", ""},
	} {
		d := start(t, Behaviour{Auth: c.auth, Bearer: "hush"})
		d.do("OPTIONS", path, "", "Authorization: "+c.good).says(t, 200)
		if r := d.s.Requests()[0]; r.User != c.who {
			t.Errorf("auth %d: it is %q", c.auth, r.User)
		}
		if c.demands == "" {
			continue
		}
		if r := d.do("OPTIONS", path, "", "Authorization: "+c.bad).says(t, 401); !strings.Contains(r.header.Get("WWW-Authenticate"), c.demands) {
			t.Errorf("auth %d demands %q", c.auth, r.header.Get("WWW-Authenticate"))
		}
	}
}
