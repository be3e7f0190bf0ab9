package view_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	now := sample.Made()
	bar := view.NewProgress(&out, func() time.Time { return now }, func() int { return 60 })
	step := func(after time.Duration, e reconcile.Event) string {
		now = now.Add(after)
		out.Reset()
		bar.Event(e)
		return out.String()
	}
	for _, c := range []struct {
		after time.Duration
		event reconcile.Event
		want  string
	}{
		{0, reconcile.Event{Phase: "read", Folder: "folder.a", Done: 10}, "Reading: 10 items\n  folder.a: 10 items\n"},
		{99 * time.Millisecond, reconcile.Event{Phase: "read", Folder: "folder.a", Done: 20}, ""},
		{time.Second, reconcile.Event{Phase: "read", Folder: "folder.b", Done: 79, Total: 100}, "\x1b[2A\x1b[JReading: 99 items, 90/s\n  folder.a: 20 items\n  folder.b: 79 of 100 items\n"},
		{time.Second, reconcile.Event{Phase: "apply", Folder: "folder.b", Done: 1, Total: 50}, "\x1b[3A\x1b[JApplying: 1 of 50 items\n  folder.b: 1 of 50 items\n"},
		{2 * time.Second, reconcile.Event{Phase: "apply", Folder: "folder.b", Done: 50, Total: 50}, "\x1b[2A\x1b[JApplying: 50 of 50 items, 25/s\n"},
		{time.Second, reconcile.Event{Phase: "apply", Folder: "folder." + strings.Repeat("\x1bx", 50), Done: 1, Total: 2},
			"\x1b[1A\x1b[JApplying: 51 of 52 items, 17/s\n  folder.\\u001bx\\u001bx\\u001bx\\u001bx\\u001bx\\u001bx\\u001bx…\n"},
	} {
		if got := step(c.after, c.event); got != c.want {
			t.Errorf("%+v drew\n%q, want\n%q", c.event, got, c.want)
		}
	}
	out.Reset()
	bar.Clear()
	bar.Clear()
	if got := out.String(); got != "\x1b[2A\x1b[J" {
		t.Errorf("Clear wrote %q", got)
	}
}
