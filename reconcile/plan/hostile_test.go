package plan

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/encrypt"
)

// forged is a plan file of blocks and an index that somebody made up, with the checksum that belongs to them.
func forged(blocks, index []byte) []byte {
	file := append([]byte(magic), blocks...)
	file = append(file, index...)
	file = binary.BigEndian.AppendUint64(file, uint64(len(index)))
	sum := sha256.Sum256(file)
	return append(file, sum[:]...)
}

// packed is a block: a text that begins it, and another so many times.
func packed(t testing.TB, begins, text string, times int) []byte {
	var out bytes.Buffer
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = z.Write([]byte(begins))
	}
	for range times {
		if err == nil {
			_, err = z.Write([]byte(text))
		}
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// readWhole reads all that a file holds, and how much memory that asks for in MiB.
func readWhole(dir string, file []byte) (asked uint64, err error) {
	name := filepath.Join(dir, "forged.plan")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		return 0, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	defer func() {
		runtime.ReadMemStats(&after)
		asked = (after.TotalAlloc - before.TotalAlloc) >> 20
	}()
	p, err := ReadFile(name, encrypt.Identities{})
	if err != nil {
		return 0, err
	}
	defer p.Close()
	for _, r := range p.Document.Relationships {
		for _, err := range r.Operations.All() {
			if err != nil {
				return 0, err
			}
		}
	}
	for _, err := range p.Parts() {
		if err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// TestForgedFiles: a checksum says that a file is whole, and not that it is honest. What cannot be a plan is damaged, and takes no memory.
func TestForgedFiles(t *testing.T) {
	dir := t.TempDir()
	list := func(blocks string) string {
		return `{"Document":{"relationships":[{"address":"relationship.x"}]},"Operations":[{"Count":1,"Blocks":[` + blocks + `]}]}`
	}
	bomb := packed(t, "", strings.Repeat(" ", 1<<20), 1024)
	for name, file := range map[string][]byte{
		"no index":                    forged(nil, nil),
		"an index that is not packed": forged(nil, []byte("{}")),
		"an index of another kind":    forged(nil, packed(t, `[1,2]`, "", 0)),
		"an index that unpacks":       forged(nil, bomb),
		"an index of one long text":   forged(nil, packed(t, `{"Document":{"workspace":"`, strings.Repeat("x", 1<<20), 512)),
		"lists without relationships": forged(nil, packed(t, `{"Operations":[{"Count":1}]}`, "", 0)),
		"nesting":                     forged(nil, packed(t, `{"Document":`+strings.Repeat("[", 1<<20), "", 0)),
		"a block before the file":     forged(nil, packed(t, list(`{"At":-100,"Length":50}`), "", 0)),
		"a block behind the file":     forged(nil, packed(t, list(`{"At":1000000,"Length":50}`), "", 0)),
		"a block of negative length":  forged(nil, packed(t, list(`{"At":10,"Length":-50}`), "", 0)),
		"a block of a huge length":    forged(nil, packed(t, list(`{"At":0,"Length":9223372036854775807}`), "", 0)),
		"a number that is none":       forged(nil, packed(t, list(`{"At":1e400,"Length":5}`), "", 0)),
		"a block that is the file":    forged(nil, packed(t, list(`{"At":0,"Length":100}`), "", 0)),
		"operations that unpack":      forged(bomb, packed(t, strings.ReplaceAll(list(`{"At":AT,"Length":9999999}`), "AT", "14"), "", 0)),
		"parts that unpack":           forged(bomb, packed(t, `{"Parts":[{"At":14,"Length":9999999}]}`, "", 0)),
		"parts that are none":         forged([]byte("no part at all"), packed(t, `{"Parts":[{"At":14,"Length":14}]}`, "", 0)),
	} {
		asked, err := readWhole(dir, file)
		t.Logf("%s: %d MiB: %v", name, asked, err)
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want that it is damaged", name, err)
		}
		if asked > 2100 {
			t.Errorf("%s: it took %d MiB", name, asked)
		}
	}
}

// TestForgedParts changes octets of what a real plan holds, with a new checksum: whatever comes of it, nothing panics, and an error says that the file is damaged.
func TestForgedParts(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "real.plan")
	if err := WriteFile(name, sample(t, 5), encrypt.Recipients{}); err != nil {
		t.Fatal(err)
	}
	real, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	content := real[len(magic) : len(real)-sha256.Size-lengthLen]
	n := int(binary.BigEndian.Uint64(real[len(real)-sha256.Size-lengthLen:]))
	rapid.Check(t, func(t *rapid.T) {
		changed := bytes.Clone(content)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			changed[rapid.IntRange(0, len(changed)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		if asked, err := readWhole(dir, forged(changed[:len(changed)-n], changed[len(changed)-n:])); err != nil && !errors.Is(err, ErrDamaged) || asked > 512 {
			t.Errorf("%v, %d MiB", err, asked)
		}
	})
	var index map[string]any
	if err := json.NewDecoder(flate.NewReader(bytes.NewReader(content[len(content)-n:]))).Decode(&index); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(twisted(t, index))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		z, _ := flate.NewWriter(&out, flate.BestSpeed)
		_, err = z.Write(text)
		if err = errors.Join(err, z.Close()); err != nil {
			t.Fatal(err)
		}
		if asked, err := readWhole(dir, forged(content[:len(content)-n], out.Bytes())); err != nil && !errors.Is(err, ErrDamaged) || asked > 512 {
			t.Errorf("%v, %d MiB of %s", err, asked, text)
		}
	})
}

// twisted is a value of JSON in which some parts are something else.
func twisted(t *rapid.T, v any) any {
	if rapid.IntRange(0, 19).Draw(t, "twist") == 0 {
		return rapid.SampledFrom([]any{nil, -1, 9223372036854775807, 1e300, "x", []any{}, map[string]any{}, true, []any{nil}, "2026-99-99"}).Draw(t, "as")
	}
	switch v := v.(type) {
	case map[string]any:
		all := map[string]any{}
		for key, value := range v {
			all[key] = twisted(t, value)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, value := range v {
			all[i] = twisted(t, value)
		}
		return all
	}
	return v
}
