package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/reference"
)

// configurationPage is everything that a configuration can say.
func configurationPage(t *testing.T, w io.Writer) {
	fmt.Fprint(w, "# Configuration\n\n"+
		"A workspace is a directory of `*.hcl` files. `*.accord.json` and `*.accord.yaml` files have the same structure, with references as texts\n"+
		"(`\"folder.company\"`) and expressions as `\"${…}\"`. The order of blocks does not matter, nor which file they are in.\n\n"+
		"Blocks: "+blockLinks()+".\n\n"+
		"## Values\n\n| written here as | what it is |\n| --- | --- |\n")
	for _, v := range reference.Types() {
		fmt.Fprintf(w, "| %s | %s |\n", v.Name, v.Doc)
	}
	for _, b := range reference.Blocks() {
		writeBlock(w, 2, "", b)
	}
	fmt.Fprint(w, "\n## Profiles\n\nWhat a relationship does that says no more than its profile:\n\n")
	writeProfiles(t, w)
	writeFunctions(w)
	fmt.Fprint(w, "\n## Drivers\n")
	for _, name := range slices.Sorted(maps.Keys(drivers(nil))) {
		writeDriver(w, name, drivers(nil)[name].Schema())
	}
}

// writeFunctions lists the functions with the names of their parameters.
func writeFunctions(w io.Writer) {
	all := functions.Surroundings{}.Outside()
	fmt.Fprint(w, "\n## Functions\n\nThey do what they do in Terraform; `timestamp` is for other places than filters and templates.\n\n")
	for i, name := range slices.Sorted(maps.Keys(all)) {
		var words []string
		for _, p := range all[name].Params() {
			words = append(words, p.Name)
		}
		if more := all[name].VarParam(); more != nil {
			words = append(words, more.Name+"…")
		}
		if i > 0 {
			fmt.Fprint(w, " ·\n")
		}
		fmt.Fprintf(w, "`%s(%s)`", name, strings.Join(words, ", "))
	}
	fmt.Fprintln(w)
}

func blockLinks() string {
	var links []string
	for _, b := range reference.Blocks() {
		links = append(links, fmt.Sprintf("[`%s`](#%[1]s)", b.Type))
	}
	return strings.Join(links, " ")
}

// writeBlock writes a block and the blocks in it. Those that it shares with relationships are described there.
func writeBlock(w io.Writer, level int, path string, b reference.Block) {
	path = strings.TrimSpace(path + " " + b.Type)
	head := b.Type
	for _, label := range b.Labels {
		head += fmt.Sprintf(" %q", strings.ToUpper(label))
	}
	fmt.Fprintf(w, "\n%s %s\n\n```hcl\n%s { … }\n```\n\n%s\n", strings.Repeat("#", level), path, head, b.Doc)
	shared := ""
	attributes := slices.DeleteFunc(slices.Clone(b.Attributes), func(a reference.Attribute) bool {
		if a.Shared {
			shared += fmt.Sprintf(" `%s`", a.Name)
		}
		return a.Shared
	})
	if b.Names != "" {
		fmt.Fprintf(w, "\nIts attributes: %s.\n", b.Names)
	}
	if len(attributes) > 0 {
		fmt.Fprint(w, "\n| attribute | value | default | meaning |\n| --- | --- | --- | --- |\n")
		for _, a := range attributes {
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", a.Name, valueOf(a), defaultOf(a), a.Doc)
		}
	}
	inner := ""
	for _, sub := range b.Blocks {
		if sub.Shared {
			inner += fmt.Sprintf(" `%s`", sub.Type)
		}
	}
	if shared != "" {
		fmt.Fprintf(w, "\nAs in a [relationship](#relationship): the attributes%s and the blocks%s.\n", shared, inner)
	}
	for _, sub := range b.Blocks {
		if !sub.Shared {
			writeBlock(w, level+1, path, sub)
		}
	}
}

func valueOf(a reference.Attribute) string {
	if len(a.Values) == 0 {
		return string(a.Type)
	}
	words := make([]string, len(a.Values))
	for i, v := range a.Values {
		words[i] = fmt.Sprintf("`%q`", v)
	}
	text := strings.Join(words, ", ")
	if a.Type != reference.Text {
		text += "; " + string(a.Type)
	}
	return text
}

