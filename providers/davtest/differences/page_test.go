package differences

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/internal/dav"
	"github.com/accord-sync/accord/schema/pim"
)

// TestPage holds the generated parts of docs/servers.md, those between <!-- part: NAME --> and <!-- end -->, to the profiles and the table.
func TestPage(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	table, err := Load(filepath.Join(root, "testdata", "servers", "differences.json"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "docs", "servers.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := within(t, string(page), "profiles", profiles())
	for _, kind := range pim.Kinds() {
		want = within(t, want, string(kind), outcomes(t, table, kind))
	}
	if want == string(page) {
		return
	}
	if !*Update {
		t.Fatal("docs/servers.md is out of date: go test ./providers/davtest/differences -update")
	}
	if err := os.WriteFile(file, []byte(want), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestTable finds every input with every server in the table, and nothing else.
func TestTable(t *testing.T) {
	table, err := Load(filepath.Join("..", "..", "..", "testdata", "servers", "differences.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, server := range servers.Names() {
		for _, kind := range pim.Kinds() {
			var names []string
			for _, in := range Inputs(kind) {
				if _, err := in.item("unique"); err != nil {
					t.Errorf("%s: %v", in.Name, err)
				}
				names = append(names, in.Name)
			}
			slices.Sort(names)
			if measured := slices.Sorted(maps.Keys(table[server][kind])); !slices.Equal(measured, names) {
				t.Errorf("of %s at %s, the table has %q, and the inputs are %q", kind, server, measured, names)
			}
		}
	}
}

// within is a page with another text in a part of it.
func within(t *testing.T, page, part, text string) string {
	t.Helper()
	begin, end := "<!-- part: "+part+" -->\n", "<!-- end -->"
	before, rest, there := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !there || !ends {
		t.Fatalf("there is no part %q in docs/servers.md", part)
	}
	return before + begin + text + end + after
}

func profiles() string {
	var s strings.Builder
	s.WriteString("| `server` | is | what changed is learnt by | all items are listed by | items in a multiget | is looked at before a write | is read back after a write | tells attendees by itself | keeps no |\n")
	s.WriteString("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
	for _, p := range dav.Profiles() {
		batch := fmt.Sprint(p.Multiget)
		if p.Whole > 0 {
			batch += fmt.Sprintf(", from %d on all at once", p.Whole)
		}
		look, back := "nothing", "everything"
		switch {
		case p.Blind:
			look = "everything"
		case p.Covers:
			look = "a new item's name"
		}
		if p.Exact {
			back = "what has no ETag in the answer"
		}
		var spoils []string
		for _, spoil := range p.Spoils {
			spoils = append(spoils, string(spoil))
		}
		fmt.Fprintf(&s, "| `%s` | %s | %s | %s | %s | %s | %s | %s | %s |\n", p.Name, p.Doc, p.Feed, p.Listing, batch, look, back, p.Invites, strings.Join(spoils, "; "))
	}
	return s.String()
}

// outcomes is the table of a kind, and the reasons that servers give.
func outcomes(t *testing.T, table Table, kind pim.Kind) string {
	var s, notes strings.Builder
	reasons := []string{}
	s.WriteString("| " + string(kind))
	for _, server := range servers.Names() {
		s.WriteString(" | " + server)
	}
	s.WriteString(" |\n|" + strings.Repeat(" --- |", len(servers.Names())+1) + "\n")
	requests := map[string][]int{}
	for _, in := range Inputs(kind) {
		s.WriteString("| " + in.Name)
		for _, server := range servers.Names() {
			o := table[server][kind][in.Name]
			requests[server] = append(requests[server], o.Requests)
			s.WriteString(" | ")
			switch class, reason, _ := strings.Cut(o.Failed, ": "); {
			case o.Failed != "":
				at := slices.Index(reasons, reason)
				if at < 0 {
					at = len(reasons)
					reasons = append(reasons, reason)
					fmt.Fprintf(&notes, "%d. %s\n", at+1, reason)
				}
				verb := map[string]string{"refused": "refuses"}[class]
				if verb == "" {
					verb = "fails"
				}
				fmt.Fprintf(&s, "**%s** (%d)", verb, at+1)
			case len(o.Rewritten) > 0:
				s.WriteString("changes `" + strings.Join(o.Rewritten, "` `") + "`")
			default:
				s.WriteString("keeps")
			}
		}
		s.WriteString(" |\n")
	}
	s.WriteString("| *requests to make one and to know what is stored*")
	for _, server := range servers.Names() {
		least, most := slices.Min(requests[server]), slices.Max(requests[server])
		if least == most {
			fmt.Fprintf(&s, " | *%d*", most)
		} else {
			fmt.Fprintf(&s, " | *%d–%d*", least, most)
		}
	}
	s.WriteString(" |\n")
	if notes.Len() > 0 {
		s.WriteString("\n" + notes.String())
	}
	return s.String()
}
