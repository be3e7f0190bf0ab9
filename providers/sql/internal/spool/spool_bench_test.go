package spool

import (
	"fmt"
	"runtime"
	"strconv"
	"testing"

	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// BenchmarkSpool fills a spool with the rows of 1,000 partitions, 200 of 6,000 lessons each, and lists all of them.
func BenchmarkSpool(b *testing.B) {
	const partitions, lessons, each = 1000, 6000, 200
	b.ReportAllocs()
	for b.Loop() {
		f := New(Config{Block: "folder.timetable", Key: []string{"id"}, Partition: "student"})
		if err := f.Begin([]value.Column{{Name: "id"}, {Name: "subject"}, {Name: "room"}, {Name: "student"}}); err != nil {
			b.Fatal(err)
		}
		row := make([]value.Cell, 4)
		for p := range partitions {
			for n := range each {
				id := (p*31 + n*7) % lessons
				row[0].V, row[1].V, row[2].V, row[3].V = int64(id), fmt.Sprintf("Lecture %d of many", id), "Main building, A"+strconv.Itoa(id%90), int64(p)
				if err := f.Row(row); err != nil {
					b.Fatal(err)
				}
			}
		}
		s, err := f.Finish()
		if err != nil {
			b.Fatal(err)
		}
		items := 0
		for p := range partitions {
			part := strconv.Itoa(p)
			for range s.In(&part).Items() {
				items++
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/float64(items), "B-held/row")
		b.ReportMetric(float64(items), "rows")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
