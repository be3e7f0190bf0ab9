package providertest

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

func unusualUIDs(x *session) {
	uids := []string{
		"with space", "at@example.com", "slash/in/the/middle", "../../up", "/absolute", ".hidden", "..", ".", "percent%2Fencoded",
		"question?and=mark&more", "hash#tag", "colon:semicolon;comma,", `back\slash`, `quote"and'quote`, "less<more>pipe|star*",
		"Österreich", "中国", "فلسطين", "emoji-🗓", "new\nline", "CON", "-dash", "~tilde", "{brace}",
		strings.Repeat("long-", 80), strings.Repeat("ü", 150) + "a", strings.Repeat("ü", 150) + "b",
	}
	refs := map[string]*pim.Item{}
	for i, uid := range uids {
		it := x.sample(uid, fmt.Sprintf("Item %d", i), "")
		if x.refused(it) {
			continue
		}
		out := x.write(providers.Write{Kind: providers.Create, Item: it, Token: fmt.Sprint(i)})[0]
		if out.Class != providers.Done {
			x.Errorf("create with UID %q is %s: %v", uid, out.Class, out.Err)
			continue
		}
		if refs[out.Ref] != nil {
			x.Errorf("UID %q has the ref of another item: %q", uid, out.Ref)
		}
		refs[out.Ref] = it
	}
	x.count(len(refs))
	for ref, it := range refs {
		x.holds(ref, it)
	}
}

func caseSensitiveUIDs(x *session) {
	upper, lower := x.sample("CASE@example.com", "Upper", ""), x.sample("case@example.com", "Lower", "")
	first, _ := x.put(upper)
	second, _ := x.put(lower)
	x.count(2)
	x.holds(first, upper)
	x.holds(second, lower)
}

func unicodeContent(x *session) {
	it := x.sample("unicode@example.com", "Fußball ⚽ 日本語 e\u0301 and é", strings.Repeat("Ünïcödé 🗓 ", 40)+"\nsecond line; with, signs\\")
	if x.refused(it) {
		return
	}
	ref, _ := x.put(it)
	x.holds(ref, it)
}

func largeItem(x *session) {
	size := x.suite.Large
	if size == 0 {
		size = 256 << 10
	}
	it := x.sample("large@example.com", "Large", strings.Repeat("0123456789abcdef", size/16))
	out := x.write(providers.Write{Kind: providers.Create, Item: it})[0]
	switch out.Class {
	case providers.Done:
		x.holds(out.Ref, it)
	case providers.Refused:
		x.count(0)
	default:
		x.Errorf("create of a large item is %s: %v", out.Class, out.Err)
	}
}

func overrides(x *session) {
	if x.suite.Kind != pim.Calendar || !x.can.Holds("override:2026-03-09T09:00:00Z") {
		x.Skip("the folder holds no overrides")
	}
	it := x.series("series@example.com")
	ref, version := x.put(it)
	x.count(1)
	x.holds(ref, it)
	single := x.sample("series@example.com", "Only once", "")
	out := x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: single})
	x.count(1)
	x.holds(out.Ref, single)
}

func marker(x *session) {
	plain := x.sample("marked@example.com", "Marked", "")
	m := pim.Marker{
		Workspace: "office", Relationship: `relationship.a_to_b["key"]`, Original: `original;1,2:3\4~5%2C"6"@example.com`,
		Generation: 2, Status: "live", UID: plain.UID(), Written: plain.Fields().Digest(),
	}
	ref, version := x.put(plain.WithMarker(&m))
	got := x.item(ref).Item
	kept, ok := got.Marker()
	if ok != x.can.Markers {
		x.Fatalf("markers are kept is %v, and the marker that was written is there is %v", x.can.Markers, ok)
	}
	if ok {
		m.UID = got.UID()
		if kept != m {
			x.Errorf("the marker is %+v, want %+v", kept, m)
		}
	}
	x.holds(ref, plain)
	out := x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: plain})
	if _, ok := x.item(out.Ref).Item.Marker(); ok {
		x.Error("the marker is still there after a write without it")
	}
}
