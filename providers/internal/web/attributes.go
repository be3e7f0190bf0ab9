package web

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
)

const defaultTimeout = time.Minute

// Attributes are those of every provider block that speaks HTTP.
func Attributes() []providers.Attribute {
	return []providers.Attribute{
		{Name: "username", Type: providers.String, Doc: "Name of the account. It is sent to the provider's own hosts alone."},
		{Name: "password", Type: providers.String, Sensitive: true, Doc: "Password that goes with username."},
		{Name: "auth", Type: providers.String, Doc: "How the account proves who it is: \"basic\", \"digest\" or \"bearer\". Default: bearer with a token or token_file; else basic, or digest where the server asks for it."},
		{Name: "token", Type: providers.String, Sensitive: true, Doc: "Token that is sent as it is (bearer)."},
		{Name: "token_file", Type: providers.String, Doc: "JSON file with access_token, refresh_token and expiry (bearer, OAuth 2.0); relative to the workspace. It is written anew whenever the token was refreshed, also during a plan."},
		{Name: "client_id", Type: providers.String, Doc: "Name under which this program is registered where tokens are refreshed. Goes with token_file and token_url."},
		{Name: "client_secret", Type: providers.String, Sensitive: true, Doc: "Secret that goes with client_id, if it has one."},
		{Name: "token_url", Type: providers.String, Doc: "Address at which the token of token_file is refreshed."},
		{Name: "ca_file", Type: providers.String, Doc: "PEM file with certificates of authorities that are trusted besides those of the system; relative to the workspace."},
		{Name: "client_cert_file", Type: providers.String, Doc: "PEM file with the certificate that is shown to the server; relative to the workspace. Goes with client_key_file."},
		{Name: "client_key_file", Type: providers.String, Doc: "PEM file with the key of client_cert_file; relative to the workspace."},
		{Name: "insecure", Type: providers.Bool, Doc: "Lets a password or token go over plain http, where everyone on the way can read it. Certificates are checked all the same."},
		{Name: "timeout", Type: providers.String, Doc: "How long a server may be silent, before its answer or within it: \"90s\", \"5m\". Default: \"1m\"."},
	}
}

// settings are the attributes of one block, understood.
type settings struct {
	dir                           string
	auth                          string // basic, digest, bearer; "" with a username: as the server asks
	username, password            string
	token, tokenFile              string
	clientID, clientSecret        string
	tokenURL                      *url.URL
	caFile, clientCert, clientKey string
	insecure                      bool
	timeout                       time.Duration
}

// settingsOf reads a block. What is missing or does not go together is an error.
func settingsOf(cfg providers.Config) (settings, error) {
	a := cfg.Attributes
	s := settings{
		dir: cfg.Dir, auth: a.String("auth"), username: a.String("username"), password: a.String("password"), token: a.String("token"), tokenFile: a.String("token_file"),
		clientID: a.String("client_id"), clientSecret: a.String("client_secret"), caFile: a.String("ca_file"),
		clientCert: a.String("client_cert_file"), clientKey: a.String("client_key_file"), insecure: a.Bool("insecure"), timeout: defaultTimeout,
	}
	if text := a.String("timeout"); text != "" {
		var err error
		if s.timeout, err = time.ParseDuration(text); err != nil || s.timeout <= 0 {
			return s, fmt.Errorf("timeout %q is no duration such as \"90s\" or \"5m\"", text)
		}
	}
	if (s.clientCert == "") != (s.clientKey == "") {
		return s, errors.New("client_cert_file and client_key_file go together: write both")
	}
	if s.auth == "" && s.token+s.tokenFile != "" {
		s.auth = "bearer"
	}
	_, password := a["password"]
	switch s.auth {
	case "bearer":
		return s.bearer(a)
	case "", "basic", "digest":
		switch {
		case s.token+s.tokenFile != "":
			return s, fmt.Errorf("a token goes with auth = \"bearer\", and it has auth = %q: take one of them out", s.auth)
		case s.username != "" && !password:
			return s, errors.New("username needs a password: write password, or take username out")
		case strings.Contains(s.username, ":"):
			return s, errors.New("username holds a colon, which no name has that is sent with a password")
		case s.username == "" && (password || s.auth != ""):
			return s, errors.New("it has no username: write one with its password, or take password and auth out")
		}
		return s, nil
	}
	return s, fmt.Errorf("auth %q is none of \"basic\", \"digest\" and \"bearer\"", s.auth)
}

// bearer reads the attributes of a token.
func (s settings) bearer(a providers.Attributes) (settings, error) {
	address := a.String("token_url")
	switch {
	case s.username != "" || s.password != "":
		return s, errors.New("a token takes the place of username and password: take one of them out")
	case (s.token == "") == (s.tokenFile == ""):
		return s, errors.New("auth = \"bearer\" needs one of token and token_file")
	case strings.ContainsFunc(s.token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return s, errors.New("token holds a blank or a line break: write it without, for example with trimspace()")
	case s.tokenFile == "" && s.clientID+s.clientSecret+address != "":
		return s, errors.New("client_id, client_secret and token_url go with token_file: a token cannot be refreshed")
	case (s.clientID == "") != (address == ""), s.clientSecret != "" && address == "":
		return s, errors.New("client_id and token_url go together: write both, so that the token can be refreshed")
	case address == "":
		return s, nil
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return s, errors.New("token_url is no address such as \"https://login.example.com/token\"")
	}
	if u.Scheme == "http" && !IsLoopback(u) && !s.insecure {
		return s, errors.New("token_url is plain http, where everyone on the way can read the token: write an https address, or insecure = true")
	}
	s.tokenURL = u
	return s, nil
}

// suits reports why credentials must not go to an address.
func (s settings) suits(u *url.URL) error {
	if u == nil || u.Scheme != "http" || IsLoopback(u) || s.insecure {
		return nil
	}
	switch {
	case s.auth == "bearer":
		return fmt.Errorf("the token would go to %s over plain http, where everyone on the way can read it: write an https address, or insecure = true", u.Host)
	case s.username != "" && s.auth != "digest":
		return fmt.Errorf("the password would go to %s over plain http, where everyone on the way can read it: write an https address, auth = \"digest\" if the server offers that, or insecure = true", u.Host)
	}
	return nil
}

// path is a file that an attribute names.
func (s settings) path(given string) string {
	if filepath.IsAbs(given) {
		return filepath.Clean(given)
	}
	return filepath.Join(s.dir, given)
}
