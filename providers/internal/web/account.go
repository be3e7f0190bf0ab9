package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/icholy/digest"

	"github.com/accord-sync/accord/providers"
)

// account is how a client proves whom it asks for.
type account interface {
	// sign adds the proof to a request.
	sign(ctx context.Context, req *http.Request) error
	// challenged is told of an answer with status 401 to a proof, and reports whether another proof may do.
	challenged(r *Response, proof string) bool
	// advice is what to do when no proof does.
	advice() string
}

// account is the one of a block; nil: it has none.
func (s settings) account(c *Client) (account, error) {
	switch {
	case s.tokenFile != "":
		return openTokens(c, s)
	case s.token != "":
		return token(s.token), nil
	case s.username != "":
		return &password{name: s.username, word: s.password, basic: s.auth != "digest", digest: s.auth != "basic", servers: map[string]*challenge{}}, nil
	}
	return nil, nil
}

// token is an account with a token that stays as it is (RFC 6750).
type token string

func (t token) sign(_ context.Context, req *http.Request) error {
	req.Header.Set("Authorization", "Bearer "+string(t))
	return nil
}

func (token) challenged(*Response, string) bool { return false }
func (token) advice() string                    { return "write a token that is valid" }

// password is an account with a name and a password: Basic (RFC 7617), or Digest (RFC 7616) to servers that ask for it.
type password struct {
	name, word    string
	basic, digest bool

	mu      sync.Mutex
	servers map[string]*challenge // by origin
}

// challenge is what a server asks for, and how often it was answered.
type challenge struct {
	*digest.Challenge
	answered int
}

// sign answers the server's last challenge, so that a body is sent once. Without one the password goes in the clear, where that is allowed.
func (p *password) sign(_ context.Context, req *http.Request) error {
	p.mu.Lock()
	asked := p.servers[origin(req.URL)]
	n := 0
	if asked != nil {
		asked.answered++
		n = asked.answered
	}
	p.mu.Unlock()
	switch {
	case asked != nil:
		answer, err := digest.Digest(asked.Challenge, digest.Options{
			Method: req.Method, URI: req.URL.RequestURI(), GetBody: req.GetBody, Count: n, Username: p.name, Password: p.word,
		})
		if err != nil {
			return providers.Classed(providers.Unauthorized, fmt.Errorf("the server's challenge cannot be answered: %w", err))
		}
		req.Header.Set("Authorization", answer.String())
	case p.basic:
		req.SetBasicAuth(p.name, p.word)
	}
	return nil
}

// challenged takes a challenge of Digest: the first, or a new one in place of one that is stale.
func (p *password) challenged(r *Response, _ string) bool {
	if !p.digest {
		return false
	}
	asks, err := digest.FindChallenge(r.Header)
	if err != nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.servers[origin(r.URL)] = &challenge{Challenge: asks}
	return true
}

func (p *password) advice() string {
	if !p.basic {
		return "correct username and password, or take auth = \"digest\" out if the server does not offer that"
	}
	return "correct username and password, or ask for access"
}
