package state

import (
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"pgregory.net/rapid"
)

// Generators of records: names of every form that packing knows, and of none.

func names() *rapid.Generator[string] {
	body := rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`),
		rapid.StringMatching(`[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}`),
		rapid.StringMatching(`[0-9a-fA-F-]{36}`),
		rapid.StringMatching(`[a-z2-7]{25}[aeimquy4]`),
		rapid.StringMatching(`[0-9a-v]{26}`),
		rapid.StringMatching(`([0-9a-f]{2}){1,40}`),
		rapid.StringMatching(`[0-9.:TZ+-]{1,40}`),
		rapid.StringMatching(`[A-Za-z0-9_-]{0,300}`),
		rapid.StringMatching(`[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048](\.[A-Za-z0-9_-]{10}[AEIMQUYcgkosw0489])?`),
		rapid.StringMatching(`ref:/dav/[a-z/]{1,9}`),
		rapid.StringMatching(`/[a-z]{1,3}/([0-9a-f]{8}|[a-z2-7]{26})`),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", derivedPrefix}).Draw(t, "prefix") + body.Draw(t, "body") +
			rapid.SampledFrom(endings[:]).Draw(t, "ending")
	})
}

// near is a name that is likely to be like another.
func near(t *rapid.T, other, label string) string {
	body, _ := splitEnding(other)
	part, _ := splitEnding(lastPart(other))
	return rapid.OneOf(names(), rapid.Just(other), rapid.Just(body), rapid.Just(other+".ics"), rapid.Just(body+".vcf"), rapid.Just(part), rapid.Just("/a/"+other)).Draw(t, label)
}

func times() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "zero") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
	})
}

func digests() *rapid.Generator[pim.Digests] {
	fields := rapid.SampledFrom([]string{"summary", "start", "attendees", "override:2026-01-02", "extra.X-FOO"})
	return rapid.Custom(func(t *rapid.T) pim.Digests {
		d := pim.Digests(rapid.MapOf(fields, rapid.Map(rapid.SliceOfN(rapid.Uint64(), 1, 4), func(u []uint64) pim.Digest { return u })).Draw(t, "fields"))
		if len(d) == 0 {
			return nil
		}
		return d
	})
}

func items() *rapid.Generator[Item] {
	return rapid.Custom(func(t *rapid.T) Item {
		ref := names().Draw(t, "ref")
		uid := near(t, ref, "uid")
		return Item{
			Ref: ref, Version: names().Draw(t, "version"), UID: uid, Key: near(t, uid, "key"),
			Unreadable: rapid.String().Draw(t, "unreadable"),
			Due:        times().Draw(t, "due"),
			Seen:       times().Draw(t, "seen"),
			Out:        outs().Draw(t, "out"),
			Match:      keyHashes().Draw(t, "match"),
			Names:      keyHashes().Draw(t, "names"),
		}
	})
}

func outs() *rapid.Generator[[]string] {
	return rapid.Map(rapid.SliceOfN(relationshipAddresses(), 0, 3), func(list []string) []string {
		if len(list) == 0 {
			return nil
		}
		return list
	})
}

func keyHashes() *rapid.Generator[[]uint64] {
	return rapid.Map(rapid.SliceOfN(rapid.Uint64(), 0, 3), func(list []uint64) []uint64 {
		if len(list) == 0 {
			return nil
		}
		return list
	})
}

func pairs() *rapid.Generator[Pair] {
	return rapid.Custom(func(t *rapid.T) Pair {
		p := Pair{
			Relationship: relationshipAddresses().Draw(t, "relationship"),
			Original:     names().Draw(t, "original"),
			Status:       rapid.SampledFrom(append(statuses[:], "", "other")).Draw(t, "status"),
			Generation:   rapid.Int().Draw(t, "generation"),
			Adopted:      rapid.Bool().Draw(t, "adopted"),
			BaseOriginal: digests().Draw(t, "base"),
			Refused:      rapid.Uint64Range(0, 2).Draw(t, "refused"),
			Undo:         rapid.Uint64Range(0, 2).Draw(t, "undo"),
			From:         times().Draw(t, "from"),
			To:           times().Draw(t, "to"),
			Rest:         rapid.SampledFrom([]Rest{Flowing, Out, Settling}).Draw(t, "rest"),
			Late:         rapid.SampledFrom([]Lateness{InTime, LateChanged, LateCancelled}).Draw(t, "late"),
			Until:        times().Draw(t, "until"),
		}
		p.OriginalRef = near(t, p.Original, "original ref")
		p.Replica = near(t, p.Original, "replica")
		p.ReplicaRef = near(t, p.Replica, "replica ref")
		p.BaseReplica = rapid.OneOf(digests(), rapid.Just(p.BaseOriginal)).Draw(t, "other base")
		return p
	})
}

func entries() *rapid.Generator[Entry] {
	return rapid.Custom(func(t *rapid.T) Entry {
		e := Entry{
			Apply: rapid.Uint64Range(1, 3).Draw(t, "apply"), Seq: rapid.Uint32Range(1, 4).Draw(t, "seq"),
			Relationship: relationshipAddresses().Draw(t, "relationship"), Folder: folderAddresses().Draw(t, "folder"),
			Kind:     rapid.SampledFrom([]providers.WriteKind{providers.Create, providers.Update, providers.Delete}).Draw(t, "kind"),
			Original: names().Draw(t, "original"), Generation: rapid.Int().Draw(t, "generation"), Digest: rapid.Uint64().Draw(t, "digest"),
			Reason: rapid.String().Draw(t, "reason"), NewVersion: names().Draw(t, "new version"),
			Outcome: rapid.SampledFrom(append(outcomes[:], "other")).Draw(t, "outcome"),
		}
		if images := rapid.SliceOf(rapid.Byte()).Draw(t, "images"); len(images) > 0 {
			e.Images = images
		}
		e.UID = near(t, e.Original, "uid")
		e.Token = near(t, e.UID, "token")
		e.Ref = near(t, e.Original, "ref")
		e.NewRef = near(t, e.UID, "new ref")
		if formerly := rapid.SliceOfN(formers(e), 0, 3).Draw(t, "formerly"); len(formerly) > 0 {
			e.Formerly = formerly
		}
		return e
	})
}

func formers(e Entry) *rapid.Generator[Former] {
	return rapid.Custom(func(t *rapid.T) Former {
		f := Former{PairKey: PairKey{e.Relationship, e.Original}, Writes: []uint32{e.Seq}}
		if rapid.Bool().Draw(t, "other") {
			f.PairKey = PairKey{relationshipAddresses().Draw(t, "relationship"), names().Draw(t, "original")}
		}
		if rapid.Bool().Draw(t, "writes") {
			f.Writes = rapid.SliceOfN(rapid.Uint32(), 1, 3).Draw(t, "of")
		}
		if rapid.Bool().Draw(t, "was") {
			pair := pairs().Draw(t, "pair")
			pair.Relationship = f.Relationship
			f.Pair = &pair
		}
		return f
	})
}

func folderAddresses() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"folder.a", "folder.b", `folder.c["x"]`})
}

func relationshipAddresses() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{"relationship.a", `relationship.b["x"]`, "mesh.m[\"a/b\"]"})
}

func folders() *rapid.Generator[Folder] {
	return rapid.Custom(func(t *rapid.T) Folder {
		f := Folder{
			Address: folderAddresses().Draw(t, "folder"), Location: names().Draw(t, "location"), Identity: names().Draw(t, "identity"),
			Cursor: names().Draw(t, "cursor"), Kind: rapid.SampledFrom([]pim.Kind{pim.Calendar, pim.Contacts}).Draw(t, "kind"),
		}
		if block := rapid.SliceOf(rapid.Byte()).Draw(t, "block"); len(block) > 0 {
			f.Block = block
		}
		f.Read = times().Draw(t, "read")
		return f
	})
}

func relationships() *rapid.Generator[Relationship] {
	return rapid.Custom(func(t *rapid.T) Relationship {
		return Relationship{
			Address: relationshipAddresses().Draw(t, "address"), Source: folderAddresses().Draw(t, "source"),
			Destination: folderAddresses().Draw(t, "destination"), OnRemove: rapid.SampledFrom([]string{"delete", "retire"}).Draw(t, "on_remove"),
			Existing: rapid.SampledFrom([]string{"adopt", "copy"}).Draw(t, "existing"),
			Coalesce: rapid.Bool().Draw(t, "coalesce"), Fingerprint: rapid.String().Draw(t, "fingerprint"), Since: times().Draw(t, "since"),
			Block: rapid.String().Draw(t, "block"), Key: rapid.String().Draw(t, "key"), Undone: rapid.String().Draw(t, "undone"),
			Rebuilt: rapid.Bool().Draw(t, "rebuilt"), Unwritten: rapid.Bool().Draw(t, "unwritten"),
		}
	})
}

func applies() *rapid.Generator[Apply] {
	return rapid.Custom(func(t *rapid.T) Apply {
		a := Apply{
			Number: rapid.Uint64Range(1, 3).Draw(t, "number"), Plan: rapid.String().Draw(t, "plan"), By: rapid.String().Draw(t, "by"),
			Started: times().Draw(t, "started"), Finished: times().Draw(t, "finished"),
			Task: rapid.String().Draw(t, "task"), Size: rapid.Int64().Draw(t, "size"),
		}
		if key := rapid.SliceOf(rapid.Byte()).Draw(t, "key"); len(key) > 0 {
			a.Key = key
		}
		if left := rapid.SliceOfN(folders(), 0, 2).Draw(t, "folders"); len(left) > 0 {
			a.Forgot.Folders = left
		}
		if left := rapid.SliceOfN(relationships(), 0, 2).Draw(t, "relationships"); len(left) > 0 {
			a.Forgot.Relationships = left
		}
		if counts := rapid.MapOf(rapid.String(), rapid.Int()).Draw(t, "counts"); len(counts) > 0 {
			a.Counts = counts
		}
		wrote := rapid.MapOfN(rapid.SampledFrom([]string{"add", "edit", "delete"}), rapid.IntRange(1, 9), 1, 3)
		if wrote := rapid.MapOfN(rapid.String(), wrote, 0, 2).Draw(t, "wrote"); len(wrote) > 0 {
			a.Wrote = wrote
		}
		return a
	})
}
