package providertest

import (
	"fmt"

	"github.com/accord-sync/accord/providers"
)

func create(x *session) {
	it := x.sample("one@example.com", "One", "A note")
	out := x.done(providers.Write{Kind: providers.Create, Item: it})
	versions, _ := x.list()
	version, there := versions[out.Ref]
	if !there || len(versions) != 1 {
		x.Fatalf("%q was created, and the listing is %v", out.Ref, versions)
	}
	if x.tells(out) && out.Version != version {
		x.Errorf("the version is %q after the create and %q in the listing", out.Version, version)
	}
	x.holds(out.Ref, it)
	if got := x.item(out.Ref).Item; !out.Changed && (!got.Fields().Equal(it.Fields()) || got.UID() != it.UID()) {
		x.Errorf("the store holds something else than was sent and does not say so:\n%s", got.Bytes())
	}
}

func createTwice(x *session) {
	first := x.sample("twice@example.com", "First", "")
	second := x.sample("twice@example.com", "Second", "")
	one := x.done(providers.Write{Kind: providers.Create, Item: first, Token: "same"})
	two := x.write(providers.Write{Kind: providers.Create, Item: second, Token: "same"})[0]
	switch x.can.Creates {
	case providers.ByUID:
		if two.Class != providers.Stale {
			x.Errorf("the second create with one UID is %s, want stale", two.Class)
		}
		x.count(1)
	case providers.ByToken:
		if two.Class != providers.Done || two.Ref != one.Ref {
			x.Errorf("the second create with one token is %s with ref %q, want done with %q", two.Class, two.Ref, one.Ref)
		}
		x.count(1)
	default:
		if two.Class == providers.Done && two.Ref == one.Ref {
			x.Errorf("the second create replaced %q", one.Ref)
		}
	}
	x.holds(one.Ref, first)
}

func createAfterDelete(x *session) {
	it := x.sample("again@example.com", "Again", "")
	ref, version := x.put(it)
	x.done(providers.Write{Kind: providers.Delete, Ref: ref, Version: version})
	x.count(0)
	out := x.done(providers.Write{Kind: providers.Create, Item: it, Token: "another"})
	x.count(1)
	x.holds(out.Ref, it)
}

func update(x *session) {
	other := x.sample("other@example.com", "Other", "")
	otherRef, otherVersion := x.put(other)
	ref, version := x.put(x.sample("one@example.com", "Before", "A note"))
	changed := x.sample("one@example.com", "After!", "A note")
	out := x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: changed})
	versions, _ := x.list()
	switch {
	case len(versions) != 2:
		x.Errorf("after an update the listing is %v", versions)
	case versions[out.Ref] == version:
		x.Errorf("the version is %q before and after the update", version)
	case x.tells(out) && versions[out.Ref] != out.Version:
		x.Errorf("the version is %q after the update and %q in the listing", out.Version, versions[out.Ref])
	case !x.suite.Restless && versions[otherRef] != otherVersion:
		x.Error("the update changed another item's version")
	}
	x.holds(out.Ref, changed)
	x.holds(otherRef, other)
}

func updateStale(x *session) {
	ref, old := x.put(x.sample("one@example.com", "First", ""))
	second := x.sample("one@example.com", "Second", "")
	x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: old, Item: second})
	third := x.sample("one@example.com", "Third", "")
	out := x.write(providers.Write{Kind: providers.Update, Ref: ref, Version: old, Item: third})[0]
	switch {
	case !x.can.Conditional && out.Class == providers.Done:
		x.holds(ref, third)
	case out.Class != providers.Stale:
		x.Errorf("an update of another version is %s, want stale", out.Class)
	default:
		x.holds(ref, second)
	}
}

func updateDrops(x *session) {
	ref, version := x.put(x.sample("one@example.com", "One", "A note"))
	bare := x.sample("one@example.com", "One", "")
	out := x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: version, Item: bare})
	x.holds(out.Ref, bare)
}

