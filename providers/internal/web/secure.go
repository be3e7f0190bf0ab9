package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Security is what the TLS of connections goes by that are not HTTP, and how long their servers may be silent: the ca_file, client_cert_file, client_key_file
// and timeout of a block. Errors are those of [Open].
func Security(cfg providers.Config) (*tls.Config, time.Duration, error) {
	s, err := settingsOf(cfg)
	if err != nil {
		return nil, 0, refused(cfg.Address, err)
	}
	security, err := s.security(func() {})
	if err != nil {
		return nil, 0, refused(cfg.Address, err)
	}
	return security, s.timeout, nil
}

// security is what the TLS of a block's connections goes by. asked is called whenever a server asks for a certificate of ours.
func (s settings) security(asked func()) (*tls.Config, error) {
	ours := &tls.Certificate{}
	security := &tls.Config{
		MinVersion:           tls.VersionTLS12,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { asked(); return ours, nil },
	}
	if s.caFile != "" {
		text, err := os.ReadFile(s.path(s.caFile))
		if err != nil {
			return nil, fmt.Errorf("ca_file %q cannot be read: %w", s.caFile, reason(err))
		}
		if security.RootCAs, err = x509.SystemCertPool(); err != nil {
			security.RootCAs = x509.NewCertPool()
		}
		if !security.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("ca_file %q holds no certificate in PEM form: it begins with \"-----BEGIN CERTIFICATE-----\"", s.caFile)
		}
	}
	if s.clientCert != "" {
		cert, err := os.ReadFile(s.path(s.clientCert))
		if err != nil {
			return nil, fmt.Errorf("client_cert_file %q cannot be read: %w", s.clientCert, reason(err))
		}
		key, err := os.ReadFile(s.path(s.clientKey))
		if err != nil {
			return nil, fmt.Errorf("client_key_file %q cannot be read: %w", s.clientKey, reason(err))
		}
		pair, err := tls.X509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("client_cert_file %q and client_key_file %q are no certificate with its key in PEM form: %w", s.clientCert, s.clientKey, err)
		}
		*ours = pair
	}
	return security, nil
}

// reason is an error of the disk without the path, which the words around it name.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
