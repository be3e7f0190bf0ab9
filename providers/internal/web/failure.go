package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// unanswered is the error of a request without answer.
func (c *Client) unanswered(ctx context.Context, r Request, w *way, err error) error {
	sent := w.isSent(err)
	class := providers.Unknown
	if isSafe(r.Method) {
		class = providers.Transient
	}
	host := r.URL.Host
	var inward *inwardError
	if errors.As(err, &inward) {
		return providers.Classed(providers.Refused, inward)
	}
	if why := context.Cause(ctx); why != nil {
		var slow silence
		switch tooSlow := errors.As(why, &slow); {
		case sent:
			return providers.Classed(class, why)
		case tooSlow:
			return providers.Classed(providers.Unreachable, fmt.Errorf("no connection to %s: %w: correct the address, or see whether the server runs", host, why))
		}
		return providers.Classed(providers.Transient, why)
	}
	if why := distrust(host, err); why != nil && !sent {
		return providers.Classed(providers.Unreachable, why)
	}
	var denied *providers.Error
	var op *net.OpError
	switch {
	case errors.As(err, &denied): // by a proxy
		return denied
	case !sent && c.certified.Load() && errors.As(err, &op) && op.Op == "remote error":
		return providers.Classed(providers.Unreachable, uncertified(host, err))
	case !sent:
		return providers.Classed(providers.Unreachable, unreached(host, err))
	case c.certified.Load() && !w.reused.Load(): // TLS 1.3 refuses a certificate when the request was sent already
		if class == providers.Transient {
			class = providers.Unreachable
		}
		return providers.Classed(class, uncertified(host, err))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return providers.Classed(class, errors.New("the server closed the connection without an answer"))
	}
	return providers.Classed(class, fmt.Errorf("the connection broke: %w", err))
}

// Unreached is why there is no connection to a host that speaks something else than HTTP, or why its certificate is not trusted; of class Unreachable.
func Unreached(host string, err error) error {
	why := distrust(host, err)
	if why == nil {
		why = unreached(host, err)
	}
	return providers.Classed(providers.Unreachable, why)
}

// unreached is why there is no connection.
func unreached(host string, err error) error {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no host %s: correct the address", host)
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return fmt.Errorf("%s does not speak TLS: correct the port, or write http instead of https", host)
	}
	return fmt.Errorf("no connection to %s: %w: correct the address, or see whether the server runs", host, err)
}

// uncertified is why a server ends a connection that it asked for a certificate on.
func uncertified(host string, err error) error {
	return fmt.Errorf("%s asks for a certificate and ended the connection: %w: name one that it trusts in client_cert_file, with its client_key_file", host, err)
}

// distrust is what is wrong with the certificate of a host; nil: nothing.
func distrust(host string, err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var other *tls.CertificateVerificationError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of %s is not trusted: nobody known here has signed it: name the certificate of whoever has in ca_file", host)
	case errors.As(err, &name):
		return fmt.Errorf("the certificate of %s is not trusted: it is that of another host (%s): correct the host in the address, or have the certificate renewed", host, words(strings.Join(name.Certificate.DNSNames, ", ")))
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("the certificate of %s is not trusted: it has expired or is not valid yet: have it renewed, or set this machine's clock", host)
	case errors.As(err, &other):
		return fmt.Errorf("the certificate of %s is not trusted: %w: have it renewed, or name its authority in ca_file", host, other.Err)
	}
	return nil
}

// proxyAnswers is told what a proxy answers to being asked for a connection.
func proxyAnswers(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
	if answer.StatusCode != http.StatusProxyAuthRequired {
		return nil
	}
	return providers.Classed(providers.Unauthorized, &Status{Code: answer.StatusCode, Advice: proxyAdvice})
}

// isDial reports whether an error arose before there was a connection.
func isDial(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" || distrust("", err) != nil
}
