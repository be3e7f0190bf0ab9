package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// jsonReader reads JSON (RFC 8259) token by token, which tells where each value is.
type jsonReader struct {
	*document
	decoder *json.Decoder
}

func (d *document) json() (*Node, hcl.Diagnostics) {
	r := &jsonReader{d, json.NewDecoder(bytes.NewReader(d.text))}
	r.decoder.UseNumber()
	n, bad := r.value(0)
	if bad == nil {
		bad = r.end()
	}
	if bad != nil {
		return nil, hcl.Diagnostics{bad}
	}
	return n, nil
}

func (r *jsonReader) end() *hcl.Diagnostic {
	start := r.next()
	if _, err := r.decoder.Token(); errors.Is(err, io.EOF) {
		return nil
	}
	return diagnose.Mistake(r.between(start, start+1), "Invalid JSON", "The file goes on after its value has ended.", "Put everything into one { … }.")
}

// next is where the next token begins.
func (r *jsonReader) next() int {
	at := int(r.decoder.InputOffset())
	for at < len(r.text) && strings.IndexByte(" \t\r\n,:", r.text[at]) >= 0 {
		at++
	}
	return at
}

func (r *jsonReader) value(depth int) (*Node, *hcl.Diagnostic) {
	start := r.next()
	token, err := r.decoder.Token()
	if err != nil {
		return nil, r.mistake(err)
	}
	n := &Node{in: r.document}
	switch token := token.(type) {
	case nil:
		n.Kind, n.Value = Null, cty.NullVal(cty.DynamicPseudoType)
	case bool:
		n.Kind, n.Value = Bool, cty.BoolVal(token)
	case json.Number:
		n.Kind = Number
		if n.Value, err = cty.ParseNumberVal(token.String()); err != nil {
			return nil, diagnose.Mistake(r.between(start, int(r.decoder.InputOffset())), "Invalid number", token.String()+" is no number that can be calculated with.", "Write another one, or a text.")
		}
	case string:
		n.Kind, n.Text = String, token
		n.at = r.align(token, start+1, int(r.decoder.InputOffset())-1, true)
	case json.Delim:
		if depth >= deepest {
			return nil, diagnose.Mistake(r.between(start, start+1), "Too deep", fmt.Sprintf("Values lie more than %d deep in each other.", deepest), "Write it flatter.")
		}
		n.Kind = List
		if token == '{' {
			n.Kind = Object
		}
		if bad := r.inside(n, depth); bad != nil {
			return nil, bad
		}
	}
	n.Range = r.between(start, int(r.decoder.InputOffset()))
	return n, nil
}

// inside reads what is between the brackets of a list or an object.
func (r *jsonReader) inside(n *Node, depth int) *hcl.Diagnostic {
	seen := map[string]hcl.Range{}
	for r.decoder.More() {
		var m Member
		if n.Kind == Object {
			start := r.next()
			token, err := r.decoder.Token()
			if err != nil {
				return r.mistake(err)
			}
			m.Name, _ = token.(string)
			m.NameRange = r.between(start, int(r.decoder.InputOffset()))
			m.at = r.align(m.Name, start+1, int(r.decoder.InputOffset())-1, true)
		}
		v, bad := r.value(depth + 1)
		if bad != nil {
			return bad
		}
		if n.Kind == List {
			n.Elements = append(n.Elements, v)
			continue
		}
		m.Value = v
		if m.Name == "//" { // a comment, as HCL's own JSON form has it
			continue
		}
		if bad := n.addMember(m, seen); bad != nil {
			return bad
		}
	}
	if _, err := r.decoder.Token(); err != nil {
		return r.mistake(err)
	}
	return nil
}

// mistake says what is wrong with the syntax, and where.
func (r *jsonReader) mistake(err error) *hcl.Diagnostic {
	at := r.next()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, int(syntax.Offset)-1)
	}
	if len(bytes.TrimSpace(r.text)) == 0 {
		return diagnose.Mistake(r.between(0, 0), "Invalid JSON", "The file is empty.", "Write {} as long as it is to hold nothing, or take it out of the workspace.")
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || at >= len(r.text) {
		at = len(bytes.TrimRight(r.text, " \t\r\n"))
		return diagnose.Mistake(r.between(max(at-1, 0), at), "Invalid JSON", "The file ends before its value does.", "Close what is open: a brace, a bracket or a quote.")
	}
	if i := bytes.IndexAny(r.text[at:], "\n\r\t"); r.text[at] == '"' && i >= 0 && strings.Contains(err.Error(), "in string literal") {
		at += i
	}
	before := bytes.TrimRight(r.text[:at], " \t\r\n")
	cause, todo := fmt.Sprintf("There is %q where it makes no sense: %v.", string(rune(r.text[at])), plainly(err)), "Look at the commas, colons and quotes around it."
	switch {
	case bytes.HasSuffix(before, []byte(",")) && (r.text[at] == '}' || r.text[at] == ']'):
		cause, todo = "A comma stands before the closing bracket.", "Take it out: JSON has commas between values only."
		at = len(before) - 1
	case r.text[at] == '/':
		cause, todo = "JSON has no comments.", `Write it as a property called "//", which is not read: "//": "why".`
	case r.text[at] == '\'':
		cause, todo = "JSON has no single quotes.", "Write double quotes."
	case r.text[at] == '\n' || r.text[at] == '\t' || r.text[at] == '\r':
		cause, todo = "A text has a line break or a tab in it, or does not end.", `Write \n or \t, or the missing quote.`
	case r.text[at] == '"' && len(before) > 0 && bytes.IndexByte([]byte(`"}]el0123456789`), before[len(before)-1]) >= 0:
		cause, todo = "A comma is missing before this.", "Write a comma between two values."
	}
	return diagnose.Mistake(r.between(at, at+1), "Invalid JSON", cause, todo)
}

func plainly(err error) string { return strings.TrimPrefix(err.Error(), "json: ") }
