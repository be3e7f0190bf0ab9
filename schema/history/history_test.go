package history

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

// TestRead: what is read of moved and removed blocks, or the summaries of what is said instead. There are folder.a and relationship.r["x"].
func TestRead(t *testing.T) {
	moved := func(from, to string) string { return fmt.Sprintf("moved {\n  from = %s\n  to   = %s\n}\n", from, to) }
	for config, want := range map[string]string{
		moved("folder.old", "folder.a"):                                              "folder.old > folder.a",
		moved("folder.older", "folder.old") + moved("folder.old", "folder.a"):        "folder.older > folder.old, folder.old > folder.a",
		moved("mesh.m", `relationship.r["x"]`):                                       `mesh.m > relationship.r["x"]`,
		moved(`relationship.r["y"]`, `relationship.r["x"]`):                          `relationship.r["y"] > relationship.r["x"]`,
		moved("folder.b", "folder.c") + moved("folder.c", "folder.b"):                "Cycle of moved",
		moved("folder.b", "folder.b"):                                                "Cycle of moved",
		moved("folder.old", "folder.a") + moved("folder.old", "relationship.r"):      "Moved twice",
		moved("folder.a", "folder.b"):                                                "Moved, but there",
		moved("folder.old", "folder.none"):                                           "Unknown reference",
		moved("folder.old", "relationship.r"):                                        "Moved to another type",
		moved("var.x", "folder.a"):                                                   "Not an address",
		"removed { from = relationship.gone }\n":                                     "relationship.gone: ",
		"removed {\n  from      = relationship.gone\n  on_remove = \"release\"\n}\n": "relationship.gone: release",
		"removed {\n  from      = relationship.gone\n  on_remove = \"free\"\n}\n":    "Unknown value",
		"removed { from = folder.a }\n":                                              "Removed, but there",
	} {
		sc := scope.New(functions.Surroundings{}, cty.EmptyObject)
		content := sc.Content(sc.Parse("main.hcl", []byte(config)), &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "moved"}, {Type: "removed"}}})
		there := map[string]bool{"folder.a": true, "relationship.r": true, `relationship.r["x"]`: true}
		movedTo, removed := Read(sc, content.Blocks, there, []string{"delete", "retire", "release"})
		var got []string
		for _, m := range movedTo {
			got = append(got, m.From+" > "+m.To)
		}
		for _, r := range removed {
			got = append(got, r.From+": "+r.OnRemove)
		}
		if said := sc.Diagnostics(); len(said) > 0 {
			got = nil
			for _, d := range said {
				got = append(got, d.Summary)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\nis %q, want %s", config, got, want)
		}
	}
}
