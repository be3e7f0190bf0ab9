package vdir

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// benchItems is the size of a large calendar. Creating and updating depend on what the disk did before: ext4 looks for inodes that were not freed
// within the last minutes, so that after ten thousand deletes any program makes files many times slower. Compare runs only with runs
// on a disk at rest.
const benchItems = 10_000

// benchFolder is a folder of benchItems events of about 700 bytes, and the writes that made it.
func benchFolder(b *testing.B) (*folder, []providers.Write, []providers.Outcome) {
	b.Helper()
	f := benchEmpty(b)
	writes := make([]providers.Write, benchItems)
	note := strings.Repeat("Agenda and minutes. ", 25)
	for i := range writes {
		it, err := pim.Parse(pim.Calendar, []byte(eventText(fmt.Sprintf("event-%05d@example.com", i), fmt.Sprint("Meeting ", i)+`\n`+note)))
		if err != nil {
			b.Fatal(err)
		}
		writes[i] = providers.Write{Kind: providers.Create, Item: it}
	}
	return f, writes, benchWrite(b, f, writes)
}

func benchEmpty(b *testing.B) *folder {
	b.Helper()
	p, err := Driver{}.Open(b.Context(), providers.Config{Dir: b.TempDir(), Attributes: providers.Attributes{"path": "."}})
	if err != nil {
		b.Fatal(err)
	}
	cfg := at("work", pim.Calendar)
	if err := p.CreateFolder(b.Context(), cfg); err != nil {
		b.Fatal(err)
	}
	f, err := p.Folder(b.Context(), cfg)
	if err != nil {
		b.Fatal(err)
	}
	return f.(*folder)
}

func benchWrite(b *testing.B, f *folder, writes []providers.Write) []providers.Outcome {
	b.Helper()
	var outcomes []providers.Outcome
	for start, batch := 0, f.Capabilities().Batch; start < len(writes); start += batch {
		outcomes = append(outcomes, f.Write(b.Context(), writes[start:min(start+batch, len(writes))])...)
	}
	for _, out := range outcomes {
		if out.Class != providers.Done {
			b.Fatal(out.Err)
		}
	}
	return outcomes
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(benchItems)*float64(b.N)/b.Elapsed().Seconds(), "files/s")
}

func BenchmarkChanges(b *testing.B) {
	f, _, _ := benchFolder(b)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if _, err := f.Changes(b.Context(), "", func(providers.Change) error { n++; return nil }); err != nil || n != benchItems {
			b.Fatal(n, err)
		}
	}
	perSecond(b)
}

func BenchmarkFetch(b *testing.B) {
	f, _, outcomes := benchFolder(b)
	refs := make([]string, len(outcomes))
	for i, out := range outcomes {
		refs[i] = out.Ref
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := f.Fetch(b.Context(), refs, func(got providers.Fetched) error { return got.Err }); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b)
}

func BenchmarkCreate(b *testing.B) {
	_, writes, _ := benchFolder(b)
	b.ReportAllocs()
	syncs := int64(0)
	for b.Loop() {
		b.StopTimer()
		f := benchEmpty(b)
		b.StartTimer()
		benchWrite(b, f, writes)
		syncs = f.syncs.Load()
	}
	perSecond(b)
	b.ReportMetric(float64(syncs), "syncs/op")
}

func BenchmarkUpdate(b *testing.B) {
	f, writes, outcomes := benchFolder(b)
	b.ReportAllocs()
	for b.Loop() {
		for i, out := range outcomes {
			writes[i].Kind, writes[i].Ref, writes[i].Version = providers.Update, out.Ref, out.Version
		}
		outcomes = benchWrite(b, f, writes)
	}
	perSecond(b)
}
