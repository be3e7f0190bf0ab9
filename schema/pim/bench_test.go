package pim

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
)

// folded is an event of some 700 bytes.
var folded = strings.Replace(meeting, "DESCRIPTION:Hello", "DESCRIPTION:Hello "+strings.Repeat("and so on ", 5)+"\r\n "+strings.Repeat("more ", 8), 1)

func BenchmarkParse(b *testing.B) {
	data := []byte(folded)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(Calendar, data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFields(b *testing.B) {
	data := []byte(folded)
	b.ReportAllocs()
	for b.Loop() {
		it, _ := Parse(Calendar, data)
		if len(it.Fields()) == 0 {
			b.Fatal("no fields")
		}
	}
}

func BenchmarkDigests(b *testing.B) {
	it, _ := Parse(Calendar, []byte(folded))
	f := it.Fields()
	b.ReportAllocs()
	for b.Loop() {
		f.Digests()
	}
}

func BenchmarkWithFields(b *testing.B) {
	it, _ := Parse(Calendar, []byte(folded))
	v, err := FieldValue(Calendar, "summary", "another")
	if err != nil {
		b.Fatal(err)
	}
	changes := Fields{"summary": v}
	it.Fields()
	b.ReportAllocs()
	for b.Loop() {
		it.WithFields(changes)
	}
}

// BenchmarkHeld counts what an item that was only parsed costs beyond its bytes.
func BenchmarkHeld(b *testing.B) {
	data := []byte(folded)
	const n = 10_000
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		items := make([]*Item, n)
		for i := range items {
			items[i], _ = Parse(Calendar, bytes.Clone(data))
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/item")
		b.ReportMetric(float64(len(data)), "B/bytes")
		runtime.KeepAlive(items)
	}
}
