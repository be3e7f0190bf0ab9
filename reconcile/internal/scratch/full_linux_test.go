package scratch_test

import (
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
)

// A disk that is full is an error, and nobody waits for it.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1024k"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("TMPDIR", dir)
	store := scratch.New(0)
	table := scratch.NewTable(store, texts)
	value := strings.Repeat("some value ", 50)
	for n := range 200_000 {
		table.Set(strconv.Itoa(n*7919), value+strconv.Itoa(n))
		if store.Err() != nil {
			break
		}
	}
	if err := store.Err(); err == nil || !strings.Contains(err.Error(), "TMPDIR") {
		t.Errorf("100 MB went into 1 MB: %v", err)
	}
	if err := store.Close(); err != nil {
		t.Log(err)
	}
}
