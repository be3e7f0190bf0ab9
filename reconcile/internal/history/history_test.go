package history

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const recorded = "../../testdata/model/histories.jsonl.gz"

func TestRead(t *testing.T) {
	modes := map[string]int{}
	var waiting, lost, differ, apart int
	for h, err := range Read(recorded) {
		if err != nil {
			t.Fatal(err)
		}
		modes[h.Mode]++
		for _, r := range h.Rounds {
			waiting += len(r.Waiting())
			differ += len(r.Differs)
			if r.Lost {
				lost++
			}
			for _, items := range r.World {
				for _, it := range items {
					uid, err := ParseUID(it.UID)
					if err != nil {
						t.Fatalf("%s %d: %v", h.Mode, h.Seed, err)
					}
					if uid.Kind == SetApart {
						apart++
					}
				}
			}
		}
		replay(t, h)
	}
	total := 0
	for _, n := range modes {
		total += n
	}
	if total < 5000 {
		t.Errorf("%d histories, want at least 5000", total)
	}
	for _, mode := range []string{"any", "mesh", "one", "recip", "o2m", "m2o", "chain", "chainrev", "twice", "mesh3"} {
		if modes[mode] == 0 {
			t.Errorf("no history of mode %s", mode)
		}
	}
	if waiting == 0 || lost == 0 || differ == 0 || apart == 0 {
		t.Errorf("waiting pairs %d, lost states %d, differences %d, versions set apart %d: none may be missing", waiting, lost, differ, apart)
	}
}

// replay checks that the edits fit the worlds: a user edits or deletes only what is there, and no two items of a folder share a UID.
func replay(t *testing.T, h History) {
	t.Helper()
	there := map[string]bool{}
	for i, r := range h.Rounds {
		for _, e := range r.Edits {
			at := e.Folder + "/" + e.UID
			if e.Delete && !there[at] {
				t.Fatalf("%s %d round %d: a user deletes %s, which is not there", h.Mode, h.Seed, i, at)
			}
			there[at] = !e.Delete
			if uid, err := ParseUID(e.UID); err != nil || !e.Delete && uid.Kind != Plain && i == 0 {
				t.Fatalf("%s %d round %d: edit of %s: %v", h.Mode, h.Seed, i, at, err)
			}
		}
		clear(there)
		for f, items := range r.World {
			for _, it := range items {
				at := f + "/" + it.UID
				if there[at] {
					t.Fatalf("%s %d round %d: %s is there twice", h.Mode, h.Seed, i, at)
				}
				there[at] = true
			}
		}
	}
}

func TestReadCarriesRelationshipsOver(t *testing.T) {
	const rels = `"rels":[{"name":"r","src":"A","dst":"B"}]`
	path := write(t, `{"mode":"any","seed":1,"folders":["A","B"],"rounds":[{`+rels+`,"world":{"A":[],"B":[]}},{"world":{"A":[],"B":[]}}]}`)
	n := 0
	for h, err := range Read(path) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if got := h.Rounds[1].Rels; len(got) != 1 || got[0].Name != "r" {
			t.Errorf("second round has relationships %v, want those of the first", got)
		}
	}
	if n != 1 {
		t.Errorf("%d histories, want 1", n)
	}
}

func TestReadRefuses(t *testing.T) {
	const start = `{"mode":"any","seed":1,"folders":["A","B"],"rounds":[`
	const rels = `"rels":[{"name":"r","src":"A","dst":"B"}]`
	const world = `"world":{"A":[],"B":[]}`
	tests := []struct{ name, file, want string }{
		{"unknown key", start + `{` + rels + `,` + world + `,"colour":1}]}`, `unknown field "colour"`},
		{"no rounds", start + `]}`, "no rounds"},
		{"no relationships", start + `{` + world + `}]}`, "no relationships"},
		{"unknown folder of a relationship", start + `{"rels":[{"name":"r","src":"A","dst":"Q"}],` + world + `}]}`, "unknown folders"},
		{"edit in an unknown folder", start + `{` + rels + `,"edits":[{"f":"Q","u":"x"}],` + world + `}]}`, `unknown folder "Q"`},
		{"missing folder", start + `{` + rels + `,"world":{"A":[]}}]}`, "1 folders after the apply instead of 2"},
		{"unknown folder", start + `{` + rels + `,"world":{"A":[],"Q":[]}}]}`, `unknown folder "Q"`},
		{"unknown marker status", start + `{` + rels + `,"world":{"A":[],"B":[{"u":"x","k":{"s":"dead"}}]}}]}`, `marker status "dead"`},
		{"unknown pair status", start + `{` + rels + `,` + world + `,"pairs":[{"r":"r","o":"x","s":"dead"}]}]}`, `unknown status "dead"`},
		{"unknown difference", start + `{` + rels + `,` + world + `,"differs":["taste"]}]}`, `unknown difference "taste"`},
		{"ends early", start + `{` + rels, "unexpected EOF"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := write(t, test.file)
			var err error
			for _, err = range Read(path) {
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want one that names %s and says %s", err, path, test.want)
			}
		})
	}
}

func TestParseUID(t *testing.T) {
	tests := []struct {
		in   string
		want UID
	}{
		{"x", UID{Plain: "x"}},
		{"R(r1|x|2)", UID{Kind: Replica, Relationship: "r1", Original: "x", Generation: 2}},
		{"R(r2|R(r1|x|0)|1)", UID{Kind: Replica, Relationship: "r2", Original: "R(r1|x|0)", Generation: 1}},
		{"K(r1|x|[B] t||k)", UID{Kind: SetApart, Relationship: "r1", Original: "x", Version: Fields{"[B] t", "", "k"}}},
		{"K(r1|R(r2|K(r1|x|t|n|-)|0)|Z|n|k)", UID{Kind: SetApart, Relationship: "r1", Original: "R(r2|K(r1|x|t|n|-)|0)", Version: Fields{"Z", "n", "k"}}},
	}
	for _, test := range tests {
		if got, err := ParseUID(test.in); err != nil || got != test.want {
			t.Errorf("ParseUID(%q) = %+v, %v; want %+v", test.in, got, err, test.want)
		}
	}
	for _, in := range []string{"", "x)", "R(r1|x)", "R(r1|x|y)", "K(r1|x|t|n)", "R(r1|x|1"} {
		if got, err := ParseUID(in); err == nil {
			t.Errorf("ParseUID(%q) = %+v, want an error", in, got)
		}
	}
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "histories.jsonl.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	if _, err := z.Write([]byte(text + "\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}
