package davtest

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"slices"
	"strings"
)

// nonce is the one of Digest: tests need no others.
const nonce = "b7c9f2d1"

// authenticated is the user who asks; "": no one who is known.
func (x *exchange) authenticated() string {
	given := x.r.Header.Get("Authorization")
	switch x.b.Auth {
	case AuthNone:
		return users[0]
	case AuthBearer:
		if x.b.Bearer != "" && given == "Bearer "+x.b.Bearer {
			return users[0]
		}
	case AuthBasic:
		if user, password, ok := x.r.BasicAuth(); ok && slices.Contains(users[:], user) && password == user+"pw" {
			return user
		}
	case AuthDigest:
		return digested(given, x.r.Method, x.r.RequestURI, md5.New)
	case AuthDigestSHA256:
		return digested(given, x.r.Method, x.r.RequestURI, sha256.New)
	}
	return ""
}

// challenge asks for authentication.
func (x *exchange) challenge() {
	const realm = `realm="davtest"`
	x.w.Header().Set("WWW-Authenticate", map[Auth]string{
		AuthBasic:        "Basic " + realm,
		AuthBearer:       "Bearer " + realm,
		AuthDigest:       fmt.Sprintf(`Digest %s, qop="auth", algorithm=MD5, nonce=%q`, realm, nonce),
		AuthDigestSHA256: fmt.Sprintf(`Digest %s, qop="auth", algorithm=SHA-256, nonce=%q`, realm, nonce),
	}[x.b.Auth])
	http.Error(x.w, "who are you?", http.StatusUnauthorized)
}

// digested is the user who made a Digest response (RFC 7616 section 3.4.1).
func digested(given, method, uri string, with func() hash.Hash) string {
	list, ok := strings.CutPrefix(given, "Digest ")
	if !ok {
		return ""
	}
	p := map[string]string{}
	for part := range strings.SplitSeq(list, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		p[key] = strings.Trim(value, `"`)
	}
	sum := func(parts ...string) string {
		h := with()
		h.Write([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(h.Sum(nil))
	}
	user := p["username"]
	want := sum(sum(user, "davtest", user+"pw"), nonce, p["nc"], p["cnonce"], p["qop"], sum(method, uri))
	if !slices.Contains(users[:], user) || p["nonce"] != nonce || p["uri"] != uri || p["qop"] != "auth" || p["response"] != want {
		return ""
	}
	return user
}
