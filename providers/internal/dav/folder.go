package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// folder is one collection as a folder of one kind. A collection that holds events and tasks is two folders.
type folder struct {
	client
	collection
	family   *Family
	address  string // of the folder block
	kind     pim.Kind
	readOnly bool     // access = "read"
	given    *Profile // as the provider block says
	server   *Profile
	known    known

	looked atomic.Bool // known was asked for at opening, and no read has used it yet
}

// lookedAt are the properties of a collection that are asked for when it is opened.
const lookedAt = `<D:resourcetype/><D:sync-token/><D:resource-id/><D:creationdate/><D:current-user-privilege-set/><C:supported-calendar-component-set/>`

// open makes the folder of an address. A cursor that says what the folder is like saves asking.
func (p *provider) open(ctx context.Context, u *url.URL, cfg providers.FolderConfig) (*folder, error) {
	f := &folder{client: p.client, collection: newCollection(u), family: p.family, given: p.server, address: cfg.Address, kind: cfg.Kind, readOnly: cfg.ReadOnly}
	if k, err := parseCursor(f.name(), cfg.Cursor); err == nil && !k.ReadOnly && (p.server == nil || p.server.Name == k.Server) {
		f.learn(k)
		return f, nil
	}
	f.hasty = true // it may be a server that is
	k, err := f.look(ctx)
	if err != nil {
		return nil, err
	}
	f.learn(k)
	f.looked.Store(true)
	return f, nil
}

// name tells the folder from others: what a cursor says is of it alone.
func (f *folder) name() string { return string(f.kind) + " " + f.url.Host + f.url.EscapedPath() }

func (f *folder) learn(k known) {
	f.known, f.server = k, profileNamed(k.Server)
	f.hasty = f.server.Hasty
	if k.Path != "" {
		f.collection.known(k.Path)
	}
}

// look asks for what is known of the collection.
func (f *folder) look(ctx context.Context) (known, error) {
	var self *response
	got, err := f.propfind(ctx, f.url, "0", lookedAt, func(r *response) error {
		if self == nil || !f.isSelf(self.href) && f.isSelf(r.href) {
			self = r
		}
		return nil
	})
	switch {
	case err != nil:
		return known{}, err
	case self == nil:
		return known{}, providers.Classed(providers.Transient, errors.New("the server's answer says nothing of it"))
	case self.status != 0 || self.wrong != nil:
		if err := self.failure("PROPFIND"); err != nil {
			return known{}, err
		}
	}
	k := known{Version: cursorVersion, Folder: f.name(), Server: recognise(self.props, got.header).Name, Identity: self.props.resourceID}
	if f.given != nil {
		k.Server = f.given.Name
	}
	if !f.isSelf(self.href) {
		k.Path = pathOf(self.href)
	}
	if err := f.suits(self.props); err != nil {
		return known{}, err
	}
	k.ReadOnly = readOnly(self.props)
	k.Tag = tagOf(self.props)
	return k, nil
}

// suits tells a collection of another kind.
func (f *folder) suits(p props) error {
	refuse := func(format string, args ...any) error {
		return providers.Classed(providers.Refused, fmt.Errorf(format, args...))
	}
	switch other := f.family.other(); {
	case slices.Contains(p.types, other.collection) && !slices.Contains(p.types, f.family.collection):
		return refuse("it is a collection of %s: write it with a provider of that driver, or correct the path", other.Name)
	case !slices.Contains(p.types, f.family.collection):
		return refuse("it is no collection of %s: correct the path (accord discover shows which there are)", f.family.Name)
	case p.components != nil && f.family == CalDAV && !slices.Contains(p.components, f.kind.Component()):
		return refuse("it takes %s, and %s is %s: correct the path or the kind", strings.Join(p.components, ", "), f.kind, f.kind.Component())
	}
	return nil
}

// readOnly reports whether the server says that this account may read and not write (RFC 3744 section 5.4).
func readOnly(p props) bool {
	return len(p.privileges) > 0 && !slices.ContainsFunc(p.privileges, func(name string) bool {
		return slices.Contains([]string{"all", "write", "write-content", "bind"}, name)
	})
}

// tagOf is what changes when anything in the collection does, or when it is replaced: its sync token, when it was made, and what identifies it. getctag is no
// such thing: DAViCal's is the ETag of the item that changed last, which may be one that was there before. A token alone proves nothing either: one that is made anew
// may count from the start.
func tagOf(p props) string {
	if p.token == "" || p.created+p.resourceID == "" {
		return ""
	}
	return strings.Join([]string{p.token, p.created, p.resourceID}, " ")
}

// Capabilities follow from the server's profile.
func (f *folder) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		ReadOnly: f.known.ReadOnly, Feed: true, Conditional: !f.server.Blind, Creates: providers.ByUID, Markers: true, UIDs: true,
		Batch: 100, Reads: max(f.server.Multiget, f.server.Reads), Parallel: 4, Requests: 1, Silent: f.server.Invites == Nobody, SilentReplicas: f.server.Invites != NotKnown,
	}
}

func (f *folder) Identity() string { return f.known.Identity }

// failed gives an error the operation's own words.
func (f *folder) failed(operation, what string, err error) error {
	return fmt.Errorf("%s: %s %q: %w", f.family.Name, operation, what, err)
}

// header is a header of one field.
func header(name, value string) http.Header { return http.Header{name: {value}} }
