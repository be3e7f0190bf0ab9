package dav

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	largestText = 64 << 20 // octets that one property may have
	largestTag  = 1 << 20  // octets of a tag with its attributes, each of which takes a good deal more memory than octets
	deepest     = 64       // elements that may lie in each other
	mostHrefs   = 100_000  // in one element
)

// errHrefs is that of an element that names more than anybody has.
var errHrefs = malformed{fmt.Errorf("an element has more than %d hrefs", mostHrefs)}

// malformed is an error in an answer that is all there. What one property says may be the cause of it.
type malformed struct{ error }

func (m malformed) Unwrap() error { return m.error }

// decoder reads XML of any origin as it arrives. What it keeps at a time has a bound.
type decoder struct {
	*xml.Decoder
	in    *meter
	depth int
}

func newDecoder(body io.Reader) *decoder {
	in := &meter{in: bufio.NewReader(body)}
	d := &decoder{Decoder: xml.NewDecoder(in), in: in}
	d.CharsetReader = func(name string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(name, "us-ascii") {
			return in, nil
		}
		return nil, malformed{errors.New("it is not in UTF-8")}
	}
	return d
}

// meter lets so much through at a time as one token may have.
type meter struct {
	in   *bufio.Reader
	left int
	seen int // octets of the token, up to two
	last byte
}

// begin says that a token begins. Its first octet may have been read to see the end of the last one.
func (m *meter) begin() { m.left, m.seen = largestText, 0 }

func (m *meter) ReadByte() (byte, error) {
	if m.left <= 0 {
		return 0, malformed{fmt.Errorf("a property has more than %d octets, or a tag more than %d", largestText, largestTag)}
	}
	c, err := m.in.ReadByte()
	m.left--
	if m.seen < 2 {
		if m.seen++; m.last == '<' && c != '!' && c != '?' {
			m.left = largestTag
		}
	}
	m.last = c
	return c, err
}

// Read gives one octet at a time. The decoder calls ReadByte instead.
func (m *meter) Read(to []byte) (int, error) {
	if len(to) == 0 {
		return 0, nil
	}
	c, err := m.ReadByte()
	if err != nil {
		return 0, err
	}
	to[0] = c
	return 1, nil
}

// Token is the next token. Ends that are missing and text that is none are told apart.
func (d *decoder) Token() (xml.Token, error) {
	d.in.begin()
	token, err := d.Decoder.Token()
	switch token.(type) {
	case xml.StartElement:
		if d.depth++; d.depth > deepest {
			return nil, malformed{fmt.Errorf("more than %d elements lie in each other", deepest)}
		}
	case xml.EndElement:
		d.depth--
	}
	return token, sorted(err)
}

// sorted tells what ended early from what is malformed.
func sorted(err error) error {
	if err == nil {
		return nil
	}
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return io.ErrUnexpectedEOF
	case errors.As(err, &syntax):
		return malformed{err}
	}
	return err
}

// root passes what stands before the root element.
func (d *decoder) root() (xml.StartElement, error) {
	for {
		token, err := d.Token()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			return t, nil
		case xml.CharData:
			if len(bytes.TrimSpace(bytes.TrimPrefix(t, []byte("\ufeff")))) > 0 {
				return xml.StartElement{}, malformed{errors.New("it is no XML")}
			}
		}
	}
}

// children calls each for every element in the current one, up to its end. each reads its element to the end.
func (d *decoder) children(each func(xml.StartElement) error) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// pass reads the current element to its end.
func (d *decoder) pass() error {
	return d.children(func(xml.StartElement) error { return d.pass() })
}

// octets are the text of the current element, without the blanks around it; never nil.
func (d *decoder) octets() ([]byte, error) {
	var b bytes.Buffer
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.CharData:
			if b.Len()+len(t) > largestText {
				return nil, malformed{fmt.Errorf("a property has more than %d octets", largestText)}
			}
			b.Write(t)
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth > 0 {
				depth--
				continue
			}
			if text := bytes.TrimSpace(b.Bytes()); len(text) > 0 {
				return text, nil
			}
			return []byte{}, nil
		}
	}
}

// text reads the text of the current element.
func (d *decoder) text(into *string) error {
	octets, err := d.octets()
	*into = string(octets)
	return err
}

// hrefs gives the text of every href in the current element.
func (d *decoder) hrefs(each func(string)) error {
	n := 0
	return d.children(func(e xml.StartElement) error {
		if e.Name != davName("href") {
			return d.pass()
		}
		if n++; n > mostHrefs {
			return errHrefs
		}
		var href string
		err := d.text(&href)
		if href != "" {
			each(href)
		}
		return err
	})
}

// leaves gives every element in the current one; a wrapper stands for what is in it.
func (d *decoder) leaves(wrapper string, each func(xml.StartElement)) error {
	return d.children(func(e xml.StartElement) error {
		if e.Name.Local == wrapper {
			return d.leaves(wrapper, each)
		}
		each(e)
		return d.pass()
	})
}

// attribute is the value of an attribute; "" when there is none.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func davName(local string) xml.Name { return xml.Name{Space: nsDAV, Local: local} }
