package main

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/pebble/v2"
)

// canary is a value that must come out nowhere. Its core stands for it: ways of quoting change only what stands around it.
type canary struct{ secret, core string }

// canaries are one for each way in which something sensitive comes into a run.
var canaries = func() map[string]canary {
	all := map[string]canary{}
	for name, core := range map[string]string{
		"basic": "Zq7BasicXv9Kd", "digest": "Wk3DigestPz8Rf", "bearer": "Hn5BearerYc2Lt", "access": "Jm4AccessQd6Vb", "expired": "Sx9ExpiredGt1Nw",
		"refresh": "Uy2RefreshBk7Mz", "refreshed": "Te8RenewedCj3Ah", "client": "Rv6ClientFw5Dx", "cookie": "Ob1CookieLs4Eq", "default": "Na9DefaultVh2Jp",
		"feed path": "Qc5FeedPathMx8Zr", "feed query": "Gd3FeedQueryTn6Ub",
	} {
		all[name] = canary{secret: core + "!.", core: core}
	}
	for _, name := range []string{"basic", "digest", "client", "default"} { // what may hold any sign
		c := all[name]
		c.secret = "a/" + c.core + `+"&é`
		all[name] = c
	}
	return all
}()

// forms are the ways in which a core may be written.
func forms(core string) []string {
	digits := hex.EncodeToString([]byte(core))
	var percent strings.Builder
	for i := 0; i < len(digits); i += 2 {
		percent.WriteString("%" + digits[i:i+2])
	}
	all := []string{core, digits, strings.ToUpper(digits), percent.String(), strings.ToUpper(percent.String())}
	for before := range 3 {
		octets := append(make([]byte, before), core...)
		all = append(all, base64.RawStdEncoding.EncodeToString(octets)[(before*8+5)/6:len(octets)*8/6])
	}
	return all
}

// held are the names of the canaries in a text.
func heldIn(text string) (names []string) {
	for name, c := range canaries {
		if slices.ContainsFunc(forms(c.core), func(form string) bool { return strings.Contains(text, form) }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// unearthed is what a file holds: as it is, and all that can be unpacked from any place in it.
func unearthed(raw []byte) string {
	var all bytes.Buffer
	all.Write(raw)
	for at := range raw[:min(len(raw), 1<<18)] {
		var text bytes.Buffer
		_, _ = io.Copy(&text, io.LimitReader(flate.NewReader(bytes.NewReader(raw[at:])), 1<<20)) // what was unpacked up to an error counts
		if text.Len() > 16 {
			all.Write(text.Bytes())
		}
	}
	return all.String()
}

// recordsOf are all keys and values of the database in a directory.
func recordsOf(t *testing.T, dir string) string {
	t.Helper()
	copied := t.TempDir()
	err := os.CopyFS(copied, os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	db, err := pebble.Open(copied, &pebble.Options{ErrorIfNotExists: true, Logger: silent{}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all, err := db.NewIter(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	var text bytes.Buffer
	for all.First(); all.Valid(); all.Next() {
		text.Write(all.Key())
		value, err := all.ValueAndErr()
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString(unearthed(value))
	}
	return text.String()
}

type silent struct{}

func (silent) Infof(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
func (silent) Fatalf(string, ...any) {}

// filesBelow are what the files below a directory hold, by name; a database is one.
func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		short, err := filepath.Rel(dir, name)
		texts[filepath.ToSlash(short)] = unearthed(raw)
		if d.Name() == "CURRENT" || strings.HasPrefix(d.Name(), "MANIFEST-") {
			texts[filepath.ToSlash(filepath.Dir(short))] = recordsOf(t, filepath.Dir(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