func defaultOf(a reference.Attribute) string {
	switch {
	case a.Required:
		return "**required**"
	case strings.ContainsAny(a.Default, " ") || a.Default == "":
		return a.Default
	}
	return "`" + a.Default + "`"
}

// writeProfiles loads relationships that say nothing but their profile, and writes their policies.
func writeProfiles(t *testing.T, w io.Writer) {
	p := newPlace(t, blocks("a", "b", "c", "d", "e", "f")+oneWay("one", "a", "b", "")+
		strings.ReplaceAll(oneWay("two", "c", "d", ""), "one_way", "two_way")+"mesh \"all\" {\n  folders = [folder.e, folder.f]\n  profile = \"one_way\"\n}\n")
	ws, _, diags := schema.Load(p.dir, schema.Options{Drivers: drivers(nil)})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	policies := map[string]schema.Policies{}
	for _, r := range ws.Relations {
		policies[r.Address] = r.Policies
	}
	fmt.Fprint(w, "| | `one_way` | `two_way` |\n| --- | --- | --- |\n")
	one, two := policies["relationship.one"], policies["relationship.two"]
	for _, row := range []struct {
		name string
		of   func(schema.Policies) string
	}{
		{"on_source { edit }", func(p schema.Policies) string { return string(p.SourceEdit) }},
		{"on_source { delete }", func(p schema.Policies) string { return string(p.SourceDelete) }},
		{"on_destination { edit }", func(p schema.Policies) string { return string(p.DestinationEdit) }},
		{"on_destination { delete }", func(p schema.Policies) string { return string(p.DestinationDelete) }},
		{"conflict", func(p schema.Policies) string { return string(p.Conflict) }},
		{"existing", func(p schema.Policies) string { return string(p.Existing) }},
		{"adopt { on_delete }", func(p schema.Policies) string { return string(p.AdoptOnDelete) }},
		{"on_unmatched", func(p schema.Policies) string { return string(p.OnUnmatched) }},
		{"on_remove", func(p schema.Policies) string { return string(p.OnRemove) }},
	} {
		fmt.Fprintf(w, "| `%s` | `%s` | `%s` |\n", row.name, row.of(one), row.of(two))
	}
	fmt.Fprintf(w, "\nIn a mesh, `adopt { on_delete }` is `%s` with either.\n", policies[`mesh.all["e/f"]`].AdoptOnDelete)
}

func writeDriver(w io.Writer, name string, s providers.Schema) {
	fmt.Fprintf(w, "\n### provider %q\n\n%s\n", name, s.Doc)
	if s.ReadOnly {
		fmt.Fprint(w, "\nIts folders are read, and never written.\n")
	}
	if s.Tables {
		fmt.Fprint(w, "\nIts folders may have blocks `table \"NAME\" { … }`, each with rows of any provider that data blocks can ask, which are loaded into an SQLite database in memory: "+
			"`provider`, a reference to who is asked, and what a data block of that provider has. The folder's query runs over these tables alone then.\n")
	}
	for _, part := range []struct {
		head       string
		attributes []providers.Attribute
	}{{"provider block", s.Provider}, {"data block, beside `provider`, `key` and `guard`", s.Data}, {"folder block", s.Folder}} {
		if len(part.attributes) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n| of the %s | value | | meaning |\n| --- | --- | --- | --- |\n", part.head)
		for _, a := range part.attributes {
			var notes []string
			for note, holds := range map[string]bool{"**required**": a.Required, "sensitive": a.Sensitive, "null: unresolved": a.Address} {
				if holds {
					notes = append(notes, note)
				}
			}
			slices.Sort(notes)
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", a.Name, driverTypes[a.Type], strings.Join(notes, ", "), a.Doc)
		}
	}
}

var driverTypes = map[providers.Type]reference.Type{
	providers.String: reference.Text, providers.Number: "number", providers.Bool: reference.Bool, providers.List: reference.Texts, providers.Map: reference.TextMap,
	providers.Params: reference.Params, providers.Mapped: reference.PerRow, providers.MappedBlock: reference.BlockPerRow,
}
