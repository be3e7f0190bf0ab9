// Package encrypt keeps what items say from everybody but those whom an administrator names: the recipients of age (age-encryption.org/v1).
// What is encrypted are the journal's images, with one key for each apply, and plan files. Private keys are read from where a person says,
// and kept nowhere.
package encrypt

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/chacha20poly1305"
)

// ErrNoIdentity is matched by the errors of reading what none of the given identities can read.
var ErrNoIdentity = errors.New("it is encrypted, and no identity was given that can read it: name the file with -identity")

// Recipients are who may read; none: everybody.
type Recipients []age.Recipient

// ParseRecipient reads a public key: age1… or age1pq1….
func ParseRecipient(text string) (age.Recipient, error) {
	list, err := age.ParseRecipients(strings.NewReader(text))
	switch {
	case strings.HasPrefix(strings.ToUpper(text), "AGE-SECRET-KEY-"):
		return nil, errors.New("this is a private key, and nobody but its owner should see it: write the public one, which begins with age1, and make a new pair")
	case err != nil || len(list) != 1:
		return nil, errors.New("this is no public key of age: write what age-keygen prints as the public key, age1…")
	}
	return list[0], nil
}

// Identities are the private keys of a reader.
type Identities []age.Identity

// ReadIdentities reads the private keys in a file, as age-keygen writes it.
func ReadIdentities(path string) (Identities, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read identities: %w", err)
	}
	defer f.Close()
	list, err := age.ParseIdentities(f)
	if err != nil { // what the error quotes may be a key
		return nil, fmt.Errorf("read identities: %s is not what age-keygen writes: one AGE-SECRET-KEY-… a line", path)
	}
	return list, nil
}

// Writer encrypts what is written to it. It must be closed.
func (to Recipients) Writer(w io.Writer) (io.WriteCloser, error) { return age.Encrypt(w, to...) }

// header is how everything begins that age encrypts.
const header = "age-encryption.org/v1\n"

// IsEncrypted reports whether a file is encrypted.
func IsEncrypted(r io.ReaderAt) bool {
	var start [len(header)]byte
	_, err := r.ReadAt(start[:], 0)
	return err == nil && string(start[:]) == header
}

// ReaderAt reads what a Writer wrote. n is how much that is.
func (as Identities) ReaderAt(r io.ReaderAt, size int64) (_ io.ReaderAt, n int64, err error) {
	if len(as) == 0 {
		return nil, 0, ErrNoIdentity
	}
	plain, n, err := age.DecryptReaderAt(r, size, as...)
	return plain, n, unreadable(err)
}

// unreadable says what to do about something that cannot be decrypted.
func unreadable(err error) error {
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return ErrNoIdentity
	}
	return err
}

// Key seals many small things.
type Key struct{ aead cipher.AEAD }

// NewKey makes a key, and wrapped, by which the recipients can have it again.
func (to Recipients) NewKey() (k *Key, wrapped []byte, err error) {
	secret := make([]byte, chacha20poly1305.KeySize)
	if _, err := rand.Read(secret); err != nil {
		return nil, nil, err
	}
	var out bytes.Buffer
	w, err := to.Writer(&out)
	if err == nil {
		_, err = w.Write(secret)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, nil, fmt.Errorf("encrypt to the recipients: %w", err)
	}
	k, err = newKey(secret)
	return k, out.Bytes(), err
}

// Key has a key again.
func (as Identities) Key(wrapped []byte) (*Key, error) {
	if len(as) == 0 {
		return nil, ErrNoIdentity
	}
	r, err := age.Decrypt(bytes.NewReader(wrapped), as...)
	if err != nil {
		return nil, unreadable(err)
	}
	secret, err := io.ReadAll(io.LimitReader(r, chacha20poly1305.KeySize+1))
	if err != nil {
		return nil, err
	}
	return newKey(secret)
}

func newKey(secret []byte) (*Key, error) {
	aead, err := chacha20poly1305.NewX(secret)
	return &Key{aead}, err
}

// Seal encrypts text, with a nonce of its own: XChaCha20-Poly1305 (RFC 8439, with 24 bytes of nonce).
func (k *Key) Seal(text []byte) ([]byte, error) {
	nonce := make([]byte, k.aead.NonceSize(), k.aead.NonceSize()+len(text)+k.aead.Overhead())
	if _, err := rand.Read(nonce); err != nil {
		return nil, err
	}
	return k.aead.Seal(nonce, nonce, text, nil), nil
}

// Open gives back what was sealed.
func (k *Key) Open(sealed []byte) ([]byte, error) {
	n := k.aead.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("what was encrypted ends too early")
	}
	return k.aead.Open(nil, sealed[:n], sealed[n:], nil)
}
