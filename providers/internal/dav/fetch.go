package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Fetch reads items by multigets of the size that suits the server, or by one query for all where that is what it is good at.
func (f *folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if f.server.Whole > 0 && len(refs) >= f.server.Whole && f.family == CalDAV {
		left, err := f.answers(ctx, refs, each, func(answer func(*response) error) error {
			return f.query(ctx, `<`+f.family.data+`/>`, answer)
		})
		if err != nil && !errors.As(err, new(malformed)) { // one item may have spoilt it
			return f.readError(err)
		}
		refs = left
	}
	for part := range slices.Chunk(refs, f.server.Multiget) {
		if err := f.part(ctx, part, each); err != nil {
			return f.readError(err)
		}
	}
	return ctx.Err()
}

// readError gives an error of the server's the operation's own words, and one of whoever reads back as it is.
func (f *folder) readError(err error) error {
	if own := (*callerError)(nil); errors.As(err, &own) {
		return own.error
	}
	return f.failed("read", f.url.Redacted(), err)
}

// part reads the items of one multiget. What the server leaves out of its answer is not known. One item that it cannot put into an answer spoils the answer for
// all: the others are asked for without it.
func (f *folder) part(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	left, err := f.answers(ctx, refs, each, func(answer func(*response) error) error { return f.multiget(ctx, refs, answer) })
	spoilt := errors.As(err, new(malformed))
	switch {
	case err != nil && !spoilt:
		return err
	case err == nil && 0 < len(left) && len(left) < len(refs): // it gives less at a time than it was asked for
		return f.part(ctx, left, each)
	}
	if spoilt && len(left) > 1 {
		for half := range slices.Chunk(left, (len(left)+1)/2) {
			if err := f.part(ctx, half, each); err != nil {
				return err
			}
		}
		return nil
	}
	var reasons map[string]error
	if !spoilt {
		reasons = f.leftOut(ctx, left)
	}
	for _, ref := range left {
		reason := providers.Classed(providers.Refused, err)
		if !spoilt {
			reason = reasons[ref]
		}
		if err := each(providers.Fetched{Ref: ref, Err: f.failed("read", ref, reason)}); err != nil {
			return &callerError{err}
		}
	}
	return nil
}

// leftOut says why a multiget says nothing of some items. Some servers leave out what is not there, and any may leave out what is: a listing tells.
func (f *folder) leftOut(ctx context.Context, refs []string) map[string]error {
	if len(refs) == 0 {
		return nil
	}
	reasons := make(map[string]error, len(refs))
	for _, ref := range refs {
		reasons[ref] = providers.Classed(providers.Missing, errors.New("it is not there"))
	}
	l := &lister{folder: f, each: func(c providers.Change) error {
		if _, asked := reasons[c.Ref]; asked {
			reasons[c.Ref] = providers.Classed(providers.Transient, errors.New("the server's answer leaves it out"))
		}
		return nil
	}}
	read, err := l.list(ctx)
	if err == nil && !read.Complete {
		err = errors.New(read.Reason)
	}
	for ref, reason := range reasons {
		if err != nil && providers.ClassOf(reason) == providers.Missing {
			reasons[ref] = providers.Classed(providers.Transient, fmt.Errorf("the server's answer leaves it out, and whether it is there is not known: %w", err))
		}
	}
	return reasons
}

// multiget asks for items by their hrefs (RFC 4791 section 7.9, RFC 6352 section 8.7).
func (f *folder) multiget(ctx context.Context, refs []string, answer func(*response) error) error {
	hrefs := make([]string, len(refs))
	for i, ref := range refs {
		hrefs[i] = f.href(ref)
	}
	body := `<` + f.family.multiget + namespaces + `><D:prop><D:getetag/><` + f.family.data + `/></D:prop>` + elements(hrefs) + `</` + f.family.multiget + `>`
	_, err := f.multistatus(ctx, "REPORT", f.url, "0", body, answer)
	return err
}

// answers gives on what a server answers about items that were asked for, and returns the refs that it says nothing of.
func (f *folder) answers(ctx context.Context, refs []string, each func(providers.Fetched) error, ask func(answer func(*response) error) error) ([]string, error) {
	if len(refs) == 0 || ctx.Err() != nil {
		return nil, ctx.Err()
	}
	open := make(map[string]bool, len(refs))
	for _, ref := range refs {
		open[ref] = true
	}
	err := ask(func(r *response) error {
		ref, err := f.ref(r.href)
		if err != nil || !open[ref] {
			return nil
		}
		delete(open, ref)
		if err := each(f.fetched(ref, r)); err != nil {
			return &callerError{err}
		}
		return nil
	})
	return slices.DeleteFunc(slices.Clone(refs), func(ref string) bool { return !open[ref] }), err
}

// errOtherKind is why an item is none of the folder's, though it is in the collection.
var errOtherKind = errors.New("it is of another folder")

// fetched is the answer about one item.
func (f *folder) fetched(ref string, r *response) providers.Fetched {
	got := providers.Fetched{Ref: ref, Version: unquote(r.props.etag)}
	fail := func(class providers.Class, err error) providers.Fetched {
		got.Err = providers.Classed(class, f.failed("read", ref, err))
		return got
	}
	switch {
	case r.status == http.StatusNotFound || r.status == http.StatusGone:
		return fail(providers.Missing, errors.New("it is not there"))
	case r.props.data == nil:
		err := r.failure("REPORT")
		if class := providers.ClassOf(err); class != providers.Done && class != providers.Missing {
			return fail(class, err)
		}
		return fail(providers.Refused, fmt.Errorf("the server gives no content (status %d)", r.failed))
	}
	text := r.props.data
	it, err := pim.Parse(f.kind, text)
	if err == nil {
		got.Item = it
		return got
	}
	if holds := pim.KindOf(text); holds != "" && !pim.HasKind(text, f.kind) {
		return fail(providers.Missing, fmt.Errorf("%w: it holds %s, not %s", errOtherKind, holds, f.kind))
	}
	return fail(providers.Refused, err)
}

// unquote is an ETag as a version: a strong one without its quotes.
func unquote(etag string) string {
	if len(etag) >= 2 && etag[0] == '"' && etag[len(etag)-1] == '"' {
		return etag[1 : len(etag)-1]
	}
	return etag
}

// quote is the ETag of a version that is not weak.
func quote(version string) string { return `"` + version + `"` }
