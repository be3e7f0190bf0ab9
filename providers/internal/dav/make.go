package dav

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"

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
		return nil
	}
	// A server that says no, or nothing, may have made it, or have had it.
	cfg.Cursor = ""
	if _, openErr := p.open(ctx, u, cfg); openErr == nil {
		return nil
	}
	if s := (*web.Status)(nil); errors.As(err, &s) && s.Says("calendar-collection-location-ok") { // RFC 4791 section 5.3.1.2
		s.Advice = "write another path"
	}
	if class := providers.ClassOf(err); class == providers.Unauthorized || class == providers.Missing || class == providers.Stale {
		err = providers.Classed(providers.Refused, err)
	}
	return fmt.Errorf("%s: make %q: %w", p.family.Name, u.Redacted(), err)
}

// making is the request that makes a collection, with what the block says of it and nothing else.
func (f *Family) making(cfg providers.FolderConfig) (method, body string) {
	props := ""
	if name := cfg.Attributes.String("display_name"); name != "" {
		props += `<D:displayname>` + escaped(name) + `</D:displayname>`
	}
	if color := cfg.Attributes.String("color"); color != "" {
		props += `<I:calendar-color>` + escaped(color) + `</I:calendar-color>`
	}
	if f == CardDAV {
		return "MKCOL", xml.Header + `<D:mkcol` + namespaces + `><D:set><D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype>` + props + `</D:prop></D:set></D:mkcol>`
	}
	props += `<C:supported-calendar-component-set><C:comp name="` + cfg.Kind.Component() + `"/></C:supported-calendar-component-set>`
	return "MKCALENDAR", xml.Header + `<C:mkcalendar` + namespaces + `><D:set><D:prop>` + props + `</D:prop></D:set></C:mkcalendar>`
}
