package scope

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/form"
)

// reword says in this project's words what the parser found in a body that does not fit a schema.
func (sc *Scope) reword(d *hcl.Diagnostic, schema *hcl.BodySchema) *hcl.Diagnostic {
	if d.Subject == nil {
		return d
	}
	at := *d.Subject
	written := strings.Trim(string(sc.Sources.Text(at)), `"`)
	attributes, blocks := map[string]bool{}, map[string]hcl.BlockHeaderSchema{}
	var attributeNames, blockNames []string
	for _, a := range schema.Attributes {
		attributes[a.Name] = true
		attributeNames = append(attributeNames, a.Name)
	}
	for _, b := range schema.Blocks {
		blocks[b.Type] = b
		blockNames = append(blockNames, b.Type)
	}
	header := labels.FindStringSubmatch(d.Summary)
	switch {
	case d.Summary == "Unsupported argument" && blocks[written].Type != "":
		sc.miswritten[written] = true
		return diagnose.Mistake(at, "Not an attribute", fmt.Sprintf("%s is a block: it has no equals sign.", written), fmt.Sprintf("Write %s.", usage(blocks[written])))
	case d.Summary == "Unsupported argument" && len(attributes) == 0:
		return diagnose.Mistake(at, unknownAttribute, fmt.Sprintf("%s stands outside of any block.", written), "Put it into the block that it belongs to, such as accord { … }.")
	case d.Summary == "Unsupported argument":
		return diagnose.Mistake(at, unknownAttribute, fmt.Sprintf("There is no attribute %q here.", written), diagnose.DidYouMean(written, attributeNames, "See the reference for the attributes of this block."))
	case d.Summary == form.Unsupported:
		return diagnose.Mistake(at, unknownAttribute, fmt.Sprintf("There is nothing called %q here.", d.Detail), diagnose.DidYouMean(d.Detail, append(attributeNames, blockNames...), "See the reference for what may be here."))
	case d.Summary == "Unsupported block type" && attributes[written]:
		return diagnose.Mistake(at, notABlock, fmt.Sprintf("%s is an attribute: it has an equals sign.", written), fmt.Sprintf("Write %s.", example(written, at.Filename)))
	case d.Summary == "Unsupported block type":
		return diagnose.Mistake(at, "Unknown block", fmt.Sprintf("There is no block %q here.", written), diagnose.DidYouMean(written, blockNames, "No block may be here: take it out, or write an attribute with an equals sign."))
	case d.Summary == "Missing required argument":
		name := strings.Trim(quoted.FindString(d.Detail), `"`)
		return diagnose.Mistake(at, diagnose.Missing, fmt.Sprintf("%s is required here.", name), fmt.Sprintf("Write %s.", example(name, at.Filename)))
	case header != nil:
		b, ok := blocks[header[1]]
		if !ok {
			return d
		}
		sc.miswritten[b.Type] = true
		names := strings.Join(b.LabelNames, " and ")
		switch {
		case strings.HasPrefix(d.Summary, "Missing"):
			return diagnose.Mistake(at, "Missing name", fmt.Sprintf("A %s block has its %s between its type and its brace.", b.Type, names), fmt.Sprintf("Write %s.", usage(b)))
		case len(b.LabelNames) == 0:
			return diagnose.Mistake(at, "Too many names", fmt.Sprintf("The block %s has no name.", b.Type), fmt.Sprintf("Write %s.", usage(b)))
		}
		return diagnose.Mistake(at, "Too many names", fmt.Sprintf("A %s block has its %s alone between its type and its brace.", b.Type, names), fmt.Sprintf("Write %s.", usage(b)))
	}
	return d
}

var (
	quoted = regexp.MustCompile(`"[^"]+"`)
	labels = regexp.MustCompile(`^(?:Missing \w+|Extraneous label) for (\w+)$`)
)

// usage is how a block is written.
func usage(b hcl.BlockHeaderSchema) string {
	name := ""
	for _, l := range b.LabelNames {
		name += fmt.Sprintf(" %q", strings.ToUpper(l))
	}
	return b.Type + name + " { … }"
}

// example is an attribute as it could be written in a file.
func example(name, file string) string {
	value, known := map[string]string{
		"workspace": `"office"`, "kind": `"calendar"`, "path": `"PATH"`, "key": `"id"`, "url": `"https://dav.example.com/"`, "profile": `"one_way"`,
		"provider": "provider.DRIVER.NAME", "source": "folder.NAME", "destination": "folder.NAME", "folder": "folder.NAME", "folders": "[folder.a, folder.b]",
		"from": "relationship.OLD", "to": "relationship.NEW", "template": "template.NAME", "policy": "policy.NAME", "filter": `item.class == "public"`,
		"color": `"red"`, "within": `"2d"`, "condition": "var.NAME > 0", "error_message": `"Give a number above 0."`, "labels": `{ team = "sales" }`, "prefix": `{ summary = "[C] " }`, "suffix": `{ summary = " (copy)" }`,
	}[name]
	if !known {
		value = `"…"`
	}
	return Setting(name, value, file)
}

// Setting is an attribute with a value of native syntax as it is written in a file of this name.
func Setting(name, value, file string) string {
	bare := strings.Trim(value, `"`)
	switch {
	case form.IsYAML(file) && strings.HasPrefix(value, "{"):
		return name + ": {…}"
	case form.IsYAML(file):
		return name + ": " + bare
	case form.Is(file) && strings.HasPrefix(value, "{"):
		return fmt.Sprintf("%q: {…}", name)
	case form.Is(file) && strings.HasPrefix(value, "["):
		elements := strings.Split(strings.Trim(value, "[]"), ", ")
		for i, e := range elements {
			elements[i] = strconv.Quote(strings.Trim(e, `"`))
		}
		return fmt.Sprintf("%q: [%s]", name, strings.Join(elements, ", "))
	case form.Is(file) && (value == "true" || value == "false" || strings.Trim(value, "0123456789") == ""):
		return fmt.Sprintf("%q: %s", name, value)
	case form.Is(file):
		return fmt.Sprintf("%q: %q", name, bare)
	}
	return name + " = " + value
}

// DuplicateBlock reports a second block of a type of which there is one.
func (sc *Scope) DuplicateBlock(b *hcl.Block, first hcl.Range) {
	sc.Report(diagnose.Mistake(b.DefRange, "Duplicate block", fmt.Sprintf("Another %s block is at %s:%d.", b.Type, first.Filename, first.Start.Line), "Put what both say into one."))
}
