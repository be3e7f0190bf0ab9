package ldap

import (
	"encoding/hex"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"
)

func octets(t *testing.T, digits string) []byte {
	t.Helper()
	v, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestText(t *testing.T) {
	for _, test := range []struct{ name, value, want string }{
		{"objectGUID", "33221100554477668899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff"},
		{"OBJECTGUID", "33221100554477668899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff"},
		{"objectSid", "0105000000000005150000003930000031d4000087d6120050040000", "S-1-5-21-12345-54321-1234567-1104"},
		{"objectSid", "01050000", "AQUAAA=="},
		{"objectGUID", "41", "A"},
		{"cn", "c384", "Ä"},
		{"cn", "ff", "/w=="},
		{"cn", "4100", "QQA="},
		{"jpegPhoto", "41", "QQ=="},
		{"userCertificate;binary", "41", "QQ=="},
	} {
		if got := text(test.name, octets(t, test.value)); got != test.want {
			t.Errorf("%s of %s is %q, want %q", test.name, test.value, got, test.want)
		}
	}
}

// TestEquals: a key finds the entry that it is of.
func TestEquals(t *testing.T) {
	for _, test := range []struct{ name, value string }{
		{"objectGUID", "33221100554477668899aabbccddeeff"}, {"objectSid", "0105000000000005150000003930000031d4000087d6120050040000"}, {"uid", "2a2829"}, {"cn", "c384"},
	} {
		v := octets(t, test.value)
		filter, err := equals(test.name, text(test.name, v))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		p, err := goldap.CompileFilter(filter)
		if err != nil {
			t.Errorf("%s is no filter: %v", filter, err)
			continue
		}
		if got := p.Children[1].Data.Bytes(); test.name != "objectSid" && !slices.Equal(got, v) {
			t.Errorf("%s looks for %x, want %x", filter, got, v)
		}
	}
	if _, err := equals("objectGUID", "somebody"); err == nil {
		t.Error("somebody is a GUID")
	}
}

func TestRow(t *testing.T) {
	e := &entry{dn: "cn=x", values: map[string][][]byte{"mail": {[]byte("a"), []byte("b")}, "sn": {[]byte("S")}}}
	row := columns{single: []string{"Mail", "title", "surname"}, lists: []string{"mail", "phone"}}.row(e)
	if row["dn"] != "cn=x" || row["Mail"] != "a" || row["title"] != nil || row["surname"] != "S" || !slices.Equal(row["mail"].([]string), []string{"a", "b"}) || len(row["phone"].([]string)) != 0 {
		t.Errorf("the row is %v", row)
	}
	if _, there := row["title"]; !there {
		t.Error("what an entry lacks is no column")
	}
	if asked := (columns{single: []string{"dn"}}).asked(); !slices.Equal(asked, []string{nothing}) {
		t.Errorf("for the DN alone, asked for are %q", asked)
	}
}

func TestCanonical(t *testing.T) {
	for _, same := range [][]string{
		{"CN=Ann Doe,OU=People,DC=example", "cn=ann doe, ou=people, dc=example", "cn=Ann\\20Doe,ou=people,dc=example"},
		{`cn=Doe\, Ann,dc=example`, `CN=doe\2C ann,DC=example`},
		{"cn=a+uid=b,dc=example", "uid=b+cn=a,dc=example"},
	} {
		for _, dn := range same[1:] {
			if canonical(dn) != canonical(same[0]) {
				t.Errorf("%q and %q are %q and %q", same[0], dn, canonical(same[0]), canonical(dn))
			}
		}
	}
	if canonical("cn=a,dc=example") == canonical("cn=b,dc=example") {
		t.Error("a is b")
	}
	if got := parent(`cn=Doe\, Ann,ou=people,dc=example`); got != "ou=people,dc=example" {
		t.Errorf("above Ann is %q", got)
	}
}

func TestGeneralized(t *testing.T) {
	for text, want := range map[string]string{"20261122182225Z": "2026-11-22T18:22:25Z", "20261122182225.0Z": "2026-11-22T18:22:25Z", "2026": "", "": "", "20261122182225+0100": ""} {
		at, ok := generalized(text)
		if ok != (want != "") || ok && at.Format(time.RFC3339) != want {
			t.Errorf("%q is %v (%v)", text, at, ok)
		}
	}
}

// TestStamps: the number of a change counts within one copy of the data.
func TestStamps(t *testing.T) {
	f := &folder{provider: &provider{now: time.Now}}
	e := &entry{values: map[string][][]byte{"usnchanged": {[]byte("7")}, "modifytimestamp": {[]byte("20200101000000.0Z")}}}
	one, other, unknown := f.stampOf(e, &server{copy: "a"}), f.stampOf(e, &server{copy: "b"}), f.stampOf(e, &server{})
	if one == other || one == unknown || !strings.HasPrefix(one, "7@") {
		t.Errorf("the same number is %q, %q and %q", one, other, unknown)
	}
	f.stamp = "whenChanged"
	if got := f.stampOf(e, &server{copy: "a"}); got != "" {
		t.Errorf("without the attribute that is named, the stamp is %q", got)
	}
}

// TestAnAnswerHasAnEnd: a server that sends without end is heard to the octet that was agreed.
func TestAnAnswerHasAnEnd(t *testing.T) {
	here, there := net.Pipe()
	var sending sync.WaitGroup
	defer sending.Wait()
	defer here.Close()
	sending.Go(func() {
		defer there.Close()
		for {
			if _, err := there.Write(make([]byte, 64)); err != nil {
				return
			}
		}
	})
	b := &bounded{Conn: here}
	b.left.Store(1000)
	got, err := io.ReadAll(b)
	if len(got) != 1000 || !errors.Is(err, errTooMuch) {
		t.Errorf("%d octets were read: %v", len(got), err)
	}
	b.left.Store(10)
	if n, err := io.ReadFull(b, make([]byte, 10)); n != 10 || err != nil {
		t.Errorf("of the next answer %d octets were read: %v", n, err)
	}
}

func FuzzRanged(f *testing.F) {
	for _, s := range []string{"member;range=0-1499", "member;range=1500-*", "member", ";", "member;range=", "member;Range=0-*;binary"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, description string) {
		name, last, ok := ranged(description)
		if !strings.HasPrefix(description, name) || ok && !strings.HasSuffix(description, last) {
			t.Errorf("%q is %q up to %q", description, name, last)
		}
	})
}

func FuzzValues(f *testing.F) {
	f.Add("cn=a,dc=b", []byte{1, 0, 0, 0, 0, 0, 0, 5})
	f.Add(`cn=\zz`, []byte{})
	f.Fuzz(func(t *testing.T, dn string, v []byte) {
		if canonical(canonical(dn)) != canonical(dn) {
			if _, err := goldap.ParseDN(dn); err == nil {
				t.Errorf("%q is %q, and that is %q", dn, canonical(dn), canonical(canonical(dn)))
			}
		}
		for _, name := range []string{"objectGUID", "objectSid", "cn"} {
			if strings.ContainsRune(text(name, v), 0) {
				t.Errorf("%s of %x has a NUL", name, v)
			}
		}
	})
}
