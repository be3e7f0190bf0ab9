package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// BenchmarkExpand loads a workspace in which one for_each makes many relationships, each with a template and a filter.
func BenchmarkExpand(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 30_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			config := fmt.Sprintf(`
accord { workspace = "many" }
provider "disk" "local" { path = "d" }
folder "company" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "company"
}
folder "staff" {
  for_each = { for n in setproduct(range(%d), range(1000)) : "u${n[0]}-${n[1]}" => true }
  provider = provider.disk.local
  kind     = "calendar"
  path     = "staff/${each.key}"
  labels   = { team = "sales" }
}
template "t" {
  kind = "calendar"
  set { summary = "[Company] ${item.summary}" }
}
relationship "down" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
  template    = template.t
  filter      = contains(item.categories, each.key)
}
`, n/1000)
			if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(config), 0o600); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var w *Workspace
			for b.Loop() {
				var src *Sources
				loaded, src, diags := Load(dir, testOptions())
				if diags.HasErrors() || len(loaded.Relations) != n {
					_ = WriteDiagnostics(os.Stderr, src, diags)
					b.Fatalf("%d relationships", len(loaded.Relations))
				}
				w = loaded
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(n), "live-B/relationship")
			runtime.KeepAlive(w)
		})
	}
}
