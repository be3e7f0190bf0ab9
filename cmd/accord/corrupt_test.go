package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// damages are what a disk, a person or a backup can do to a file of a state; nil: it is gone.
var damages = []struct {
	name string
	do   func(random *rand.Rand, text, older []byte) []byte
}{
	{"gone", func(*rand.Rand, []byte, []byte) []byte { return nil }},
	{"empty", func(*rand.Rand, []byte, []byte) []byte { return []byte{} }},
	{"cut", func(random *rand.Rand, text, _ []byte) []byte { return text[:random.IntN(len(text))] }},
	{"a bit flipped", func(random *rand.Rand, text, _ []byte) []byte {
		text[random.IntN(len(text))] ^= 1 << random.IntN(8)
		return text
	}},
	{"zeroed", func(random *rand.Rand, text, _ []byte) []byte {
		from := random.IntN(len(text))
		clear(text[from:min(len(text), from+1+random.IntN(4096))])
		return text
	}},
	{"overwritten", func(random *rand.Rand, text, _ []byte) []byte {
		for i := random.IntN(len(text)); i < len(text) && random.IntN(64) > 0; i++ {
			text[i] = byte(random.Uint32())
		}
		return text
	}},
	{"longer", func(_ *rand.Rand, text, older []byte) []byte { return append(text, older...) }},
	{"older", func(_ *rand.Rand, _, older []byte) []byte { return bytes.Clone(older) }},
}

// corruptible is a workspace with a state that was closed, or whose process was killed, with more to do, and what its folders are to hold.
type corruptible struct {
	place
	older map[string][]byte // a file of each kind, of the state as it was before
	want  map[string]string // titles and places by folder, when nothing is damaged
}

func newCorruptible(t *testing.T, killed bool) corruptible {
	p := newPlace(t, blocks("a", "b", "c")+mesh(""))
	for i := range 12 {
		p.add([]string{"a", "b", "c"}[i%3], fmt.Sprint("Item ", i))
	}
	p.apply(runInProcess)
	c := corruptible{place: p, older: map[string][]byte{}}
	for _, name := range c.files() {
		text, err := os.ReadFile(name)
		p.check(err)
		c.older[fileKind(name)] = text
	}
	p.edit("a", "Item 0", "Paris", "Rome")
	p.remove("b", "Item 4")
	p.add("c", "Item 12")
	p.apply(runInProcess)
	p.edit("a", "Item 3", "Paris", "Oslo")
	p.edit("b", "Item 1", "Paris", "Bern")
	p.add("b", "Item 13")
	p.remove("a", "Item 6")
	whole := c.copied(t)
	whole.apply(runInProcess)
	c.want = whole.says()
	if killed {
		if _, ended := p.mortal(15); ended {
			t.Fatal("it came to its end")
		}
	}
	return c
}

// copied is the same workspace at another place.
func (c corruptible) copied(t *testing.T) corruptible {
	from := c.dir
	c.place = place{t, t.TempDir()}
	c.check(os.CopyFS(c.dir, os.DirFS(from)))
	return c
}

func (c corruptible) db() string { return filepath.Join(c.dir, ".accord", "state", "db") }

// files are those of the state's database.
func (c corruptible) files() []string {
	c.t.Helper()
	names, err := filepath.Glob(filepath.Join(c.db(), "*"))
	c.check(err)
	return names
}

// fileKind is what a file of a database is for: its name without numbers.
func fileKind(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, filepath.Base(name))
}

// says is where each item takes place, by folder and title. No folder may have two of a title.
func (c corruptible) says() map[string]string {
	c.t.Helper()
	says := map[string]string{}
	for name, file := range c.held() {
		text := strings.ReplaceAll(file.content, "\n", "\r\n")
		item := name[:1] + " " + titleOf(text)
		if _, twice := says[item]; twice {
			c.t.Fatalf("%s is there twice", item)
		}
		says[item] = propertyOf(text, "LOCATION")
	}
	return says
}

// converged checks that the folders hold what they would without any damage, but for an item that a person deleted: that one may be back, or left over.
func (c corruptible) converged(how string) {
	c.t.Helper()
	c.nothingLeft(runInProcess)
	got := c.says()
	for item, place := range c.want {
		if got[item] != place {
			c.t.Errorf("%s: %s is at %q, want %q", how, item, got[item], place)
		}
		delete(got, item)
	}
	for item := range got {
		if !strings.HasSuffix(item, " Item 6") && !strings.HasSuffix(item, " Item 4") {
			c.t.Errorf("%s: there is %s as well", how, item)
		}
	}
}

// TestDamagedState does random damage to random files of a state, of one that was closed and of one whose process was killed. The next apply either ends where
// it would without damage, with no item twice and none deleted that no person deleted, or it says which state is damaged and what to do, and writes to no folder;
// what it says to do then works, and so does moving the database away. ACCORD_DAMAGES is how often, ACCORD_DAMAGE_SEED repeats them.
func TestDamagedState(t *testing.T) {
	count := numberOf(t, "ACCORD_DAMAGES", 48)
	seed := numberOf(t, "ACCORD_DAMAGE_SEED", uint64(time.Now().UnixNano()))
	both := []corruptible{newCorruptible(t, false), newCorruptible(t, true)}
	outcomes := make([]string, count)
	t.Run("all", func(t *testing.T) {
		for i := range count {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				random := rand.New(rand.NewPCG(seed, i))
				c := both[i%2].copied(t)
				outcomes[i] = c.damaged(random)
			})
		}
	})
	slices.Sort(outcomes)
	for len(outcomes) > 0 {
		same, found := 1, outcomes[0]
		for same < len(outcomes) && outcomes[same] == found {
			same++
		}
		t.Logf("%d damages %s, ACCORD_DAMAGE_SEED=%d", same, found, seed)
		outcomes = outcomes[same:]
	}
}

// damaged damages one file, and sees what comes of it.
func (c corruptible) damaged(random *rand.Rand) (outcome string) {
	c.t.Helper()
	files := c.files()
	name := files[random.IntN(len(files))]
	text, err := os.ReadFile(name)
	c.check(err)
	damage := damages[random.IntN(len(damages))]
	if len(text) == 0 {
		damage = damages[0]
	}
	how := fmt.Sprintf("%s, %s", filepath.Base(name), damage.name)
	if text = damage.do(random, text, c.older[fileKind(name)]); text == nil {
		c.check(os.Remove(name))
	} else {
		c.check(os.WriteFile(name, text, 0o600))
	}

	before := c.held()
	code, out := runInProcess.run(c.place, "apply", "-auto-approve")
	if code == 0 {
		c.converged(how)
		return "did no harm"
	}
	if code != 1 || !strings.Contains(out, "is damaged: ") || !strings.Contains(out, filepath.Join(".accord", "state")) || strings.Count(out, "Error") != 1 {
		c.t.Fatalf("%s: exit code %d\n%s", how, code, out)
	}
	c.holds(before, before)

	moved := c.copied(c.t)
	c.check(os.Rename(moved.db(), moved.db()+".damaged"))
	moved.apply(runInProcess)
	moved.converged(how + ", moved away")
	if strings.Contains(out, "accord state rebuild -replace") {
		if code, out := runInProcess.run(c.place, "state", "rebuild", "-replace"); code != 0 {
			c.t.Fatalf("%s: it said to rebuild: exit code %d\n%s", how, code, out)
		}
		c.apply(runInProcess)
		c.converged(how + ", rebuilt")
	}
	return "were refused, and mended as it said"
}
