package sql_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest/university"
	"github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/schema/pim"
)

// BenchmarkPartitions reads a university's timetable once and lists every student's part: 3,000 students with 200 of 6,000 lessons each, or as many as
// ACCORD_STUDENTS says.
func BenchmarkPartitions(b *testing.B) {
	students := 3000
	if n, err := strconv.Atoi(os.Getenv("ACCORD_STUDENTS")); err == nil {
		students = n
	}
	path := filepath.Join(b.TempDir(), "timetable.db")
	if err := university.Write(path, university.Size{Students: students, Lessons: 6000, Each: 200}); err != nil {
		b.Fatal(err)
	}
	cfg := providers.FolderConfig{Address: "folder.timetable", Kind: pim.Calendar, Zone: time.UTC, Attributes: providers.Attributes{
		"query": university.Lessons, "params": map[string]any{"from": university.From, "to": university.To}, "key": []string{"id"}, "partition": "student_id",
		"fields": columns(map[string]string{"summary": "subject", "start": "starts_at", "end": "ends_at", "location": "room"}),
	}}
	b.ReportAllocs()
	for b.Loop() {
		p, err := sql.Driver{}.Open(b.Context(), providers.Config{Address: "provider.sql.timetable", Dir: b.TempDir(), Attributes: providers.Attributes{"driver": "sqlite", "dsn": path}})
		if err != nil {
			b.Fatal(err)
		}
		items := 0
		var read time.Duration
		for n := range students {
			begun := time.Now()
			f, err := p.Folder(b.Context(), partition(cfg, strconv.Itoa(n+1)))
			if err != nil {
				b.Fatal(err)
			}
			if _, err := f.Changes(b.Context(), "", func(providers.Change) error { items++; return nil }); err != nil {
				b.Fatal(err)
			}
			if n == 0 {
				read = time.Since(begun)
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/float64(items), "B-held/row")
		b.ReportMetric(float64(read.Nanoseconds())/float64(items), "ns-read/row")
		b.ReportMetric(float64(items), "rows")
		if err := p.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
