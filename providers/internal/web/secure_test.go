package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{}
	a.cert, a.key = a.sign(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "an authority of this test's"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour),
	})
	return a
}

// sign makes a certificate with its key; the first one signs itself.
func (a *authority) sign(t testing.TB, of *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = of, key
	}
	of.SerialNumber = big.NewInt(1)
	der, err := x509.CreateCertificate(rand.Reader, of, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// write puts what is in PEM form into a file.
func write(t testing.TB, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// signed writes ca.pem, cert.pem and key.pem of a client into a directory.
func (a *authority) signed(t testing.TB, dir string) {
	t.Helper()
	cert, key := a.sign(t, &x509.Certificate{Subject: pkix.Name{CommonName: "anna"}, NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "ca.pem"), "CERTIFICATE", a.cert.Raw)
	write(t, filepath.Join(dir, "cert.pem"), "CERTIFICATE", cert.Raw)
	write(t, filepath.Join(dir, "key.pem"), "EC PRIVATE KEY", der)
}

// serveTLS starts a server with a certificate for names; of clients it asks for one that clients signed.
func (a *authority) serveTLS(t testing.TB, until time.Time, clients *authority, names ...string) *httptest.Server {
	t.Helper()
	cert, key := a.sign(t, &x509.Certificate{DNSNames: names, NotAfter: until})
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		who := ""
		if len(r.TLS.PeerCertificates) > 0 {
			who = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		io.WriteString(w, r.Proto+" "+string(body)+" "+who)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.EnableHTTP2 = true
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{cert.Raw}, PrivateKey: key}}}
	if clients != nil {
		s.TLS.ClientAuth, s.TLS.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		s.TLS.ClientCAs.AddCert(clients.cert)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	s.URL = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	return s
}

func TestTLS(t *testing.T) {
	ours, theirs := newAuthority(t), newAuthority(t)
	later := time.Now().Add(time.Hour)
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	ca := providers.Attributes{"ca_file": "ca.pem"}
	own := providers.Attributes{"ca_file": "ca.pem", "client_cert_file": "cert.pem", "client_key_file": "key.pem"}
	for _, c := range []struct {
		name, url  string
		attributes providers.Attributes
		want, says string
		class      providers.Class // of a PROPFIND
	}{
		{"own authority", ours.serveTLS(t, later, nil, "localhost").URL, ca, "HTTP/2.0 body ", "", providers.Done},
		{"authority not named", ours.serveTLS(t, later, nil, "localhost").URL, nil, "", "in ca_file", providers.Unreachable},
		{"insecure checks certificates", ours.serveTLS(t, later, nil, "localhost").URL, providers.Attributes{"insecure": true}, "", "in ca_file", providers.Unreachable},
		{"another authority", theirs.serveTLS(t, later, nil, "localhost").URL, ca, "", "in ca_file", providers.Unreachable},
		{"another host", ours.serveTLS(t, later, nil, "dav.example.com").URL, ca, "", "another host (dav.example.com)", providers.Unreachable},
		{"expired", ours.serveTLS(t, time.Now().Add(-time.Hour), nil, "localhost").URL, ca, "", "expired", providers.Unreachable},
		{"certificate of ours", ours.serveTLS(t, later, ours, "localhost").URL, own, "HTTP/2.0 body anna", "", providers.Done},
		{"certificate is missing", ours.serveTLS(t, later, ours, "localhost").URL, ca, "", "client_cert_file", providers.Unreachable},
		{"certificate of another authority's", ours.serveTLS(t, later, theirs, "localhost").URL, own, "", "client_cert_file", providers.Unreachable},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), nil, "", "does not speak TLS", providers.Unreachable},
	} {
		dir := t.TempDir()
		ours.signed(t, dir)
		cfg := providers.Config{Address: "provider.dav.test", Dir: dir, Attributes: providers.Attributes{"url": c.url}}
		maps.Copy(cfg.Attributes, c.attributes)
		client, err := Open(cfg, Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, text, err := ask(t, client, "PROPFIND", c.url, "body")
		wants(t, c.name, err, c.class, c.says)
		if text != c.want {
			t.Errorf("%s: answered %q, want %q", c.name, text, c.want)
		}
		client.Close()
	}
}

func TestHTTPSIsNotLeft(t *testing.T) {
	plain := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the plain server was asked") })
	safe := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusFound))
	defer safe.Close()
	_, _, err := ask(t, client(t, safe.URL, anna, Options{Transport: safe.Client().Transport}), "PROPFIND", safe.URL, "")
	wants(t, "a redirect to http", err, providers.Refused, "from https to http")
}

func TestFilesThatAreNoCertificates(t *testing.T) {
	dir := t.TempDir()
	newAuthority(t).signed(t, dir)
	if err := os.WriteFile(filepath.Join(dir, "text"), []byte("hush"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		attributes providers.Attributes
		says       string
	}{
		{providers.Attributes{"ca_file": "none.pem"}, `ca_file "none.pem" cannot be read: `},
		{providers.Attributes{"ca_file": "text"}, `ca_file "text" holds no certificate`},
		{providers.Attributes{"client_cert_file": "none.pem", "client_key_file": "key.pem"}, `client_cert_file "none.pem" cannot be read`},
		{providers.Attributes{"client_cert_file": "cert.pem", "client_key_file": "none.pem"}, `client_key_file "none.pem" cannot be read`},
		{providers.Attributes{"client_cert_file": "cert.pem", "client_key_file": "text"}, `client_cert_file "cert.pem" and client_key_file "text" are no certificate with its key`},
		{providers.Attributes{"client_cert_file": "ca.pem", "client_key_file": "key.pem"}, "are no certificate with its key"},
	} {
		_, err := Open(providers.Config{Address: "provider.dav.test", Dir: dir, Attributes: c.attributes}, Options{})
		wants(t, c.says, err, providers.Refused, c.says)
	}
}
