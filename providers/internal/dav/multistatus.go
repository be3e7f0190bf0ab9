package dav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The namespaces of what is asked and answered.
const (
	nsDAV  = "DAV:"
	nsCal  = "urn:ietf:params:xml:ns:caldav"
	nsCard = "urn:ietf:params:xml:ns:carddav"
	nsICal = "http://apple.com/ns/ical/"
)

// largestText is the most octets that one property may have.
const largestText = 64 << 20

// response is one entry of a multistatus (RFC 4918 section 14.24): of an item, or of the collection itself.
type response struct {
	href   string
	status int    // of the whole entry; 0: each property has its own
	reason string // the server's words for a status that is no success
	props  props  // those with a status of success
	failed int    // the status of the first property that has none, 0 when all have
}

// props are the properties that Accord asks for.
type props struct {
	etag  string
	data  *string // calendar-data or address-data
	types []xml.Name

	name, color string
	token       string // sync-token
	resourceID  string
	created     string
	privileges  []string // local names; nil: not said
	components  []string
	principal   string
	homes       []string // calendar-home-set, addressbook-home-set
}

// trailer is what a multistatus says of itself.
type trailer struct {
	token string // sync-token of a sync-collection (RFC 6578 section 6.4)
}

// errNotMultistatus is returned for a body that is something else, such as a page for people.
var errNotMultistatus = errors.New("it is no multistatus")

// malformed is an error in a multistatus that is all there. What one property says may be the cause of it.
type malformed struct{ error }

func (m malformed) Unwrap() error { return m.error }

// readMultistatus gives every entry to each, as it arrives. A body that ends early is an error, and so is an entry without href.
func readMultistatus(body io.Reader, each func(*response) error) (trailer, error) {
	var t trailer
	d := xml.NewDecoder(body)
	root, err := firstElement(d)
	if err != nil {
		return t, err
	}
	if root.Name != (xml.Name{Space: nsDAV, Local: "multistatus"}) {
		return t, errNotMultistatus
	}
	err = children(d, func(e xml.StartElement) error {
		switch e.Name {
		case xml.Name{Space: nsDAV, Local: "response"}:
			r, err := readResponse(d)
			if err != nil {
				return err
			}
			if r.href == "" {
				return malformed{errors.New("an entry has no href")}
			}
			return each(r)
		case xml.Name{Space: nsDAV, Local: "sync-token"}:
			return text(d, &t.token)
		}
		return d.Skip()
	})
	return t, sort(err)
}

// firstElement passes what stands before the root element.
func firstElement(d *xml.Decoder) (xml.StartElement, error) {
	for {
		token, err := d.Token()
		switch {
		case errors.As(sort(err), new(malformed)):
			return xml.StartElement{}, errNotMultistatus
		case err != nil:
			return xml.StartElement{}, sort(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			return e, nil
		case xml.CharData:
			if strings.TrimSpace(string(e)) != "" {
				return xml.StartElement{}, errNotMultistatus
			}
		}
	}
}

// sort tells what ended early from what is malformed.
func sort(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF):
		return io.ErrUnexpectedEOF
	case errors.As(err, &syntax) && strings.Contains(syntax.Msg, "unexpected EOF"):
		return io.ErrUnexpectedEOF
	case errors.As(err, &syntax):
		return malformed{err}
	}
	return err
}

// children calls each for every element below the current one, up to its end. each reads its element to the end.
func children(d *xml.Decoder, each func(xml.StartElement) error) error {
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if err := each(e); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text reads the text of the current element, without the blanks around it.
func text(d *xml.Decoder, into *string) error {
	var b strings.Builder
	for depth := 0; ; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.CharData:
			if b.Len()+len(e) > largestText {
				return malformed{fmt.Errorf("a property has more than %d octets", largestText)}
			}
			b.Write(e)
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth == 0 {
				*into = strings.TrimSpace(b.String())
				return nil
			}
			depth--
		}
	}
}

func readResponse(d *xml.Decoder) (*response, error) {
	r := &response{}
	err := children(d, func(e xml.StartElement) error {
		if e.Name.Space != nsDAV {
			return d.Skip()
		}
		switch e.Name.Local {
		case "href":
			return text(d, &r.href)
		case "status":
			return status(d, &r.status)
		case "error":
			return readError(d, &r.reason)
		case "responsedescription":
			var said string
			err := text(d, &said)
			if r.reason == "" {
				r.reason = said
			}
			return err
		case "propstat":
			return r.readPropstat(d)
		}
		return d.Skip()
	})
	return r, err
}

