package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// What a driver can and cannot hold is said in words, in 80 columns, and once for all folders that can do the same.
func TestCheckText(t *testing.T) {
	var checks []reconcile.FolderCheck
	for _, mode := range append(memory.Modes(), memory.Table()) {
		checks = append(checks, reconcile.FolderCheck{
			Address: "folder." + mode.Name, Driver: mode.Name, Kind: "calendar", Usable: true, Readable: reconcile.ReadComplete, Writable: reconcile.WriteTried,
			Items: 1, Can: &mode.Capabilities,
			Probe: &reconcile.Probe{UID: reconcile.KeptChanged, Marker: reconcile.KeptLost, Changed: []string{"summary"}, Lost: []string{"class", "location"},
				Precondition: reconcile.NotHonoured},
		})
	}
	var out bytes.Buffer
	if err := (&program{out: &out}).checkText(checks, len(checks)); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"changes a feed: a plan asks only for what changed", "known again by its UID", "a create without answer is known by its content alone, or waits for a person",
		"holds no UIDs, markers, every field", "no UIDs, no markers, every field but alarms, attachments, photo, changed occurrences of a series, X- properties",
		"takes 20 items; at most 4 calls at a time", "UID replaced by another; marker lost; summary came back changed; class, location did not come back",
		"a write with an old version was done", "can what folder.table can",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %q:\n%s", want, out.String())
		}
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// Whatever a provider says, the text has the same headings.
func TestCheckTextIsHarmless(t *testing.T) {
	heads := func(s string) (n int) {
		var out bytes.Buffer
		err := (&program{out: &out}).checkText([]reconcile.FolderCheck{{
			Address: "folder.a[" + s + "]", Location: s, Problem: s, Can: &providers.Capabilities{Lacks: []string{s}},
			Unreadable: []plan.Diagnostic{{Ref: s, Detail: s}}, Probe: &reconcile.Probe{Left: s},
		}}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(out.String(), "\x1b\r\u202e\u2028") {
			t.Errorf("%q is written as it is", s)
		}
		for line := range strings.Lines(out.String()) {
			if !strings.HasPrefix(line, " ") {
				n++
			}
		}
		return n
	}
	want := heads("harmless")
	for _, s := range []string{"a\n\nfolder.b: usable", "\x1b[31mred", "\u202egnirts", "\u2028", "\r"} {
		if got := heads(s); got != want {
			t.Errorf("%q makes %d headings, want %d", s, got, want)
		}
	}
}

// An interrupted check says nothing of folders that it did not get to, and names what its probes left behind.
func TestInterruptedCheck(t *testing.T) {
	place := newPlace(t, blocks("a", "b"))
	p := testProgram()
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	if code := p.run(ctx, []string{"check", "-probe", "-chdir", place.dir}); code != 130 {
		t.Errorf("exit code %d: %v", code, p.err)
	}
	p.leftBehind([]reconcile.FolderCheck{{Address: "folder.a", Probe: &reconcile.Probe{Left: "it is still there"}}, {Address: "folder.b", Probe: &reconcile.Probe{}}})
	out, said := p.out.(*bytes.Buffer).String(), p.err.(*bytes.Buffer).String()
	if out != "" || strings.Contains(said, "folder.b") || !strings.Contains(said, "folder.a: An item of a probe stayed behind") {
		t.Errorf("it says %q and %q", out, said)
	}
}
