package providers

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSecretsAreHidden writes a secret in every way in which a server may repeat it.
func TestSecretsAreHidden(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		core := rapid.StringMatching(`[A-Za-z0-9]{12}`).Draw(t, "core")
		secret := core + rapid.StringMatching(`[ -~]{0,6}`).Draw(t, "rest")
		before, after := rapid.StringMatching(`[a-z]{0,5}:?`).Draw(t, "before"), rapid.StringMatching(`[a-z]{0,5}`).Draw(t, "after")
		s := &Secrets{}
		s.Add(secret)
		s.Add("another secret")
		inJSON, _ := json.Marshal(secret)
		for name, form := range map[string]string{
			"as it is": secret, "quoted": strconv.Quote(secret), "JSON": string(inJSON), "HTML": html.EscapeString(secret),
			"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "lower case": lowerEscapes(url.QueryEscape(secret)), "hexadecimal": hex.EncodeToString([]byte(secret)),
		} {
			if said := s.Hide(before + form + after); strings.Contains(said, core) || strings.Contains(said, hex.EncodeToString([]byte(core))) {
				t.Errorf("%s: %q is left of %q", name, said, secret)
			}
		}
		for name, e := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64url": base64.RawURLEncoding} {
			// What shares a letter with its neighbours may stay: the first and the last character.
			said := s.Hide("Basic " + e.EncodeToString([]byte(before+secret+after)))
			if !strings.Contains(said, "(sensitive)") {
				t.Errorf("%s: %q stays", name, said)
			}
			for word := range strings.FieldsSeq(strings.ReplaceAll(said, "(sensitive)", " ")) {
				for cut := range 4 {
					part := word[min(cut, len(word)):]
					if plain, _ := e.WithPadding(base64.NoPadding).DecodeString(part[:len(part)/4*4]); strings.Contains(string(plain), core[2:8]) {
						t.Errorf("%s: %q can be read in %q", name, plain, said)
					}
				}
			}
		}
	})
}

func TestAnErrorWithoutItsSecretIsTheSameError(t *testing.T) {
	s := &Secrets{}
	s.Add("hush-hush")
	cause := &Error{Class: Throttled, RetryAfter: 7, Err: errors.New("the server says hush-hush")}
	err := s.HideError(fmt.Errorf("get: %w", cause))
	var classed *Error
	if err.Error() != "get: the server says (sensitive)" || !errors.As(err, &classed) || ClassOf(err) != Throttled || classed.RetryAfter != 7 {
		t.Errorf("%v (%s)", err, ClassOf(err))
	}
	if plain := errors.New("nothing"); s.HideError(plain) != plain || s.HideError(nil) != nil {
		t.Error("an error without secrets is another one")
	}
	var none *Secrets
	none.Add("hush-hush")
	if got := none.Hide("hush-hush"); got != "hush-hush" {
		t.Errorf("without secrets: %q", got)
	}
	s.Add("abc")
	if got := s.Hide("abc"); got != "abc" {
		t.Errorf("too short a secret hides words: %q", got)
	}
}
