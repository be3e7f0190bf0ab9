package state

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"
)

func pauseOf(address string) Pause {
	return Pause{Address: address, Reason: "rooms are being rebuilt", By: "anna@office", Since: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)}
}

// TestPausesAreThereBeforeTheState sets pauses where there is no state yet. The state that is made there then has them, and so has a copy of it.
func TestPausesAreThereBeforeTheState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "state")
	everythingPaused, one := pauseOf(""), pauseOf(`relationship.a["x/y"]`)
	for _, p := range []Pause{one, everythingPaused} {
		if err := SetPause(path, p); err != nil {
			t.Fatal(err)
		}
	}
	want := []Pause{everythingPaused, one}
	look := func(path string) {
		t.Helper()
		r, err := OpenReader(t.Context(), path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if got, err := r.Pauses(); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	look(path)
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, s, everything())
	if got, err := s.Pauses(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look(path)
	backup := filepath.Join(t.TempDir(), "backup")
	if err := os.CopyFS(backup, os.DirFS(path)); err != nil {
		t.Fatal(err)
	}
	look(backup)
}

// TestPausesAreLive sets and ends pauses while the state is held.
func TestPausesAreLive(t *testing.T) {
	path := t.TempDir()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	again := pauseOf("folder.a")
	again.Reason = "another"
	for _, step := range []struct {
		do   func() error
		want []Pause
	}{
		{func() error { return nil }, nil},
		{func() error { return SetPause(path, pauseOf("folder.a")) }, []Pause{pauseOf("folder.a")}},
		{func() error { return SetPause(path, again) }, []Pause{again}},
		{func() error { return EndPause(path, pauseOf("folder.b")) }, []Pause{again}},
		{func() error { return EndPause(path, pauseOf("folder.a")) }, nil},
		{func() error { return EndPause(path, pauseOf("folder.a")) }, nil},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Pauses(); err != nil || !reflect.DeepEqual(got, step.want) {
			t.Errorf("%+v, %v, want %+v", got, err, step.want)
		}
	}
}

// TestWhatIsNoPauseIsTold puts files among the pauses that are none. Each is told with its name; one that accord could have made can be ended, and others
// stay.
func TestWhatIsNoPauseIsTold(t *testing.T) {
	name := besideName("folder.a")
	for what, c := range map[string]struct {
		name, text string
		ours       bool
	}{
		"a foreign file":           {"notes.txt", "{}", false},
		"half a pause":             {name, `{"address":"folder.a","by":"an`, true},
		"an empty file":            {name, "", true},
		"a pause under a name":     {name, `{"address":"folder.b","by":"anna@office","since":"2026-03-02T12:00:00Z"}`, true},
		"a pause without a moment": {name, `{"address":"folder.a","by":"anna@office"}`, true},
		"a name of another length": {"abcd.json", "{}", false},
		"more than fits":           {name, `{"address":"folder.a","reason":"` + strings.Repeat("x", maxPause) + `"}`, true},
	} {
		t.Run(what, func(t *testing.T) {
			path := t.TempDir()
			if err := SetPause(path, pauseOf("folder.z")); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(path, pausesShelf().name, c.name)
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got := ReadPauses(path)
			if len(got) != 2 || got[0].File != file || got[0].Trouble == "" || got[0].Address != "" || got[1] != pauseOf("folder.z") {
				t.Fatalf("%+v", got)
			}
			err := EndPause(path, got[0])
			if c.ours != (err == nil) || err != nil && !strings.Contains(err.Error(), file) {
				t.Errorf("to end it: %v", err)
			}
			if n := len(ReadPauses(path)); c.ours != (n == 1) {
				t.Errorf("%d pauses are left", n)
			}
		})
	}
	t.Run("a file in place of the directory", func(t *testing.T) {
		path := t.TempDir()
		file := filepath.Join(path, pausesShelf().name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ReadPauses(path); len(got) != 1 || got[0].File != file || got[0].Trouble == "" {
			t.Errorf("%+v", got)
		}
	})
}

// TestCrashWhilePausing ends the process at each step of setting a pause, with some of what was not synced lost. What is found afterwards is the pause or none;
// one that was set is there, and what was there before stays.
func TestCrashWhilePausing(t *testing.T) {
	before, p := pauseOf("folder.before"), pauseOf("folder.a")
	unset := 0
	for room := int64(0); ; room++ {
		var err error
		for seed := range uint64(8) {
			mem := vfs.NewCrashableMem()
			if err := setPause(mem, "/state", before); err != nil {
				t.Fatal(err)
			}
			fsys := fullFS{mem, new(atomic.Int64), syscall.ENOSPC}
			fsys.room.Store(room)
			err = setPause(fsys, "/state", p)
			after := mem.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: 50, RNG: rand.New(rand.NewPCG(seed, uint64(room)))})
			got := readPauses(after, "/state")
			with := reflect.DeepEqual(got, []Pause{p, before})
			if !with && (err == nil || !reflect.DeepEqual(got, []Pause{before})) {
				t.Fatalf("after %d steps (%v): %+v", room, err, got)
			}
			if !with {
				unset++
			}
			if err := setPause(after, "/state", p); err != nil {
				t.Fatalf("after %d steps, again: %v", room, err)
			}
		}
		if err == nil {
			break
		}
	}
	if unset < 20 {
		t.Errorf("the crash kept the pause from being set only %d times: the test does not reach far", unset)
	}
}

func TestLeftOversOfCrashesAreTidied(t *testing.T) {
	path := t.TempDir()
	old, young := filepath.Join(path, pausesShelf().name, newPart+"old"), filepath.Join(path, pausesShelf().name, newPart+"young")
	p := pauseOf("folder.a")
	if err := os.MkdirAll(filepath.Dir(old), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, at := range map[string]time.Time{old: p.Since.Add(-2 * leftOverAfter), young: p.Since} {
		if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := SetPause(path, p); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old file is there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Errorf("the young file belongs to somebody: %v", err)
	}
	if got := ReadPauses(path); !reflect.DeepEqual(got, []Pause{p}) {
		t.Errorf("%+v", got)
	}
}

// TestPausesAtOnce sets and ends pauses of many addresses at a time. None is lost, none comes back, and whoever reads meanwhile finds no trouble.
func TestPausesAtOnce(t *testing.T) {
	path := t.TempDir()
	var group sync.WaitGroup
	const n = 20
	for i := range n {
		address := fmt.Sprintf("relationship.a[%q]", fmt.Sprint(i))
		group.Go(func() {
			for round := range 5 {
				if err := SetPause(path, pauseOf(address)); err != nil {
					t.Error(err)
				}
				if round == 4 && i%2 == 0 {
					continue
				}
				if err := EndPause(path, pauseOf(address)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Go(func() {
		for range 100 {
			for _, p := range ReadPauses(path) {
				if p.Trouble != "" {
					t.Errorf("%s: %s", p.File, p.Trouble)
				}
			}
		}
	})
	group.Wait()
	got := ReadPauses(path)
	if len(got) != n/2 {
		t.Errorf("%d pauses are left, not %d: %+v", len(got), n/2, got)
	}
}

func BenchmarkReadPauses(b *testing.B) {
	for _, n := range []int{0, 10, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := b.TempDir()
			for i := range n {
				if err := SetPause(path, pauseOf(fmt.Sprint("folder.", i))); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				if got := ReadPauses(path); len(got) != n {
					b.Fatal(len(got))
				}
			}
		})
	}
}
