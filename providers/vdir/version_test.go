package vdir

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
)

// coarse is a directory on a file system that keeps times in steps and no change time, as FAT does.
type coarse struct {
	directory
	step time.Duration
}

func (c coarse) round(s stat) stat {
	s.mtime -= s.mtime % int64(c.step)
	s.ctime = 0
	return s
}

func (c coarse) stat(name string) (stat, error) {
	s, err := c.directory.stat(name)
	return c.round(s), err
}

func (c coarse) read(name string, limit int64) ([]byte, stat, error) {
	data, s, err := c.directory.read(name, limit)
	return data, c.round(s), err
}

func (c coarse) create(name string, data []byte, permissions uint32, modified time.Time) (stat, error) {
	s, err := c.directory.create(name, data, permissions, modified)
	return c.round(s), err
}

// volatile is a directory that does not wait for the disk.
type volatile struct{ directory }

func (volatile) flush([]string) (int, error) { return 0, nil }
func (volatile) sync() error                 { return nil }

var steps = []time.Duration{time.Nanosecond, 10 * time.Millisecond, time.Second, 2 * time.Second}

// A program rewrites a file in place, with the same size, in the step of time in which we looked at it.
func TestARewriteRightAfterAListingIsSeen(t *testing.T) {
	for _, step := range steps {
		for _, later := range []time.Duration{0, time.Second, time.Hour} {
			t.Run(fmt.Sprint(step, " ", later), func(t *testing.T) {
				x := newFixture(t)
				x.wrap = func(d directory) directory { return coarse{d, step} }
				x.file("one.ics", eventText("one", "Aaaa"))
				listed := x.list()["one.ics"]
				fetched := x.fetchOne("one.ics").Version
				if listed != fetched {
					t.Errorf("listed at %q, fetched at %q", listed, fetched)
				}
				x.file("one.ics", eventText("one", "Bbbb"))
				x.clock = x.clock.Add(later)
				if again := x.list()["one.ics"]; again == listed {
					t.Errorf("the version is %q before and after the rewrite", again)
				}
				for _, kind := range []providers.WriteKind{providers.Update, providers.Delete} {
					out := x.write(providers.Write{Kind: kind, Ref: "one.ics", Version: listed, Item: event(t, "one", "Cccc")})[0]
					if out.Class != providers.Stale {
						t.Errorf("%s of the version before the rewrite: %s, want stale", kind, out.Class)
					}
				}
			})
		}
	}
}

func TestARewriteRightAfterOurWriteIsSeen(t *testing.T) {
	for _, step := range steps {
		t.Run(step.String(), func(t *testing.T) {
			x := newFixture(t)
			x.wrap = func(d directory) directory { return coarse{d, step} }
			out := x.write(providers.Write{Kind: providers.Create, Item: event(t, "one", "Aaaa")})[0]
			x.file("one.ics", eventText("one", "Bbbb"))
			if version := x.list()["one.ics"]; version == out.Version {
				t.Errorf("the version is %q after our write and after the rewrite", version)
			}
			out = x.write(providers.Write{Kind: providers.Update, Ref: "one.ics", Version: out.Version, Item: event(t, "one", "Cccc")})[0]
			if out.Class != providers.Stale {
				t.Errorf("an update of what was rewritten is %s, want stale", out.Class)
			}
		})
	}
}

// A version that was made while the file was young is still good for a write when it is no longer.
func TestAYoungVersionServesAsPreconditionLater(t *testing.T) {
	x := newFixture(t)
	x.file("one.ics", eventText("one", "One"))
	young := x.list()["one.ics"]
	x.clock = x.clock.Add(time.Hour)
	old := x.list()["one.ics"]
	if young == old {
		t.Fatal("a young file and an old one have the same version")
	}
	out := x.write(providers.Write{Kind: providers.Update, Ref: "one.ics", Version: young, Item: event(t, "one", "Two")})[0]
	if out.Class != providers.Done {
		t.Errorf("the update is %s: %v", out.Class, out.Err)
	}
}

