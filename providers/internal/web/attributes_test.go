package web

import (
	"maps"
	"testing"

	"github.com/accord-sync/accord/providers"
)

func TestAttributesThatDoNotGoTogether(t *testing.T) {
	type attributes = providers.Attributes
	for _, c := range []struct {
		url  string
		more attributes
		says string // "": nothing is wrong
	}{
		{"https://dav.example.com", nil, ""},
		{"https://dav.example.com", attributes{"username": "anna", "password": "hush"}, ""},
		{"https://dav.example.com", attributes{"username": "anna", "password": ""}, ""},
		{"https://dav.example.com", attributes{"token": "hush"}, ""},
		{"http://dav.example.com", nil, ""},
		{"http://dav.example.com", attributes{"username": "anna", "password": "hush", "auth": "digest"}, ""},
		{"http://dav.example.com", attributes{"username": "anna", "password": "hush", "insecure": true}, ""},
		{"http://dav.example.com", attributes{"token": "hush", "insecure": true}, ""},
		{"http://localhost:8080", attributes{"username": "anna", "password": "hush"}, ""},
		{"http://127.8.0.1", attributes{"username": "anna", "password": "hush"}, ""},
		{"http://[::1]:80", attributes{"token": "hush"}, ""},
		{"http://radicale.localhost", attributes{"token": "hush"}, ""},
		{"dav.example.com", attributes{"username": "anna", "password": "hush"}, ""},

		{"http://dav.example.com", attributes{"username": "anna", "password": "hush"}, `write an https address, auth = "digest"`},
		{"http://dav.example.com", attributes{"username": "anna", "password": "hush", "auth": "basic"}, "insecure = true"},
		{"http://dav.example.com", attributes{"token": "hush"}, "the token would go to dav.example.com over plain http"},
		{"http://localhost.example.com", attributes{"token": "hush"}, "plain http"},
		{"http://127.0.0.1.example.com", attributes{"token": "hush"}, "plain http"},
		{"https://dav.example.com", attributes{"auth": "ntlm"}, `auth "ntlm" is none of`},
		{"https://dav.example.com", attributes{"auth": "bearer"}, "one of token and token_file"},
		{"https://dav.example.com", attributes{"token": "hush", "token_file": "t"}, "one of token and token_file"},
		{"https://dav.example.com", attributes{"auth": "basic"}, "no username"},
		{"https://dav.example.com", attributes{"password": "hush"}, "no username"},
		{"https://dav.example.com", attributes{"username": "anna"}, "write password"},
		{"https://dav.example.com", attributes{"username": "an:na", "password": "hush"}, "colon"},
		{"https://dav.example.com", attributes{"username": "anna", "password": "hush", "token": "hush"}, "takes the place of username"},
		{"https://dav.example.com", attributes{"auth": "digest", "token": "hush"}, `auth = "digest": take one`},
		{"https://dav.example.com", attributes{"token": "hush\n"}, "trimspace()"},
		{"https://dav.example.com", attributes{"token": "hush", "client_id": "accord"}, "go with token_file"},
		{"https://dav.example.com", attributes{"token_file": "t", "client_id": "accord"}, "client_id and token_url go together"},
		{"https://dav.example.com", attributes{"token_file": "t", "client_secret": "hush"}, "client_id and token_url go together"},
		{"https://dav.example.com", attributes{"token_file": "t", "client_id": "accord", "token_url": "login"}, "token_url is no address"},
		{"https://dav.example.com", attributes{"token_file": "t", "client_id": "accord", "token_url": "http://login.example.com/"}, "token_url is plain http"},
		{"https://dav.example.com", attributes{"client_cert_file": "c"}, "go together"},
		{"https://dav.example.com", attributes{"client_key_file": "c"}, "go together"},
		{"https://dav.example.com", attributes{"timeout": "soon"}, `"soon" is no duration`},
		{"https://dav.example.com", attributes{"timeout": "0s"}, "is no duration"},
	} {
		cfg := providers.Config{Address: "provider.dav.test", Dir: t.TempDir(), Attributes: attributes{"url": c.url}}
		maps.Copy(cfg.Attributes, c.more)
		class := providers.Done
		if c.says != "" {
			class = providers.Refused
		}
		wants(t, c.says, Check(cfg, nil), class, c.says)
		opened, err := Open(cfg, Options{})
		wants(t, c.says, err, class, c.says)
		if (opened == nil) != (err != nil) {
			t.Errorf("%v: a client %v with %v", cfg.Attributes, opened, err)
		}
	}
}

// Every attribute that may hold a secret is marked.
func TestSecretsAreSensitive(t *testing.T) {
	secret := map[string]bool{"password": true, "token": true, "client_secret": true}
	for _, a := range Attributes() {
		if a.Sensitive != secret[a.Name] || a.Doc == "" {
			t.Errorf("%+v", a)
		}
	}
}
