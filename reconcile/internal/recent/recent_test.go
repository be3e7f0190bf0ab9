package recent

import "testing"

// TestAgain: of what turned up, the last ones are known, and not much more than that is held.
func TestAgain(t *testing.T) {
	const most = 10
	f := New(most)
	for h := range uint64(1000) {
		if f.Again(h) {
			t.Fatalf("%d turned up before", h)
		}
		if !f.Again(h) || h >= most && !f.Again(h-most+1) {
			t.Fatalf("after %d, what came last is not known", h)
		}
		if held := len(f.sets[0]) + len(f.sets[1]); held > 2*most {
			t.Fatalf("%d hashes are held", held)
		}
	}
	if f.Again(0) {
		t.Error("the first one is still known")
	}
}
