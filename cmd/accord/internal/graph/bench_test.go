package graph

import (
	"fmt"
	"io"
	"testing"

	"github.com/accord-sync/accord/reconcile/plan"
)

// BenchmarkSVG draws 300 folders with 900 relationships of as many blocks, which nothing folds.
func BenchmarkSVG(b *testing.B) {
	const n = 300
	var folders []folder
	var relations []relation
	for i := range n {
		folders = append(folders, folder{fmt.Sprintf("folder.f%d", i), "calendar", "vdir", plan.OK})
		for k := 1; k <= 3; k++ {
			relations = append(relations, relation{fmt.Sprintf("relationship.r%d_%d", i, k), folders[i].address, fmt.Sprintf("folder.f%d", (i*7+k*31)%n), false, plan.OK})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := build("w", folders, relations).SVG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFold draws a mesh of 500 folders, which has 249,500 relationships, and one to 500.
func BenchmarkFold(b *testing.B) {
	const n = 500
	var folders []folder
	var relations []relation
	for i := range n {
		folders = append(folders, folder{fmt.Sprintf(`folder.staff["%d"]`, i), "calendar", "vdir", plan.OK})
		for k := range n {
			if i != k {
				relations = append(relations, relation{fmt.Sprintf(`mesh.all["%d/%d"]`, i, k), folders[i].address, fmt.Sprintf(`folder.staff["%d"]`, k), true, plan.OK})
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := build("w", folders, relations).SVG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
