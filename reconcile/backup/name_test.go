package backup

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/schema/pim"
)

// TestNames: whatever refs, UIDs and addresses are, each item and folder has a name of its own, which every file system takes and which leads nowhere else.
func TestNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"../../etc/passwd", "/", "A", "a", "CON", "nul.ics", ".", "", strings.Repeat("x", 300), "a\x00b", "\xff", "é", "e\u0301"}))
		seen := map[string]bool{}
		for _, ref := range rapid.SliceOfNDistinct(text, 1, 20, rapid.ID).Draw(t, "refs") {
			for _, name := range []string{fileName(pim.Contacts, Item{Ref: ref, UID: text.Draw(t, "uid")}), directoryName("folder." + ref)} {
				base, _, _ := strings.Cut(name, ".")
				if seen[name] || !isName(name) || len(name) > 100 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" || strings.Trim(name, ".-") != name || base == "con" || base == "nul" {
					t.Fatalf("%q is no good name for %q", name, ref)
				}
				seen[name] = true
			}
		}
	})
}
