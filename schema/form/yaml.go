package form

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"go.yaml.in/yaml/v3"

	"github.com/accord-sync/accord/schema/diagnose"
)

// yamlReader reads YAML 1.2. The library finds the structure; what a plain scalar means is decided here, by the core schema (YAML 1.2.2
// section 10.3), as the library knows words such as "no" and "0777" of YAML 1.1.
type yamlReader struct {
	*document
	diags hcl.Diagnostics
}

func (d *document) yaml() (*Node, hcl.Diagnostics) {
	var root, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(d.text))
	err := decoder.Decode(&root)
	if errors.Is(err, io.EOF) {
		return &Node{Kind: Null, Value: cty.NullVal(cty.DynamicPseudoType), Range: d.between(0, 0), in: d}, nil
	}
	if err != nil {
		return nil, hcl.Diagnostics{d.misreading(err)}
	}
	r := &yamlReader{document: d}
	if err := decoder.Decode(&second); err == nil {
		r.say(d.line(second.Line), "Several documents", "Another document begins here, and a file holds one.", "Put it into a file of its own, or take out the --- before it.")
	} else if !errors.Is(err, io.EOF) {
		return nil, hcl.Diagnostics{d.misreading(err)}
	}
	n := r.node(root.Content[0], 0)
	if r.diags.HasErrors() {
		return nil, r.diags
	}
	return n, nil
}

func (r *yamlReader) say(at hcl.Range, summary, cause, todo string) {
	r.diags = append(r.diags, diagnose.Mistake(at, summary, cause, todo))
}

func (r *yamlReader) node(y *yaml.Node, depth int) *Node {
	start := r.offset(y.Line, y.Column)
	n := &Node{in: r.document, Range: r.between(start, start+1)}
	if y.Anchor != "" || y.Kind == yaml.AliasNode {
		r.say(r.line(y.Line), "YAML anchor", "Anchors (&) and aliases (*) are not read.", `Write the value out, or give it a name under locals and refer to it: "${local.NAME}".`)
		return n
	}
	if depth > deepest {
		r.say(n.Range, "Too deep", fmt.Sprintf("Values lie more than %d deep in each other.", deepest), "Write it flatter.")
		return n
	}
	tag := ""
	if y.Style&yaml.TaggedStyle != 0 {
		tag = y.ShortTag()
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.Kind = Object
		r.members(n, y, depth)
	case yaml.SequenceNode:
		n.Kind = List
		for _, c := range y.Content {
			e := r.node(c, depth+1)
			n.Elements = append(n.Elements, e)
			n.Range.End = e.Range.End
		}
	default:
		n.Range = r.between(start, r.ends(y, start))
		n.scalar(y, tag)
		if n.Value == cty.NilVal && n.Kind != String {
			r.say(n.Range, "Unknown value", fmt.Sprintf("%s is no value of YAML's core schema.", printed(y)), "Write it in quotes, if it is a text.")
		}
		if n.Kind == String {
			n.at = r.align(n.Text, start+r.opening(y, start), n.Range.End.Byte, y.Style&yaml.DoubleQuotedStyle != 0)
		}
	}
	if y.Kind != yaml.ScalarNode && tag != "" && tag != "!!map" && tag != "!!seq" {
		r.say(r.line(y.Line), "Unknown value", fmt.Sprintf("The tag %s is not read.", tag), "Take it out.")
	}
	return n
}

func printed(y *yaml.Node) string {
	if y.Style&yaml.TaggedStyle != 0 {
		return fmt.Sprintf("%s %q", y.ShortTag(), y.Value)
	}
	return strconv.Quote(y.Value)
}

func (r *yamlReader) members(n *Node, y *yaml.Node, depth int) {
	seen := map[string]hcl.Range{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := r.node(y.Content[i], depth+1), r.node(y.Content[i+1], depth+1)
		n.Range.End = value.Range.End
		switch {
		case y.Content[i].Kind != yaml.ScalarNode || y.Content[i].Anchor != "":
			if y.Content[i].Kind != yaml.AliasNode && y.Content[i].Anchor == "" {
				r.say(key.Range, "Invalid key", "A key is "+key.Kind.String()+".", "Write a name.")
			}
			continue
		case y.Content[i].Value == "<<" && y.Content[i].Style == 0:
			r.say(key.Range, "YAML merge key", "Merging with << is not read.", "Write the values out, or use merge(…) in an expression.")
			continue
		}
		m := Member{Name: y.Content[i].Value, NameRange: key.Range, Value: value, at: key.at}
		if bad := n.addMember(m, seen); bad != nil {
			r.diags = append(r.diags, bad)
		}
	}
}

