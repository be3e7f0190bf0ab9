package encrypt_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/accord-sync/accord/schema/encrypt"
)

func TestOnlyRecipientsRead(t *testing.T) {
	anna, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	ben, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	recipient, err := encrypt.ParseRecipient(anna.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	to := encrypt.Recipients{recipient}
	const text = "Salary talk with Anna"
	var file bytes.Buffer
	w, err := to.Writer(&file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	sealed := bytes.NewReader(file.Bytes())
	if !encrypt.IsEncrypted(sealed) || bytes.Contains(file.Bytes(), []byte("Anna")) {
		t.Error("the file is not encrypted")
	}
	r, n, err := encrypt.Identities{ben, anna}.ReaderAt(sealed, sealed.Size())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(io.NewSectionReader(r, 0, n)); err != nil || string(got) != text {
		t.Errorf("it reads %q: %v", got, err)
	}
	_, wrapped, err := to.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, as := range map[string]encrypt.Identities{"nobody": nil, "somebody else": {ben}} {
		if _, _, err := as.ReaderAt(sealed, sealed.Size()); !errors.Is(err, encrypt.ErrNoIdentity) {
			t.Errorf("%s reads the file: %v", name, err)
		}
		if _, err := as.Key(wrapped); !errors.Is(err, encrypt.ErrNoIdentity) {
			t.Errorf("%s has the key: %v", name, err)
		}
	}
}

func TestKeysThatAreNone(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"": "no public key", "age1xyz": "no public key", id.String(): "private key", "ssh-ed25519 AAAA": "no public key"} {
		if _, err := encrypt.ParseRecipient(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error should say %q: %v", want, err)
		}
	}
	path := filepath.Join(t.TempDir(), "key")
	secret := strings.ToLower(id.String()[:40])
	if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := encrypt.ReadIdentities(path); err == nil || strings.Contains(strings.ToLower(err.Error()), secret[16:]) {
		t.Errorf("the error should be there, and show nothing of the key: %v", err)
	}
}
