package dav

import (
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// response is what a multistatus says of one href (RFC 4918 section 14.24): of an item, or of the collection itself.
type response struct {
	href       string
	status     int      // of the whole entry; 0: each property has its own
	props      props    // those with a status of success
	failed     int      // the status of the first property that has none, 0 when all have
	conditions []string // that were not met (RFC 4918 section 16)
	words      string   // the server's for a person
	wrong      error    // why the entry cannot be understood, though what stands beside it can
}

// failure is the error of an entry that is no success, or of its first property that is none; nil: all are.
func (r *response) failure(method string) error {
	switch code := cmp.Or(r.status, r.failed); {
	case r.wrong != nil:
		return providers.Classed(providers.Refused, r.wrong)
	case code >= http.StatusMultipleChoices:
		return web.StatusError(method, code, r.words, r.conditions...)
	}
	return nil
}

// trailer is what a multistatus says of itself.
type trailer struct {
	token string // sync-token of a sync-collection (RFC 6578 section 6.4)
}

// errNotMultistatus is returned for a body that is something else, such as a page for people.
var errNotMultistatus = errors.New("it is no multistatus")

// readMultistatus gives what is said of every href to each, as it arrives. A body that ends early is [io.ErrUnexpectedEOF].
func readMultistatus(body io.Reader, each func(*response) error) (t trailer, err error) {
	d := newDecoder(body)
	root, err := d.root()
	if errors.As(err, new(malformed)) {
		return t, fmt.Errorf("%w: %v", errNotMultistatus, err)
	}
	if err != nil {
		return t, err
	}
	if root.Name != davName("multistatus") {
		return t, errNotMultistatus
	}
	err = d.children(func(e xml.StartElement) error {
		switch e.Name {
		case davName("response"):
			return readResponse(d, each)
		case davName("sync-token"):
			return d.text(&t.token)
		}
		return d.pass()
	})
	return t, err
}

// readResponse gives on an entry once for each of its hrefs: several may have one status.
func readResponse(d *decoder, each func(*response) error) error {
	var r response
	var hrefs []string
	err := d.children(func(e xml.StartElement) (err error) {
		switch e.Name {
		case davName("href"):
			var href string
			if err = d.text(&href); href != "" {
				hrefs = append(hrefs, href)
			}
			if len(hrefs) > mostHrefs {
				return errHrefs
			}
			return err
		case davName("status"):
			r.status, err = r.readStatus(d)
			return err
		case davName("error"):
			return r.readError(d)
		case davName("responsedescription"):
			return d.text(&r.words)
		case davName("propstat"):
			return r.readPropstat(d)
		}
		return d.pass()
	})
	if err != nil {
		return err
	}
	if len(hrefs) == 0 {
		r.wrong = errors.New("the server's answer has an entry without href")
		return each(&r)
	}
	for _, href := range hrefs {
		one := r
		one.href = href
		if err := each(&one); err != nil {
			return err
		}
	}
	return nil
}

// readPropstat keeps the properties of a propstat if its status, which may follow them, is a success.
func (r *response) readPropstat(d *decoder) error {
	code, found := 0, r.props
	err := d.children(func(e xml.StartElement) (err error) {
		switch e.Name {
		case davName("prop"):
			return d.children(func(e xml.StartElement) error { return found.read(d, e) })
		case davName("status"):
			code, err = r.readStatus(d)
			return err
		case davName("error"):
			return r.readError(d)
		}
		return d.pass()
	})
	switch {
	case code/100 == 2:
		r.props = found
	case r.failed == 0:
		r.failed = code
	}
	return err
}

// readStatus reads a status line: "HTTP/1.1 404 Not Found". Some servers leave out the reason, some all but the number.
func (r *response) readStatus(d *decoder) (int, error) {
	var line string
	if err := d.text(&line); err != nil {
		return 0, err
	}
	for field := range strings.FieldsSeq(line) {
		if len(field) != len("404") {
			continue
		}
		if code, err := strconv.Atoi(field); err == nil && 100 <= code && code < 600 {
			return code, nil
		}
	}
	r.wrong = fmt.Errorf("the server's answer says %q, which is no status", cut(line))
	return 0, nil
}

// readError reads what a DAV:error names: "no-uid-conflict", with the texts in it.
func (r *response) readError(d *decoder) error {
	const most = 5
	return d.children(func(e xml.StartElement) error {
		if len(r.conditions) < most {
			r.conditions = append(r.conditions, e.Name.Local)
		}
		var detail string
		err := d.text(&detail)
		if r.words == "" {
			r.words = detail
		}
		return err
	})
}
