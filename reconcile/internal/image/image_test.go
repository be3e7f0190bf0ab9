package image_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/schema/encrypt"
)

func TestImagesAreReadAsPacked(t *testing.T) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	key, wrapped, err := encrypt.Recipients{id.Recipient()}.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	again, err := encrypt.Identities{id}.Key(wrapped)
	if err != nil {
		t.Fatal(err)
	}
	var open, sealed image.Packer
	sealed.Key = key
	rapid.Check(t, func(t *rapid.T) {
		before, after := rapid.SliceOf(rapid.Byte()).Draw(t, "before"), rapid.SliceOf(rapid.Byte()).Draw(t, "after")
		for _, as := range []struct {
			packer *image.Packer
			key    *encrypt.Key
		}{{&open, nil}, {&sealed, again}} {
			packed, err := as.packer.Pack(before, after)
			if err != nil {
				t.Fatal(err)
			}
			b, a, err := image.Unpack(packed, as.key)
			if err != nil || !bytes.Equal(a, after) || !bytes.Equal(b, before) {
				t.Fatalf("%q and %q came back as %q and %q: %v", before, after, b, a, err)
			}
		}
	})
}

func TestWhatBothSayIsThereOnce(t *testing.T) {
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "ATTENDEE;CN=%d:mailto:%d@example.com\r\n", i*7919, i*104729)
	}
	var p image.Packer
	alone, err := p.Pack([]byte(text.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	both, err := p.Pack([]byte(text.String()), []byte(strings.Replace(text.String(), "CN=0", "CN=Anna", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(both)-len(alone) > 100 {
		t.Errorf("an image takes %d bytes with what is after, and %d without", len(both), len(alone))
	}
}

func TestDamagedImages(t *testing.T) {
	var p image.Packer
	packed, err := p.Pack([]byte("before"), []byte("after"))
	if err != nil {
		t.Fatal(err)
	}
	for name, damaged := range map[string][]byte{"short": packed[:len(packed)-3], "not compressed": []byte("before"), "empty block": {1, 0, 0, 255, 255}} {
		if _, _, err := image.Unpack(damaged, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