func deletes(x *session) {
	other := x.sample("other@example.com", "Other", "")
	otherRef, _ := x.put(other)
	ref, version := x.put(x.sample("one@example.com", "One", ""))
	x.done(providers.Write{Kind: providers.Delete, Ref: ref, Version: version})
	x.count(1)
	x.holds(otherRef, other)
	if got := x.fetch(ref)[ref]; providers.ClassOf(got.Err) != providers.Missing {
		x.Errorf("fetch after the delete: %v, want class missing", got.Err)
	}
}

func deleteStale(x *session) {
	ref, old := x.put(x.sample("one@example.com", "First", ""))
	second := x.sample("one@example.com", "Second", "")
	x.done(providers.Write{Kind: providers.Update, Ref: ref, Version: old, Item: second})
	out := x.write(providers.Write{Kind: providers.Delete, Ref: ref, Version: old})[0]
	switch {
	case !x.can.Conditional && out.Class == providers.Done:
		x.count(0)
	case out.Class != providers.Stale:
		x.Errorf("a delete of another version is %s, want stale", out.Class)
	default:
		x.holds(ref, second)
	}
}

func writeMissing(x *session) {
	if !x.can.Conditional {
		x.Skip("the folder does not look at what it overwrites")
	}
	it := x.sample("gone@example.com", "Gone", "")
	ref, version := x.put(it)
	x.done(providers.Write{Kind: providers.Delete, Ref: ref, Version: version})
	for _, w := range []providers.Write{
		{Kind: providers.Update, Ref: ref, Version: version, Item: it},
		{Kind: providers.Delete, Ref: ref, Version: version},
	} {
		if out := x.write(w)[0]; out.Class != providers.Missing {
			x.Errorf("%s of what is not there is %s, want missing", w.Kind, out.Class)
		}
	}
	x.count(0)
}

func outcomesInOrder(x *session) {
	a, aVersion := x.put(x.sample("a@example.com", "A", ""))
	b, bVersion := x.put(x.sample("b@example.com", "B", ""))
	gone, goneVersion := x.put(x.sample("gone@example.com", "Gone", ""))
	x.done(providers.Write{Kind: providers.Delete, Ref: gone, Version: goneVersion})
	changed := x.sample("a@example.com", "Changed", "")
	created := x.sample("c@example.com", "C", "")
	outcomes := x.write(
		providers.Write{Kind: providers.Delete, Ref: gone, Version: goneVersion},
		providers.Write{Kind: providers.Create, Item: created, Token: "c"},
		providers.Write{Kind: providers.Delete, Ref: b, Version: bVersion},
		providers.Write{Kind: providers.Update, Ref: a, Version: aVersion, Item: changed},
	)
	want := []providers.Class{providers.Missing, providers.Done, providers.Done, providers.Done}
	for i, out := range outcomes {
		if out.Class != want[i] {
			x.Errorf("outcome %d is %s (%v), want %s", i, out.Class, out.Err, want[i])
		}
	}
	x.count(2)
	x.holds(outcomes[1].Ref, created)
	x.holds(outcomes[3].Ref, changed)
}

func manyItems(x *session) {
	items := x.samples(2*min(x.can.Batch, 100) + 1)
	writes := make([]providers.Write, len(items))
	for i, it := range items {
		writes[i] = providers.Write{Kind: providers.Create, Item: it, Token: fmt.Sprint(i)}
	}
	outcomes := x.write(writes...)
	x.count(len(items))
	for i, out := range outcomes {
		if out.Class != providers.Done {
			x.Fatalf("create %d is %s: %v", i, out.Class, out.Err)
		}
	}
	x.holds(outcomes[0].Ref, items[0])
	x.holds(outcomes[len(items)-1].Ref, items[len(items)-1])
	versions, _ := x.list()
	var removals []providers.Write
	for ref, version := range versions {
		removals = append(removals, providers.Write{Kind: providers.Delete, Ref: ref, Version: version})
	}
	x.write(removals...)
	x.count(0)
}
