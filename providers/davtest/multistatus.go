package davtest

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const header = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

// declared are the declarations of all prefixes.
func declared() string {
	var b strings.Builder
	for _, p := range prefixes {
		fmt.Fprintf(&b, ` xmlns:%s="%s"`, p.prefix, p.space)
	}
	return b.String()
}

// prop is a property of an answer. An inner of "" is an empty element.
type prop struct {
	name   xml.Name
	inner  string // XML
	status int    // 0: 200
}

// multistatus is an answer that is written as it is made.
type multistatus struct {
	x *exchange
	w *bufio.Writer
}

func (x *exchange) multistatus() *multistatus {
	x.w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	x.w.WriteHeader(http.StatusMultiStatus)
	m := &multistatus{x, bufio.NewWriter(x.w)}
	m.add(header, "<D:multistatus", declared(), ">\n")
	return m
}

// add writes; bufio keeps the first error, which is that the client has gone.
func (m *multistatus) add(parts ...string) {
	for _, p := range parts {
		_, _ = m.w.WriteString(p)
	}
}

// response is what a path has of the properties asked for.
func (m *multistatus) response(path string, props []prop) {
	m.add("<D:response><D:href>", escape(m.x.href(path)), "</D:href>")
	byStatus := map[int][]prop{}
	for _, p := range props {
		if p.status == 0 {
			p.status = http.StatusOK
		}
		byStatus[p.status] = append(byStatus[p.status], p)
	}
	if len(props) == 0 {
		byStatus[http.StatusOK] = nil
	}
	for _, status := range slices.Sorted(maps.Keys(byStatus)) {
		line := "<D:status>" + m.x.statusLine(status) + "</D:status>"
		m.add("<D:propstat>")
		if m.x.b.StatusFirst {
			m.add(line)
		}
		m.add("<D:prop>")
		for _, p := range byStatus[status] {
			name := tag(p.name)
			if p.inner == "" {
				m.add("<", name, "/>")
			} else {
				m.add("<", name, ">", p.inner, "</", closing(name), ">")
			}
		}
		m.add("</D:prop>")
		if !m.x.b.StatusFirst {
			m.add(line)
		}
		m.add("</D:propstat>")
	}
	m.add("</D:response>\n")
}

// status is a path that has no properties but a status.
func (m *multistatus) status(path string, status int) { m.failed(path, status, "", "") }

// failed is the same with the condition that was not met.
func (m *multistatus) failed(path string, status int, condition, words string) {
	m.add("<D:response><D:href>", escape(m.x.href(path)), "</D:href><D:status>", m.x.statusLine(status), "</D:status>")
	if condition != "" {
		m.add("<D:error>", condition, "</D:error>")
	}
	if words != "" {
		m.add("<D:responsedescription>", escape(words), "</D:responsedescription>")
	}
	m.add("</D:response>\n")
}

// end ends the answer; a token is one of sync-collection.
func (m *multistatus) end(token string) {
	if token != "" {
		m.add("<D:sync-token>", escape(token), "</D:sync-token>\n")
	}
	m.add("</D:multistatus>\n")
	_ = m.w.Flush()
}

func (x *exchange) statusLine(status int) string {
	if x.b.NoReason {
		return fmt.Sprintf("HTTP/1.1 %d", status)
	}
	return "HTTP/1.1 " + statusText(status)
}

// href is a path as this server writes it.
func (x *exchange) href(path string) string {
	base := x.b.HrefBase
	if base == "" && (x.b.Hrefs == HrefAbsolute || x.b.Hrefs == HrefWhole) {
		base = "http://" + x.r.Host
	}
	switch x.b.Hrefs {
	case HrefAbsolute, HrefPrefixed:
		return base + path
	case HrefWhole:
		return url.QueryEscape(base) + path
	case HrefEncoded:
		return encoded(path)
	}
	return path
}

// encoded percent-encodes all but letters, digits and slashes.
func encoded(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		switch {
		case c == '%' && i+2 < len(path):
			b.WriteString(strings.ToLower(path[i : i+3]))
			i += 2
		case c == '/' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

// data is the text of an item as the content of an element.
func (x *exchange) data(text string) string {
	if x.b.CData && !strings.Contains(text, "]]>") {
		return "<![CDATA[" + text + "]]>"
	}
	return dataEscapes.Replace(text)
}

var dataEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
