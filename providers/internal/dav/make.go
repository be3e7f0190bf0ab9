package dav

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// CreateFolder makes a collection: a calendar by MKCALENDAR (RFC 4791 section 5.3.1), an address book by extended MKCOL (RFC 6352 section 6.3.1). A calendar is made
// for the one kind of its block.
func (p *provider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	u, err := p.address(ctx, cfg)
	if err != nil {
		return err
	}
	if cfg.ReadOnly {
		return refuse(cfg.Address, "access = %q is written: it is not made", "read")
	}
	method, body := p.family.making(cfg)
	_, err = client{p.Client, true}.change(ctx, web.Request{Method: method, URL: u, Header: header("Content-Type", "application/xml; charset=utf-8"), Body: []byte(body)})
	if err == nil {
		p.dress(ctx, u, cfg)
		return nil
	}
	// A server that says no, or nothing, may have made it, or have had it.
	cfg.Cursor = ""
	if _, openErr := p.open(ctx, u, cfg); openErr == nil {
		return nil
	}
	if s := (*web.Status)(nil); errors.As(err, &s) {
		s.Advice = cmp.Or(placeAdvice(s), s.Advice)
	}
	if class := providers.ClassOf(err); class == providers.Unauthorized || class == providers.Missing || class == providers.Stale {
		err = providers.Classed(providers.Refused, err)
	}
	return fmt.Errorf("%s: make %q: %w", p.family.Name, u.Redacted(), err)
}

// placeAdvice is what to do about a collection that cannot be where it is to be made; "" when that is not what a server says.
func placeAdvice(s *web.Status) string {
	switch {
	case s.Says("calendar-collection-location-ok"): // RFC 4791 section 5.3.1.2
		return "write another path"
	case s.Code == http.StatusConflict, s.Code == http.StatusNotFound: // RFC 4918 section 9.3.1
		return "the collection that it would lie in is not there, or is somebody else's: correct the path (accord discover shows where others are)"
	}
	return ""
}

// dress sets what a new collection is called and its colour where the server did not take them when it was made. A server that does not keep them is none the worse for it:
// they say nothing of what is in the folder.
func (p *provider) dress(ctx context.Context, u *url.URL, cfg providers.FolderConfig) {
	wanted := looksOf(cfg)
	if len(wanted) == 0 {
		return
	}
	worn := map[string]string{}
	_, err := p.propfind(ctx, u, "0", looksAsked, func(r *response) error {
		worn["D:displayname"], worn["I:calendar-color"] = r.props.name, opaque(r.props.color)
		return nil
	})
	for _, w := range wanted {
		if err == nil && worn[w.name] == w.value {
			continue
		}
		body := `<D:propertyupdate` + namespaces + `><D:set><D:prop>` + w.element() + `</D:prop></D:set></D:propertyupdate>`
		_, _ = client{p.Client, true}.multistatus(ctx, "PROPPATCH", u, "0", body, func(*response) error { return nil }) // one at a time: SOGo takes all or none
	}
}

// look is a property of how a collection looks to people.
type look struct{ name, value string }

func (l look) element() string { return `<` + l.name + `>` + escaped(l.value) + `</` + l.name + `>` }

const looksAsked = `<D:displayname/><I:calendar-color/>`

// looksOf is what a block says of it.
func looksOf(cfg providers.FolderConfig) []look {
	return slices.DeleteFunc([]look{
		{"D:displayname", cfg.Attributes.String("display_name")}, {"I:calendar-color", opaque(cfg.Attributes.String("color"))},
	}, func(l look) bool { return l.value == "" })
}

// opaque is a colour with how opaque it is, without which SOGo takes none; seen is one without, where that is wholly.
func opaque(color string) string {
	if len(color) == len("#RRGGBB") {
		return strings.ToUpper(color) + "FF"
	}
	return strings.ToUpper(color)
}

func seen(color string) string {
	if len(color) == len("#RRGGBBAA") && strings.EqualFold(color[7:], "FF") {
		return color[:7]
	}
	return color
}

// isColor reports whether a text is one: "#2952a3", or with how opaque it is at its end.
func isColor(text string) bool {
	if (len(text) != len("#RRGGBB") && len(text) != len("#RRGGBBAA")) || text[0] != '#' {
		return false
	}
	_, err := hex.DecodeString(text[1:])
	return err == nil
}

// making is the request that makes a collection, with what the block says of it and nothing else.
func (f *Family) making(cfg providers.FolderConfig) (method, body string) {
	props := ""
	for _, l := range looksOf(cfg) {
		props += l.element()
	}
	if f == CardDAV {
		return "MKCOL", xml.Header + `<D:mkcol` + namespaces + `><D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>` + props + `</D:prop></D:set></D:mkcol>`
	}
	props += `<C:supported-calendar-component-set><C:comp name="` + cfg.Kind.Component() + `"/></C:supported-calendar-component-set>`
	return "MKCALENDAR", xml.Header + `<C:mkcalendar` + namespaces + `><D:set><D:prop>` + props + `</D:prop></D:set></C:mkcalendar>`
}