// Numbers of the core schema.
var (
	decimal     = regexp.MustCompile(`^[-+]?[0-9]+$`)
	octal       = regexp.MustCompile(`^0o[0-7]+$`)
	hexadecimal = regexp.MustCompile(`^0x[0-9a-fA-F]+$`)
	floating    = regexp.MustCompile(`^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
)

// scalar gives a node the meaning of a scalar. Neither a text nor a value: it has none.
func (n *Node) scalar(y *yaml.Node, tag string) {
	s := y.Value
	plain := y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	switch {
	case tag == "!!str", tag == "" && !plain:
		n.Kind, n.Text = String, s
	case tag != "" && tag != "!!null" && tag != "!!bool" && tag != "!!int" && tag != "!!float":
	case s == "" || s == "~" || s == "null" || s == "Null" || s == "NULL":
		n.Kind, n.Value = Null, cty.NullVal(cty.DynamicPseudoType)
	case s == "true" || s == "True" || s == "TRUE":
		n.Kind, n.Value = Bool, cty.True
	case s == "false" || s == "False" || s == "FALSE":
		n.Kind, n.Value = Bool, cty.False
	case octal.MatchString(s), hexadecimal.MatchString(s):
		if v, err := strconv.ParseInt(s, 0, 64); err == nil {
			n.Kind, n.Value = Number, cty.NumberIntVal(v)
		}
	case decimal.MatchString(s), floating.MatchString(s):
		if v, err := cty.ParseNumberVal(strings.TrimPrefix(s, "+")); err == nil {
			n.Kind, n.Value = Number, v
		}
	case tag == "":
		n.Kind, n.Text = String, s
	}
}

// opening is how many bytes a scalar has before its text: a quote, or the line that says how a block is folded.
func (r *yamlReader) opening(y *yaml.Node, start int) int {
	switch {
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return bytes.IndexByte(r.text[start:], '\n') + 1
	case y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && y.Style&yaml.TaggedStyle == 0:
		return 1
	}
	return 0
}

// ends is where a scalar that begins at start ends: its closing quote, the end of its block, or the end of its words.
func (r *yamlReader) ends(y *yaml.Node, start int) int {
	rest := r.text[start:]
	switch {
	case y.Style&yaml.TaggedStyle != 0:
		return r.line(y.Line).End.Byte
	case y.Style&yaml.DoubleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			switch rest[i] {
			case '\\':
				i++
			case '"':
				return start + i + 1
			}
		}
	case y.Style&yaml.SingleQuotedStyle != 0:
		for i := 1; i < len(rest); i++ {
			if rest[i] == '\'' && (i+1 == len(rest) || rest[i+1] != '\'') {
				return start + i + 1
			}
			if rest[i] == '\'' {
				i++
			}
		}
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return r.blockEnds(y.Line)
	default:
		if at := r.align(y.Value, start, len(r.text), false); at != nil {
			return at[len(y.Value)]
		}
	}
	return r.line(y.Line).End.Byte
}

// blockEnds is where a block of text whose header is in a line ends: before the first line that is indented less than its first.
func (r *yamlReader) blockEnds(header int) int {
	indent, end := -1, r.line(header).End.Byte
	for n := header + 1; n <= len(r.lines); n++ {
		line := r.line(n)
		switch {
		case line.Start == line.End:
			continue
		case indent < 0:
			indent = line.Start.Column
		case line.Start.Column < indent:
			return end
		}
		end = line.End.Byte
	}
	return end
}

var (
	atLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	tabbed = regexp.MustCompile(`^ *\t`)
)

// misreading says where the library could not go on: the line after the longest beginning of the file that does not have the mistake.
func (d *document) misreading(err error) *hcl.Diagnostic {
	said := err.Error()
	n := 1 + sort.Search(len(d.lines)-1, func(i int) bool {
		return fails(d.text[:d.lines[i+1]], said)
	})
	for i := min(n+1, len(d.lines)); i >= 1 && i >= n-1; i-- {
		if line := d.line(i); tabbed.Match(d.text[d.lines[i-1]:line.End.Byte]) {
			return diagnose.Mistake(line, "Invalid YAML", "The line begins with a tab, and YAML is indented with spaces alone.", "Replace the tab with spaces.")
		}
	}
	cause := atLine.ReplaceAllString(said, "")
	todo := "Look at the indentation and the quotes of this line and of the one before."
	switch {
	case strings.Contains(said, "mapping values are not allowed"):
		cause, todo = "A colon stands where no value can begin.", "Put the text in quotes when a colon belongs to it; else check the indentation."
	case strings.Contains(said, "cannot start any token"):
		cause, todo = "A character stands here that no plain text can begin with.", `Put the text in quotes: "@…", "%…", "${…}".`
	case strings.Contains(said, "did not find expected key"), strings.Contains(said, "did not find expected '-' indicator"), strings.Contains(said, "could not find expected ':'"):
		cause, todo = "The line does not belong to the map or list before it.", "Indent it as its neighbours are, and write key: value."
	case strings.Contains(said, "unknown anchor"):
		cause, todo = "An alias (*) names no anchor.", "Put the text in quotes when it begins with a star: aliases are not read."
	case strings.Contains(said, "unexpected end of stream"):
		cause, todo = "A quoted text does not end.", "Write the missing quote."
	}
	return diagnose.Mistake(d.line(n), "Invalid YAML", strings.ToUpper(cause[:1])+strings.TrimSuffix(cause[1:], ".")+".", todo)
}

// fails reports whether a text has the mistake.
func fails(text []byte, said string) bool {
	var y yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		switch err := decoder.Decode(&y); {
		case errors.Is(err, io.EOF):
			return false
		case err != nil:
			return atLine.ReplaceAllString(err.Error(), "") == atLine.ReplaceAllString(said, "")
		}
	}
}
