package davtest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The namespaces of requests and answers.
const (
	nsDAV   = "DAV:"
	nsCal   = "urn:ietf:params:xml:ns:caldav"
	nsCard  = "urn:ietf:params:xml:ns:carddav"
	nsCS    = "http://calendarserver.org/ns/"
	nsApple = "http://apple.com/ns/ical/"
)

// prefixes are those that answers use.
var prefixes = [...]struct{ space, prefix string }{{nsDAV, "D"}, {nsCal, "C"}, {nsCard, "R"}, {nsCS, "S"}, {nsApple, "A"}}

func inDAV(local string) xml.Name  { return xml.Name{Space: nsDAV, Local: local} }
func inCal(local string) xml.Name  { return xml.Name{Space: nsCal, Local: local} }
func inCard(local string) xml.Name { return xml.Name{Space: nsCard, Local: local} }
func inCS(local string) xml.Name   { return xml.Name{Space: nsCS, Local: local} }

// node is an element of a request.
type node struct {
	name     xml.Name
	attrs    map[string]string // those without a namespace
	children []*node
	text     string
}

// parse reads a request's body: one well-formed element in which every element has a namespace that was declared, and nothing behind it.
func parse(body []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var stack []*node
	var root *node
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return nil, errors.New("there is no element")
			}
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			n, err := element(token)
			if err != nil {
				return nil, err
			}
			switch {
			case len(stack) > 0:
				parent := stack[len(stack)-1]
				parent.children = append(parent.children, n)
			case root != nil:
				return nil, fmt.Errorf("<%s> comes after the end", n.name.Local)
			default:
				root = n
			}
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text += string(token)
			} else if len(bytes.TrimSpace(token)) > 0 {
				return nil, fmt.Errorf("%q stands outside of the element", token)
			}
		}
	}
}

// element is a start tag.
func element(token xml.StartElement) (*node, error) {
	if !strings.Contains(token.Name.Space, ":") {
		return nil, fmt.Errorf("<%s> has no namespace, or its prefix %q was not declared", token.Name.Local, token.Name.Space)
	}
	n := &node{name: token.Name, attrs: map[string]string{}}
	for _, a := range token.Attr {
		if a.Name.Space == "" && a.Name.Local != "xmlns" {
			n.attrs[a.Name.Local] = a.Value
		}
	}
	return n, nil
}

// child is the first child of a name; nil: none.
func (n *node) child(space, local string) *node {
	for _, c := range n.inside() {
		if c.name.Space == space && c.name.Local == local {
			return c
		}
	}
	return nil
}

// all are the children of a name.
func (n *node) all(space, local string) []*node {
	var found []*node
	for _, c := range n.inside() {
		if c.name.Space == space && c.name.Local == local {
			found = append(found, c)
		}
	}
	return found
}

// inside are the children of an element that may not be there.
func (n *node) inside() []*node {
	if n == nil {
		return nil
	}
	return n.children
}

// value is the text without blanks around it.
func (n *node) value() string {
	if n == nil {
		return ""
	}
	return strings.TrimSpace(n.text)
}

// inner is the content of an element as an answer shows it.
func (n *node) inner() string {
	var b strings.Builder
	b.WriteString(escape(n.text))
	for _, c := range n.children {
		name := tag(c.name)
		b.WriteString("<" + name)
		for key, value := range c.attrs {
			b.WriteString(" " + key + `="` + escape(value) + `"`)
		}
		b.WriteString(">" + c.inner() + "</" + closing(name) + ">")
	}
	return b.String()
}

// tag is how an answer names an element; one of a namespace of its own declares it.
func tag(name xml.Name) string {
	for _, p := range prefixes {
		if p.space == name.Space {
			return p.prefix + ":" + name.Local
		}
	}
	return "X:" + name.Local + ` xmlns:X="` + escape(name.Space) + `"`
}

// closing is the name in the end tag of a tag.
func closing(tag string) string {
	name, _, _ := strings.Cut(tag, " ")
	return name
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return b.String()
}