func TestOurWritesAreNotReadAgain(t *testing.T) {
	for _, step := range steps {
		t.Run(step.String(), func(t *testing.T) {
			x := newFixture(t)
			x.wrap = func(d directory) directory { return coarse{d, step} }
			var writes []providers.Write
			for i := range 20 {
				writes = append(writes, providers.Write{Kind: providers.Create, Item: event(t, fmt.Sprint("uid-", i), "Title")})
			}
			created := x.write(writes...)
			updated := x.write(providers.Write{Kind: providers.Update, Ref: created[0].Ref, Version: created[0].Version, Item: event(t, "uid-0", "Other")})
			created[0] = updated[0]
			x.reads.Store(0)
			for _, pause := range []time.Duration{0, time.Hour} {
				x.clock = x.clock.Add(pause)
				versions := x.list()
				for _, out := range created {
					if versions[out.Ref] != out.Version {
						t.Errorf("%q is %q after the write and %q in the listing", out.Ref, out.Version, versions[out.Ref])
					}
				}
			}
			if n := x.reads.Load(); n != 0 {
				t.Errorf("the listings read %d files", n)
			}
		})
	}
}

func TestStampsDiffer(t *testing.T) {
	base := stat{mtime: 1, ctime: 2, size: 3, inode: 4}
	stamps := []string{base.stamp()}
	for _, change := range []func(*stat){
		func(s *stat) { s.mtime++ }, func(s *stat) { s.ctime++ }, func(s *stat) { s.size++ }, func(s *stat) { s.inode++ },
	} {
		other := base
		change(&other)
		if slices.Contains(stamps, other.stamp()) {
			t.Errorf("%+v has the stamp of another", other)
		}
		stamps = append(stamps, other.stamp())
	}
}

// Whatever we and others do, and however coarse the file system's times are: a file that is listed at a version that we know holds what it held then.
func TestAKnownVersionIsKnownContent(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := newFixture(t)
		step := rapid.SampledFrom(steps).Draw(r, "step")
		x.wrap = func(d directory) directory { return volatile{coarse{d, step}} }
		refs := rapid.SampledFrom([]string{"a.ics", "b.ics"})
		titles := rapid.SampledFrom([]string{"Aaaa", "Bbbb", "Cccc", "Longer"})
		pauses := rapid.SampledFrom([]time.Duration{0, time.Nanosecond, time.Millisecond, time.Second / 2, 2 * time.Second, youth, time.Hour})
		type known struct{ version, title string }
		knows := map[string]known{}
		held := map[string]string{}
		r.Repeat(map[string]func(*rapid.T){
			"others write": func(r *rapid.T) {
				ref, title := refs.Draw(r, "ref"), titles.Draw(r, "title")
				x.file(ref, eventText(ref, title))
				held[ref] = title
			},
			"time goes on": func(r *rapid.T) { x.clock = x.clock.Add(pauses.Draw(r, "pause")) },
			"we read": func(r *rapid.T) {
				ref := refs.Draw(r, "ref")
				if got := x.fetchOne(ref); got.Err == nil {
					knows[ref] = known{got.Version, got.Item.Title()}
				}
			},
			"we write": func(r *rapid.T) {
				ref, title := refs.Draw(r, "ref"), titles.Draw(r, "title")
				before, read := knows[ref]
				if !read {
					return
				}
				w := providers.Write{Kind: providers.Update, Ref: ref, Version: before.version, Item: event(t, ref, title)}
				switch out := x.write(w)[0]; out.Class {
				case providers.Done:
					if held[ref] != before.title {
						r.Fatalf("%s held %q, we knew %q and wrote over it", ref, held[ref], before.title)
					}
					held[ref], knows[ref] = title, known{out.Version, title}
				case providers.Stale: // allowed: a file may be touched without a change
				default:
					r.Fatalf("the update is %s: %v", out.Class, out.Err)
				}
			},
			"": func(r *rapid.T) {
				for ref, version := range x.list() {
					if k, read := knows[ref]; read && k.version == version && k.title != held[ref] {
						r.Fatalf("%s is listed at the version of %q and holds %q", ref, k.title, held[ref])
					}
				}
			},
		})
	})
}
