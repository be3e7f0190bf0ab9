package providers

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shortestSecret is how many octets a secret has to have to be looked for: shorter ones turn up in words by chance.
const shortestSecret = 4

// Secrets are what a provider's account proves itself with: sensitive attributes, and what its driver learns, such as the tokens in a file. What others say, as
// a server that repeats a request in its error, passes Hide before it is cut, kept or shown. Safe for concurrent use; nil has none.
type Secrets struct {
	mu     sync.Mutex
	known  map[string]bool
	forms  []string // longest first
	hiding *strings.Replacer
}

// Add makes something a secret.
func (s *Secrets) Add(secret string) {
	if s == nil || len(secret) < shortestSecret {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[secret] {
		return
	}
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[secret] = true
	s.forms = append(s.forms, formsOf(secret)...)
	slices.SortStableFunc(s.forms, func(a, b string) int { return len(b) - len(a) })
	pairs := make([]string, 0, 2*len(s.forms))
	for _, form := range s.forms {
		pairs = append(pairs, form, "(sensitive)")
	}
	s.hiding = strings.NewReplacer(pairs...)
}

// Hide is text without the secrets: as they are, quoted, percent-encoded, in hexadecimal, and in base64 also where they are a part of what is encoded, as in
// the Basic scheme.
func (s *Secrets) Hide(text string) string {
	if s == nil {
		return text
	}
	s.mu.Lock()
	hiding := s.hiding
	s.mu.Unlock()
	if hiding == nil {
		return text
	}
	return hiding.Replace(text)
}

// HideError is an error that says what err does without the secrets, and is err to errors.Is and errors.As.
func (s *Secrets) HideError(err error) error {
	if err == nil {
		return nil
	}
	said := err.Error()
	if hidden := s.Hide(said); hidden != said {
		return &discreetError{err, hidden}
	}
	return err
}

type discreetError struct {
	error
	said string
}

func (e *discreetError) Error() string { return e.said }
func (e *discreetError) Unwrap() error { return e.error }

// formsOf are the ways in which a secret may be written.
func formsOf(secret string) []string {
	digits := hex.EncodeToString([]byte(secret))
	quoted := strconv.Quote(secret)
	var percent strings.Builder
	for i := 0; i < len(digits); i += 2 {
		percent.WriteString("%" + digits[i:i+2])
	}
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	inJSON, _ := json.Marshal(secret) // a text always can be
	forms := []string{
		secret, string(inJSON[1 : len(inJSON)-1]), quoted[1 : len(quoted)-1], html.EscapeString(secret), query, lowerEscapes(query), path, lowerEscapes(path),
		percent.String(), strings.ToUpper(percent.String()), digits, strings.ToUpper(digits),
	}
	for before := range 3 {
		// Three octets are four letters: those of the secret that share a letter with a neighbour are left out.
		octets := append(make([]byte, before), secret...)
		from, to := (before*8+5)/6, len(octets)*8/6
		forms = append(forms, base64.RawStdEncoding.EncodeToString(octets)[from:to], base64.RawURLEncoding.EncodeToString(octets)[from:to])
	}
	slices.Sort(forms)
	return slices.Compact(forms)
}

// lowerEscapes writes %2F as %2f.
func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(s[i+1:i+3]))
		}
	}
	return string(b)
}
