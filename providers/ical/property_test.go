package ical

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// TestWritesAreOfTheirItemsAlone keeps a model beside a file that holds all sorts of things: whatever batches are written, the file holds the items of the
// model, each as it was last written, and everything else in the order in which it was.
func TestWritesAreOfTheirItemsAlone(t *testing.T) {
	x := newFixture(t, pim.Calendar)
	rapid.Check(t, func(t *rapid.T) {
		model := map[string]string{} // titles by UID
		x.put(randomFile(t, model))
		skeleton := besidesEvents(t, x.text())
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			writes, after := randomBatch(t, x, model)
			for i, out := range x.write(writes...) {
				if out.Class != providers.Done {
					t.Fatalf("%s %q is %s: %v", writes[i].Kind, writes[i].Ref, out.Class, out.Err)
				}
			}
			model = after
			titles := map[string]string{}
			for ref := range x.list() {
				titles[ref] = x.item(ref).Title()
			}
			if !maps.Equal(titles, model) {
				t.Fatalf("the file holds %v, want %v", titles, model)
			}
			if now := besidesEvents(t, x.text()); now != skeleton {
				t.Fatalf("what is no event was\n%q, and is\n%q", skeleton, now)
			}
		}
	})
}

// randomFile is one or two VCALENDARs with events and other things. UIDs are unique.
func randomFile(t *rapid.T, model map[string]string) string {
	var calendars []string
	for range rapid.IntRange(1, 2).Draw(t, "calendars") {
		var parts []string
		for range rapid.IntRange(0, 6).Draw(t, "components") {
			n := len(model)
			uid, title := fmt.Sprint("item-", n), fmt.Sprint("Title ", n)
			switch rapid.SampledFrom([]string{"event", "series", "task", "zone", "odd"}).Draw(t, "component") {
			case "event":
				parts = append(parts, vevent(uid, title))
				model[uid] = title
			case "series":
				parts = append(parts, vevent(uid, "Moved", "RECURRENCE-ID:20260309T090000Z"), component("VTODO", uid, "Between"), vevent(uid, title, "RRULE:FREQ=WEEKLY"))
				model[uid] = title
			case "task":
				parts = append(parts, component("VTODO", uid, title))
			case "zone":
				parts = append(parts, customZone(fmt.Sprint("Zone ", len(parts)), "+0100"))
			case "odd":
				parts = append(parts, crlf("BEGIN:X-THING\nBEGIN:VALARM\nEND:VALARM\nEND:X-THING\n\n"))
			}
		}
		calendars = append(calendars, calendarOf("X-WR-CALNAME:Random\n", parts...))
	}
	text := strings.Join(calendars, "\r\n")
	if rapid.Bool().Draw(t, "LF") {
		text = strings.ReplaceAll(text, "\r\n", "\n")
	}
	if rapid.Bool().Draw(t, "mark") {
		text = "\xef\xbb\xbf" + text
	}
	return text
}

// randomBatch draws writes that must all be done, and what the file holds then.
func randomBatch(t *rapid.T, x *fixture, model map[string]string) ([]providers.Write, map[string]string) {
	versions, after := x.list(), maps.Clone(model)
	var writes []providers.Write
	for _, uid := range slices.Sorted(maps.Keys(model)) {
		title := rapid.SampledFrom([]string{model[uid], "Other", "A longer title"}).Draw(t, "title")
		switch rapid.SampledFrom([]string{"", "", "update", "delete"}).Draw(t, "what") {
		case "update":
			it := x.item(uid)
			text := bytes.ReplaceAll(it.Bytes(), []byte("SUMMARY:"+it.Title()), []byte("SUMMARY:"+title))
			writes = append(writes, providers.Write{Kind: providers.Update, Ref: uid, Version: versions[uid], Item: parse(x, pim.Calendar, string(text))})
			after[uid] = title
		case "delete":
			writes = append(writes, providers.Write{Kind: providers.Delete, Ref: uid, Version: versions[uid]})
			delete(after, uid)
		}
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "creates") {
		uid := fmt.Sprint("new-", len(model), "-", n)
		if _, there := model[uid]; there {
			continue
		}
		writes = append(writes, providers.Write{Kind: providers.Create, Item: event(x, uid, "New")})
		after[uid] = "New"
	}
	return rapid.Permutation(writes).Draw(t, "order"), after
}

// besidesEvents is the text without its events.
func besidesEvents(t *rapid.T, text string) string {
	var b strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		plain := strings.TrimRight(line, "\r\n")
		inside = inside || plain == "BEGIN:VEVENT"
		if !inside {
			b.WriteString(line)
		}
		inside = inside && plain != "END:VEVENT"
	}
	if inside {
		t.Fatal("an event has no end")
	}
	return b.String()
}
