package ical

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// benchItems is the size of a very large calendar.
const benchItems = 100_000

// benchEvents are events of about 700 octets in one VCALENDAR.
func benchEvents(b *testing.B) []byte {
	b.Helper()
	var text bytes.Buffer
	text.WriteString(crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Accord//ical//EN\n"))
	note := strings.Repeat("Agenda and minutes. ", 25)
	for i := range benchItems {
		text.WriteString(vevent(fmt.Sprintf("event-%06d@example.com", i), fmt.Sprint("Meeting ", i), "DESCRIPTION:"+note))
	}
	text.WriteString(crlf("END:VCALENDAR\n"))
	return text.Bytes()
}

func benchFile(b *testing.B) *fixture {
	b.Helper()
	x := newFixture(b, pim.Calendar)
	x.provider.disk = local{}
	x.put(string(benchEvents(b)))
	return x
}

func perSecond(b *testing.B, items int) {
	b.ReportMetric(float64(items)*float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

// BenchmarkScan reads a file into an index, and measures the memory that the index takes.
func BenchmarkScan(b *testing.B) {
	text := benchEvents(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var x *index
	for b.Loop() {
		var err error
		if x, err = scan(b.Context(), bytes.NewReader(text), pim.Calendar, false); err != nil || len(x.entries) != benchItems {
			b.Fatal(err)
		}
	}
	perSecond(b, benchItems)
	var with, without runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&with)
	runtime.KeepAlive(x)
	x = nil
	runtime.GC()
	runtime.ReadMemStats(&without)
	b.ReportMetric(float64(with.HeapAlloc-without.HeapAlloc)/benchItems, "index-B/item")
}

func BenchmarkChanges(b *testing.B) {
	x := benchFile(b)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if _, err := x.Changes(b.Context(), "", func(providers.Change) error { n++; return nil }); err != nil || n != benchItems {
			b.Fatal(n, err)
		}
	}
	perSecond(b, benchItems)
}

// counting counts the octets read.
type counting struct {
	io.ReaderAt
	octets int64
}

func (c *counting) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, at)
	c.octets += int64(n)
	return n, err
}

// BenchmarkFetch reads all items in batches, as the engine does, and counts what is read of the file beyond the scan.
func BenchmarkFetch(b *testing.B) {
	x := benchFile(b)
	var refs []string
	if _, err := x.Changes(b.Context(), "", func(c providers.Change) error { refs = append(refs, c.Ref); return nil }); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		for batch := refs; len(batch) > 0; batch = batch[min(2000, len(batch)):] {
			if err := x.Fetch(b.Context(), batch[:min(2000, len(batch))], func(got providers.Fetched) error { return got.Err }); err != nil {
				b.Fatal(err)
			}
		}
	}
	perSecond(b, benchItems)
	b.StopTimer()
	o, err := x.read(b.Context(), false)
	if err != nil {
		b.Fatal(err)
	}
	defer o.close()
	read := &counting{ReaderAt: o.text}
	o.book.text = read
	for _, ref := range refs {
		if got, err := o.fetch(ref); err != nil || got.Err != nil {
			b.Fatal(err, got.Err)
		}
	}
	b.ReportMetric(float64(read.octets)/benchItems, "read-B/item")
}

// BenchmarkUpdate writes batches of changes into the large file, which is rewritten once for each.
func BenchmarkUpdate(b *testing.B) {
	for _, size := range []int{1, 2000, 10_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			x := benchFile(b)
			versions := x.list()
			writes := make([]providers.Write, size)
			for i := range writes {
				uid := fmt.Sprintf("event-%06d@example.com", i*(benchItems/size))
				writes[i] = providers.Write{Kind: providers.Update, Ref: uid, Version: versions[uid]}
			}
			b.ReportAllocs()
			round := 0
			for b.Loop() {
				b.StopTimer()
				round++
				for i := range writes {
					writes[i].Item = event(b, writes[i].Ref, fmt.Sprint("Round ", round))
				}
				b.StartTimer()
				for i, out := range x.done(writes...) {
					writes[i].Version = out.Version
				}
			}
			perSecond(b, size)
			b.ReportMetric(float64(x.rewrites)/float64(b.N), "rewrites/op")
		})
	}
}
