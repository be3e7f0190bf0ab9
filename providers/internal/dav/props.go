package dav

import "encoding/xml"

// The namespaces of what is asked and answered.
const (
	nsDAV  = "DAV:"
	nsCal  = "urn:ietf:params:xml:ns:caldav"
	nsCard = "urn:ietf:params:xml:ns:carddav"
	nsICal = "http://apple.com/ns/ical/"
)

// props are the properties that Accord asks for.
type props struct {
	etag  string
	data  []byte // calendar-data or address-data; nil: not said
	types []xml.Name

	name, color string
	token       string // sync-token
	resourceID  string
	created     string
	privileges  []string // local names
	components  []string // nil: not said
	principal   string
	homes       []string // calendar-home-set, addressbook-home-set
}

// read takes one property in.
func (p *props) read(d *decoder, e xml.StartElement) error {
	switch e.Name.Space {
	case nsDAV:
		return p.readDAV(d, e.Name.Local)
	case nsCal, nsCard:
		return p.readData(d, e.Name.Local)
	case nsICal:
		if e.Name.Local == "calendar-color" {
			return d.text(&p.color)
		}
	}
	return d.pass()
}

// readDAV takes in a property of WebDAV (RFC 4918, RFC 3744, RFC 5397, RFC 5842, RFC 6578).
func (p *props) readDAV(d *decoder, name string) error {
	switch name {
	case "getetag":
		return d.text(&p.etag)
	case "displayname":
		return d.text(&p.name)
	case "sync-token":
		return d.text(&p.token)
	case "creationdate":
		return d.text(&p.created)
	case "resource-id":
		return d.text(&p.resourceID)
	case "current-user-principal":
		return d.hrefs(func(href string) { p.principal = href })
	case "resourcetype":
		return d.leaves("", func(e xml.StartElement) { p.types = append(p.types, e.Name) })
	case "current-user-privilege-set":
		return d.leaves("privilege", func(e xml.StartElement) { p.privileges = append(p.privileges, e.Name.Local) })
	}
	return d.pass()
}

// readData takes in a property of calendars or contacts (RFC 4791, RFC 6352).
func (p *props) readData(d *decoder, name string) (err error) {
	switch name {
	case "calendar-data", "address-data":
		p.data, err = d.octets()
		return err
	case "calendar-home-set", "addressbook-home-set":
		return d.hrefs(func(href string) { p.homes = append(p.homes, href) })
	case "supported-calendar-component-set":
		p.components = []string{}
		return d.leaves("", func(e xml.StartElement) { p.components = append(p.components, attribute(e, "name")) })
	}
	return d.pass()
}
