package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// Changes asks what changed, in the way that suits the server. See [Feed].
func (f *folder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	last := known{}
	if cursor != "" {
		var err error
		if last, err = parseCursor(f.name(), cursor); err != nil || last.Server != f.server.Name {
			return providers.Read{}, f.failed("read", f.url.Redacted(), providers.ErrCursorExpired)
		}
	}
	read, err := f.changes(ctx, last, each)
	if err != nil {
		return read, f.readError(err)
	}
	return read, nil
}

// callerError is an error of whoever reads, which is given back as it is.
type callerError struct{ error }

func (e *callerError) Unwrap() error { return e.error }

func (f *folder) changes(ctx context.Context, last known, each func(providers.Change) error) (providers.Read, error) {
	l := &lister{folder: f, each: each, now: f.known}
	if f.server.Feed == Proven {
		l.now.Tag = ""
		return l.sync(ctx, last.Token)
	}
	if f.server.Feed == Tagged && !f.looked.Swap(false) {
		now, err := f.look(ctx)
		if err != nil {
			return providers.Read{}, err
		}
		if cursor := last.Version != 0; cursor && (now.Server != last.Server || now.Identity != last.Identity) {
			return providers.Read{}, providers.ErrCursorExpired // it is another collection, or another server
		}
		if now.Tag != "" && now.Tag == last.Tag {
			return providers.Read{Cursor: last.String(), Complete: true}, nil
		}
		l.now.Tag, l.now.ReadOnly = now.Tag, now.ReadOnly
	}
	return l.list(ctx)
}

// lister gives on what a server lists.
type lister struct {
	*folder
	each    func(providers.Change) error
	now     known // for the next cursor
	strange error // the first thing that belongs to no item; what it means is not known
	more    bool  // a listing was cut at a limit of the server's
	listed  bool  // there was something in it
	whole   bool  // nothing was listed before
}

// entry gives on one entry of a listing.
func (l *lister) entry(r *response) error {
	ref, err := l.ref(r.href)
	if r.wrong != nil {
		err = r.wrong
	}
	switch {
	case err != nil && l.strange == nil:
		l.strange = err
		return nil
	case err != nil:
		return nil
	case ref == "":
		l.more = l.more || r.status == http.StatusInsufficientStorage
		return nil
	}
	change := providers.Change{Ref: ref, Version: unquote(r.props.etag)}
	if r.status == http.StatusNotFound || r.status == http.StatusGone {
		if l.whole { // Radicale lists what once was there
			return nil
		}
		change = providers.Change{Ref: ref, Removed: providers.Removed}
	}
	for _, t := range r.props.types {
		if t.Local == "collection" {
			return nil
		}
	}
	l.listed = true
	if err := l.each(change); err != nil {
		return &callerError{err}
	}
	return nil
}

// read is how a listing ended.
func (l *lister) read(full bool) providers.Read {
	read := providers.Read{Cursor: l.now.String(), Complete: true, Full: full}
	switch {
	case l.strange != nil:
		read.Complete, read.Reason = false, l.strange.Error()
	case l.more:
		read.Complete, read.Reason = false, "the server lists only a part of what is there"
	}
	return read
}

// sync asks for what changed since a token, page by page (RFC 6578 section 3.6); "": everything. What was given stays given when a later page fails: the cursor
// is that of the last page.
func (l *lister) sync(ctx context.Context, token string) (providers.Read, error) {
	full, first := token == "", true
	l.now.Token = token
	for {
		l.more, l.listed, l.whole = false, false, first && full
		body := `<D:sync-collection` + namespaces + `><D:sync-token>` + escaped(token) + `</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`
		t, err := l.multistatus(ctx, "REPORT", l.url, "0", body, l.entry)
		if err != nil {
			if first && !full && expired(err) {
				return providers.Read{}, fmt.Errorf("%w (%v)", providers.ErrCursorExpired, err)
			}
			if first || l.strange != nil { // what was strange would be forgotten
				return providers.Read{}, err
			}
			return providers.Read{Cursor: l.now.String(), Full: full}, err
		}
		if !l.vouches(t.token) { // another server answers than before, or none of those that give such tokens
			if !full {
				return providers.Read{}, providers.ErrCursorExpired
			}
			l.now.Token = ""
			return l.read(full), nil
		}
		l.now.Token = t.token
		if !l.more || !l.listed || t.token == token { // or it would go on like this for ever
			return l.read(full), nil
		}
		token, first = t.token, false
	}
}

// vouches reports whether a token is of the kind that this server's tokens are.
func (l *lister) vouches(token string) bool {
	return token != "" && (l.server.token == nil || l.server.token.MatchString(token))
}

// expired reports whether a server does not know a token: it may say so in any way. Then everything is asked for, and what else is wrong shows there.
func expired(err error) bool {
	switch providers.ClassOf(err) {
	case providers.Throttled, providers.Unreachable:
		return false
	}
	s := (*web.Status)(nil)
	if !errors.As(err, &s) {
		return false
	}
	switch s.Code {
	case http.StatusUnauthorized, http.StatusProxyAuthRequired, http.StatusNotFound, http.StatusRequestTimeout, http.StatusTooManyRequests,
		http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return false
	}
	return true
}

// list asks for all ETags: in the way that suits the server, or, where that is refused or its answer cannot be read, by the one that all servers know.
func (l *lister) list(ctx context.Context) (providers.Read, error) {
	if l.server.Listing == BySync {
		return l.sync(ctx, "")
	}
	queried, err := l.server.Listing == ByQuery && l.family == CalDAV, error(nil)
	if queried {
		err = l.query(ctx, "", l.entry)
	}
	if !queried || providers.ClassOf(err) == providers.Refused {
		l.strange, l.more = nil, false
		_, err = l.propfind(ctx, l.url, "1", `<D:resourcetype/><D:getetag/>`, l.entry)
	}
	if err != nil {
		return providers.Read{}, err
	}
	return l.read(true), nil
}

// query asks for the ETags of all items of the folder's kind, and for more properties of theirs (RFC 4791 section 7.8). It is of CalDAV alone: what kind an item is has to
// be known only there, and of its counterpart for contacts every server has an idea of its own.
func (f *folder) query(ctx context.Context, more string, each func(*response) error) error {
	body := `<C:calendar-query` + namespaces + `><D:prop><D:getetag/>` + more + `</D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="` +
		f.kind.Component() + `"/></C:comp-filter></C:filter></C:calendar-query>`
	_, err := f.multistatus(ctx, "REPORT", f.url, "1", body, each)
	return err
}
