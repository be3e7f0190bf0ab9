package reconcile_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/vdir"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// benchItems events of about 700 bytes go from one directory to another, with the state on disk.
const benchItems = 10_000

// counted is a driver that counts what is asked of its folders.
type counted struct {
	providers.Driver
	requests *atomic.Int64
}

type countedProvider struct {
	providers.Provider
	requests *atomic.Int64
}

type countedFolder struct {
	providers.Folder
	requests *atomic.Int64
}

func (d counted) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return countedProvider{p, d.requests}, err
}

func (p countedProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	return countedFolder{f, p.requests}, err
}

func (f countedFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	f.requests.Add(1)
	return f.Folder.Changes(ctx, cursor, each)
}

func (f countedFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	f.requests.Add(1)
	return f.Folder.Fetch(ctx, refs, each)
}

func (f countedFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	f.requests.Add(1)
	return f.Folder.Write(ctx, writes)
}

// bench is a workspace on disk.
type bench struct {
	b        *testing.B
	drivers  map[string]providers.Driver
	requests atomic.Int64
	events   string // directory of the source
}

func newBench(b *testing.B) *bench {
	b.Helper()
	x := &bench{b: b, events: filepath.Join(b.TempDir(), "events")}
	x.drivers = map[string]providers.Driver{"vdir": counted{vdir.Driver{}, &x.requests}}
	x.must(os.Mkdir(x.events, 0o777))
	note := strings.Repeat(" Agenda and minutes of the last meeting, and what there is to decide.\r\n", 5)
	for i := range benchItems {
		uid := fmt.Sprintf("%08x-0000-4000-8000-%012x", i*2654435761%(1<<32), i)
		text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\n"+
			"DTSTART:202701%02dT100000Z\r\nDTEND:202701%02[2]dT110000Z\r\nSUMMARY:Meeting %[3]d of the year\r\nLOCATION:Room %[3]d\\, second floor\r\n"+
			"CATEGORIES:Team,Planning\r\nSTATUS:CONFIRMED\r\nDESCRIPTION:\r\n%[4]sEND:VEVENT\r\nEND:VCALENDAR\r\n", uid, i%28+1, i, note)
		x.must(os.WriteFile(filepath.Join(x.events, uid+".ics"), []byte(text), 0o666))
	}
	return x
}

func (x *bench) must(err error) {
	x.b.Helper()
	if err != nil {
		x.b.Fatal(err)
	}
}

// workspace has the events, and an empty folder to copy them to.
func (x *bench) workspace() *schema.Workspace {
	x.b.Helper()
	dir := x.b.TempDir()
	x.must(os.Mkdir(filepath.Join(dir, "destination"), 0o777))
	config := fmt.Sprintf("accord { workspace = \"bench\" }\nprovider \"vdir\" \"from\" { path = %q }\nprovider \"vdir\" \"to\" { path = \".\" }\n", filepath.Dir(x.events))
	for name, provider := range map[string]string{"events": "from", "destination": "to"} {
		config += fmt.Sprintf("folder %q {\n  provider = provider.vdir.%s\n  kind = \"calendar\"\n  path = %[1]q\n}\n", name, provider)
	}
	config += "relationship \"copy\" {\n  source = folder.events\n  destination = folder.destination\n  profile = \"one_way\"\n}\n"
	x.must(os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(config), 0o666))
	ws, _, diags := schema.Load(dir, schema.Options{Drivers: x.drivers})
	if diags.HasErrors() {
		x.b.Fatal(diags)
	}
	return ws
}

// apply plans and applies, and gives back how many items were added.
func (x *bench) apply(ws *schema.Workspace) int {
	x.b.Helper()
	st, err := state.Open(x.b.Context(), ws.StatePath, state.Options{})
	x.must(err)
	e := reconcile.New(ws, x.drivers, reconcile.Options{Now: time.Now})
	made, err := e.Plan(x.b.Context(), st, reconcile.Request{})
	x.must(err)
	result, err := e.Apply(x.b.Context(), st, made)
	x.must(err)
	x.must(e.Close())
	x.must(st.Close())
	return result.Summary.Add
}

func (x *bench) report() {
	x.b.Helper()
	x.b.ReportMetric(float64(benchItems)*float64(x.b.N)/x.b.Elapsed().Seconds(), "items/s")
	x.b.ReportMetric(float64(x.requests.Load())/float64(x.b.N), "requests/op")
}

// The first apply of a relationship: everything is read, copied and recorded.
func BenchmarkFirstApply(b *testing.B) {
	x := newBench(b)
	b.ReportAllocs()
	var size int64
	for b.Loop() {
		b.StopTimer()
		ws := x.workspace()
		b.StartTimer()
		if added := x.apply(ws); added != benchItems {
			b.Fatalf("%d items were added", added)
		}
		b.StopTimer()
		size = sizeOfDir(b, ws.StatePath)
		b.StartTimer()
	}
	x.report()
	b.ReportMetric(float64(size)/benchItems, "state-B/pair")
}

// A plan when nothing changed: folders are listed, and no item is read.
func BenchmarkPlanWithoutChange(b *testing.B) {
	x := newBench(b)
	ws := x.workspace()
	x.apply(ws)
	x.requests.Store(0)
	b.ReportAllocs()
	for b.Loop() {
		st, err := state.OpenReader(b.Context(), ws.StatePath, state.Options{})
		x.must(err)
		e := reconcile.New(ws, x.drivers, reconcile.Options{Now: time.Now})
		made, err := e.Plan(b.Context(), st, reconcile.Request{})
		x.must(err)
		if n := made.Document.Summary.Unchanged; n != benchItems {
			b.Fatalf("%d items are unchanged", n)
		}
		x.must(e.Close())
		x.must(st.Close())
	}
	x.report()
}
