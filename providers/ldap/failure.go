package ldap

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// failure is what went wrong with an operation, with its class and what to do about it.
func failure(err error, operation string) error {
	if errors.As(err, new(*providers.Error)) {
		return err
	}
	class, advice := classify(err)
	text := fmt.Errorf("ldap: %s: %w", operation, reason(err))
	if advice != "" {
		text = fmt.Errorf("%w: %s", text, advice)
	}
	return providers.Classed(class, text)
}

// classify is what a result code means for the engine (RFC 4511 appendix A), and what to do.
func classify(err error) (providers.Class, string) {
	var said *goldap.Error
	if !errors.As(err, &said) {
		return providers.Transient, "" // the connection broke
	}
	switch said.ResultCode {
	case goldap.LDAPResultInvalidCredentials, goldap.LDAPResultInappropriateAuthentication, goldap.LDAPResultAuthMethodNotSupported:
		return providers.Unauthorized, "correct bind_dn and bind_password"
	case goldap.LDAPResultInsufficientAccessRights, goldap.LDAPResultAuthorizationDenied:
		return providers.Unauthorized, "ask for access, or write bind_dn and bind_password of who has it"
	case goldap.LDAPResultOperationsError: // so Active Directory says that nobody has signed in
		return providers.Unauthorized, "write bind_dn and bind_password"
	case goldap.LDAPResultStrongAuthRequired, goldap.LDAPResultConfidentialityRequired:
		return providers.Refused, "the server wants an encrypted connection: write an ldaps address, or start_tls = true"
	case goldap.LDAPResultSizeLimitExceeded, goldap.LDAPResultAdminLimitExceeded:
		return providers.Refused, "the server gives this account no more entries, also in pages: have its limit raised (in OpenLDAP: limits … size.prtotal=unlimited), or search for less"
	case goldap.LDAPResultTimeLimitExceeded:
		return providers.Transient, "have the attributes of the filter indexed, or the server's time limit raised"
	case goldap.LDAPResultBusy, goldap.LDAPResultUnavailable, goldap.ErrorNetwork:
		return providers.Transient, ""
	case goldap.LDAPResultNoSuchObject:
		return providers.Missing, "correct the base, or ask for access: a directory may hide what an account cannot read"
	case goldap.LDAPResultReferral:
		return providers.Refused, "another server has this part of the tree: write its address, or another base"
	}
	return providers.Refused, ""
}

// activeDirectory are the reasons of Active Directory not to let somebody in, by the number behind "data" in what it says.
func activeDirectory(code string) string {
	return map[string]string{
		"525": "there is no such user", "52e": "the password is wrong", "530": "the account may not sign in at this time", "531": "the account may not sign in from here",
		"532": "the password has expired", "533": "the account is disabled", "701": "the account has expired", "773": "the password must be changed first", "775": "the account is locked",
	}[code]
}

// reason is an error of the library's in fewer words: what the code is called and what the server said.
func reason(err error) error {
	var said *goldap.Error
	if !errors.As(err, &said) {
		return err
	}
	if said.Packet == nil { // the library's own
		return errors.New(strings.TrimPrefix(said.Err.Error(), "ldap: "))
	}
	text := goldap.LDAPResultCodeMap[said.ResultCode]
	if text == "" {
		text = fmt.Sprint("result ", said.ResultCode)
	}
	text = strings.ToLower(text)
	words := strings.Join(strings.FieldsFunc(said.Err.Error(), func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	words = strings.TrimRight(words, ". ")
	if m := regexp.MustCompile(`\bdata ([0-9a-f]+),`).FindStringSubmatch(words); m != nil && activeDirectory(m[1]) != "" {
		words = activeDirectory(m[1])
	}
	if words != "" {
		text += " (" + short(words) + ")"
	}
	return &resultError{text, said}
}

// resultError is a result code in words.
type resultError struct {
	text string
	err  error
}

func (e *resultError) Error() string { return e.text }
func (e *resultError) Unwrap() error { return e.err }