// readPropstat keeps the properties of a propstat if its status, which follows them, is a success.
func (r *response) readPropstat(d *xml.Decoder) error {
	code, found := 0, r.props
	err := children(d, func(e xml.StartElement) error {
		switch e.Name {
		case xml.Name{Space: nsDAV, Local: "prop"}:
			return children(d, func(e xml.StartElement) error { return found.read(d, e) })
		case xml.Name{Space: nsDAV, Local: "status"}:
			return status(d, &code)
		case xml.Name{Space: nsDAV, Local: "error"}:
			return readError(d, &r.reason)
		}
		return d.Skip()
	})
	switch {
	case code/100 == 2:
		r.props = found
	case r.failed == 0:
		r.failed = code
	}
	return err
}

// status reads a status line: "HTTP/1.1 404 Not Found". Some servers leave out the reason, some all but the number.
func status(d *xml.Decoder, into *int) error {
	var line string
	if err := text(d, &line); err != nil {
		return err
	}
	for _, field := range strings.Fields(line) {
		if n, err := strconv.Atoi(field); err == nil && len(field) == 3 {
			*into = n
			return nil
		}
	}
	return malformed{fmt.Errorf("%q is no status line", line)}
}

// readError reads what a DAV:error names: "no-uid-conflict", with the texts in it.
func readError(d *xml.Decoder, into *string) error {
	return children(d, func(e xml.StartElement) error {
		var detail string
		err := text(d, &detail)
		if *into != "" {
			*into += ", "
		}
		*into += e.Name.Local
		if detail != "" {
			*into += " (" + detail + ")"
		}
		return err
	})
}

// read takes one property in.
func (p *props) read(d *xml.Decoder, e xml.StartElement) error {
	switch e.Name.Space {
	case nsDAV:
		switch e.Name.Local {
		case "getetag":
			return text(d, &p.etag)
		case "displayname":
			return text(d, &p.name)
		case "sync-token":
			return text(d, &p.token)
		case "creationdate":
			return text(d, &p.created)
		case "resource-id":
			return text(d, &p.resourceID)
		case "current-user-principal":
			return hrefs(d, func(href string) { p.principal = href })
		case "resourcetype":
			return children(d, func(e xml.StartElement) error {
				p.types = append(p.types, e.Name)
				return d.Skip()
			})
		case "current-user-privilege-set":
			p.privileges = []string{}
			return leaves(d, func(e xml.StartElement) { p.privileges = append(p.privileges, e.Name.Local) })
		}
	case nsCal:
		switch e.Name.Local {
		case "calendar-data":
			p.data = new(string)
			return text(d, p.data)
		case "calendar-home-set":
			return hrefs(d, func(href string) { p.homes = append(p.homes, href) })
		case "supported-calendar-component-set":
			p.components = []string{}
			return children(d, func(e xml.StartElement) error {
				p.components = append(p.components, attribute(e, "name"))
				return d.Skip()
			})
		}
	case nsCard:
		switch e.Name.Local {
		case "address-data":
			p.data = new(string)
			return text(d, p.data)
		case "addressbook-home-set":
			return hrefs(d, func(href string) { p.homes = append(p.homes, href) })
		}
	case nsICal:
		if e.Name.Local == "calendar-color" {
			return text(d, &p.color)
		}
	}
	return d.Skip()
}

// hrefs gives the text of every href below the current element.
func hrefs(d *xml.Decoder, each func(string)) error {
	return children(d, func(e xml.StartElement) error {
		if e.Name != (xml.Name{Space: nsDAV, Local: "href"}) {
			return d.Skip()
		}
		var href string
		err := text(d, &href)
		if href != "" {
			each(href)
		}
		return err
	})
}

// leaves gives every element below the current one that is no wrapper.
func leaves(d *xml.Decoder, each func(xml.StartElement)) error {
	return children(d, func(e xml.StartElement) error {
		if e.Name.Local == "privilege" {
			return leaves(d, each)
		}
		each(e)
		return d.Skip()
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
