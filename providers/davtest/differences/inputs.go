package differences

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/accord-sync/accord/schema/pim"
)

//go:embed inputs.txtar
var archive []byte

// Input is a telling item.
type Input struct {
	Kind pim.Kind
	Name string // what is telling about it
	uid  string // a pattern for its UID; %s is what makes it unique
	text string // with UID where its UID goes, and LF at the ends of lines
}

// Inputs are the telling items of a kind.
func Inputs(kind pim.Kind) []Input {
	var all []Input
	for _, f := range txtar.Parse(archive).Files {
		if of, name, _ := strings.Cut(f.Name, "/"); of == string(kind) {
			all = append(all, Input{kind, name, "%s@example.com", string(f.Data)})
		}
	}
	plain := all[0]
	with := func(name, uid, old, new string) {
		all = append(all, Input{kind, name, uid, strings.Replace(plain.text, old, new, 1)})
	}
	with("a UID that makes no file name", `a/b c?%%41&é-%s`, "", "")
	with("a UID with a backslash and quotes", `"a\b"-%s`, "", "")
	with("a UID of 300 characters", strings.Repeat("u", 268)+"%s", "", "")
	title, body := "\nSUMMARY:", "\nDESCRIPTION:"
	if kind == pim.Contacts {
		title, body = "\nFN:", "\nNOTE:"
	}
	with("characters of all kinds", "%s@example.com", title, title+"e\u0301 ß 漢字 \U0001F600 \u200f עברית \u00a0 \t <&> \"'` ")
	with("percent signs", "%%3B-%s@example.com", title, title+"%2C %3A %3B %5C ")
	with("a text of 1 MiB", "%s@example.com", body, body+strings.Repeat("0123456789abcde ", 1<<16))
	return all
}

// item is the input with a UID of its own.
func (in Input) item(unique string) (*pim.Item, error) {
	uid := fmt.Sprintf(in.uid, unique)
	text := strings.ReplaceAll(strings.Replace(in.text, "\n", "\r\n", -1), "\r\nUID:UID\r\n", "\r\nUID:placeholder\r\n")
	it, err := pim.Parse(in.Kind, []byte(text))
	if err != nil {
		return nil, err
	}
	it = it.WithUID(uid)
	return it.WithMarker(&pim.Marker{
		Workspace: "office", Relationship: "relationship.a_to_b", Original: "original@example.com", Source: "folder.a",
		Generation: 1, Status: pim.Live, UID: uid, Written: it.Fields().Digest(),
	}), nil
}
