package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/accord-sync/accord/providers"
)

const beforeExpiry = 10 * time.Second // a token is refreshed so long before it expires

// tokens is an account whose token is in a file and is refreshed there (RFC 6749 section 6).
type tokens struct {
	given, path string
	client      *Client
	config      *oauth2.Config // nil: it cannot be refreshed
	now         func() time.Time

	mu       sync.Mutex
	held     *oauth2.Token
	kept     bool   // held is in the file
	rejected string // access token that a server would not take
}

func openTokens(c *Client, s settings) (*tokens, error) {
	t := &tokens{given: s.tokenFile, path: s.path(s.tokenFile), client: c, now: c.now}
	if s.tokenURL != nil {
		c.write(s.tokenURL)
		t.config = &oauth2.Config{ClientID: s.clientID, ClientSecret: s.clientSecret, Endpoint: oauth2.Endpoint{TokenURL: s.tokenURL.String()}}
	}
	if err := t.load(); err != nil {
		return nil, err
	}
	if t.held.AccessToken == "" && t.config == nil {
		return nil, fmt.Errorf("token_file %q has no access_token, and without client_id and token_url none can be had", t.given)
	}
	return t, nil
}

// load reads the file. The caller holds mu, or nobody else knows t.
func (t *tokens) load() error {
	text, err := os.ReadFile(t.path)
	if err != nil {
		return fmt.Errorf("token_file %q cannot be read: %w", t.given, reason(err))
	}
	held := &oauth2.Token{}
	if err := json.Unmarshal(text, held); err != nil {
		return fmt.Errorf("token_file %q is no JSON with access_token, refresh_token and expiry (such as \"2026-01-31T09:00:00Z\")", t.given)
	}
	if held.AccessToken == "" && held.RefreshToken == "" {
		return fmt.Errorf("token_file %q has neither access_token nor refresh_token: obtain them and write them there", t.given)
	}
	t.held, t.kept = held, true
	t.hide()
	return nil
}

// hide makes secrets of what is held.
func (t *tokens) hide() {
	t.client.secrets.Add(t.held.AccessToken)
	t.client.secrets.Add(t.held.RefreshToken)
	if t.config != nil {
		t.client.secrets.Add(url.QueryEscape(t.config.ClientSecret)) // so it is in a header (RFC 6749 section 2.3.1)
	}
}

// fits reports whether the held token may do.
func (t *tokens) fits() bool {
	return t.held.AccessToken != "" && t.held.AccessToken != t.rejected && (t.held.Expiry.IsZero() || t.now().Add(beforeExpiry).Before(t.held.Expiry))
}

func (t *tokens) sign(ctx context.Context, req *http.Request) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := t.renew(ctx); err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+t.held.AccessToken)
	return nil
}

// renew sees to it that a token is held that may do, and that it is in the file.
func (t *tokens) renew(ctx context.Context) error {
	if !t.fits() && t.kept {
		if err := t.load(); err != nil { // someone else may have refreshed it
			return providers.Classed(providers.Unauthorized, err)
		}
	}
	if !t.fits() {
		if err := t.refresh(ctx); err != nil {
			return err
		}
	}
	if t.kept {
		return nil
	}
	if err := t.keep(); err != nil {
		return providers.Classed(providers.Unauthorized, fmt.Errorf("the token was refreshed and cannot be kept in token_file %q: %w: make the file and its directory writable", t.given, reason(err)))
	}
	t.kept = true
	return nil
}

// refresh gets another token.
func (t *tokens) refresh(ctx context.Context) error {
	switch {
	case t.config == nil:
		return providers.Classed(providers.Unauthorized, fmt.Errorf("the token in token_file %q is no longer valid: write client_id and token_url so that it can be refreshed, or a new token in the file", t.given))
	case t.held.RefreshToken == "":
		return providers.Classed(providers.Unauthorized, fmt.Errorf("the token in token_file %q is no longer valid, and there is no refresh_token: obtain new ones and write them there", t.given))
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, &http.Client{
		Transport:     plain{t.client},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	got, err := t.config.TokenSource(ctx, &oauth2.Token{RefreshToken: t.held.RefreshToken}).Token()
	if err != nil {
		return t.refused(err)
	}
	if got.ExpiresIn > 0 {
		got.Expiry = t.now().Add(time.Duration(got.ExpiresIn) * time.Second)
	}
	t.held, t.kept, t.rejected = got, false, ""
	t.hide()
	return nil
}

// refused is the error of a refresh. Nothing of what the account was to do has happened.
func (t *tokens) refused(err error) error {
	fail := func(class providers.Class, err error) error {
		return providers.Classed(class, fmt.Errorf("the token in token_file %q cannot be refreshed: %w", t.given, err))
	}
	var answer *oauth2.RetrieveError
	var classed *providers.Error
	switch {
	case errors.As(err, &answer) && answer.Response != nil:
		code := answer.Response.StatusCode
		e := &providers.Error{Class: ClassOf(http.MethodGet, code), RetryAfter: RetryAfter(answer.Response.Header, t.now())}
		s := &Status{Code: code, Words: words(t.client.Hide(answer.ErrorCode + " " + answer.ErrorDescription))}
		if e.Class != providers.Transient && e.Class != providers.Throttled {
			e.Class, s.Advice = providers.Unauthorized, "correct client_id, client_secret and token_url, or obtain a new token and write it to the file"
		}
		e.Err = fmt.Errorf("the token in token_file %q cannot be refreshed: %w", t.given, s)
		return e
	case errors.As(err, &classed):
		if classed.Class == providers.Unknown {
			return fail(providers.Transient, classed.Err)
		}
		return fail(classed.Class, classed.Err)
	}
	return fail(providers.Unauthorized, fmt.Errorf("the answer is no token: correct token_url"))
}

// keep writes the held token, with all else that the file holds, whole or not at all.
func (t *tokens) keep() error {
	path, err := filepath.EvalSymlinks(t.path)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	all := map[string]any{}
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	delete(all, "expires_in")
	delete(all, "expiry")
	all["access_token"], all["refresh_token"], all["token_type"] = t.held.AccessToken, t.held.RefreshToken, t.held.Type()
	if !t.held.Expiry.IsZero() {
		all["expiry"] = t.held.Expiry.UTC().Format(time.RFC3339)
	}
	if text, err = json.MarshalIndent(all, "", "  "); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".token-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after a failure; else it has another name
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// challenged gives up the token that a server would not take, when another can be had.
func (t *tokens) challenged(_ *Response, proof string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if proof != "Bearer "+t.held.AccessToken {
		return true // it was refreshed for another request meanwhile
	}
	t.rejected = t.held.AccessToken
	return t.config != nil && t.held.RefreshToken != ""
}

func (t *tokens) advice() string {
	return fmt.Sprintf("obtain a new token and write it to token_file %q", t.given)
}

// plain is a client for the requests of package oauth2, which bring their own credentials.
type plain struct{ client *Client }

func (p plain) RoundTrip(req *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	resp, err := p.client.send(req.Context(), Request{Method: req.Method, URL: req.URL, Header: req.Header, Body: text}, nil)
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: resp.Status, Status: http.StatusText(resp.Status), Header: resp.Header, Body: resp.Body, ContentLength: -1, Request: req,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}
