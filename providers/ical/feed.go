package ical

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// feeds are files on the web, which cannot be written.
type feeds struct {
	config providers.Config
	client *web.Client
	most   int64 // octets of a feed

	mu     sync.Mutex
	copies map[*os.File]bool // of what was read; true: it has a name on the disk
}

func (d Driver) openFeed(cfg providers.Config) (providers.Provider, error) {
	a, err := addressOf(cfg, providers.FolderConfig{})
	if err != nil {
		return nil, err
	}
	most, err := mostOctets(cfg)
	if err != nil {
		return nil, err
	}
	o := web.Options{Address: a.URL, UserAgent: userAgent, Trace: d.Trace, Transport: d.Transport, Now: d.Now}
	if a.secret {
		o.Show = func(u *url.URL) string { return u.Scheme + "://" + u.Host + "/…" }
	}
	if a.secret {
		addSecrets(cfg.Secrets, a.URL)
	}
	client, err := web.Open(cfg, o)
	if err != nil {
		return nil, fmt.Errorf("ical: %w", err)
	}
	return &feeds{config: cfg, client: client, most: most, copies: map[*os.File]bool{}}, nil
}

// mostOctets is how large a feed may be.
func mostOctets(cfg providers.Config) (int64, error) {
	n, given := cfg.Attributes["max_bytes"].(float64)
	switch {
	case !given:
		return 64 << 20, nil
	case n < 1 || n > 1<<40:
		return 0, refuse(cfg.Address, "max_bytes is %v: it is a number of octets, at least 1", n)
	}
	return int64(n), nil
}

// Check asks for the address. That nothing is there is no error: folders may lie below it.
func (p *feeds) Check(ctx context.Context) error {
	a, err := addressOf(p.config, providers.FolderConfig{})
	if err != nil {
		return err
	}
	ans, err := p.get(ctx, a, "", "")
	if providers.ClassOf(err) == providers.Missing {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	return ans.body.Close()
}

// Discover is refused: a server of feeds does not say which there are.
func (p *feeds) Discover(context.Context) ([]providers.Discovered, error) {
	return nil, refuse(p.config.Address, "feeds cannot be listed: write a folder block for each")
}

func (p *feeds) CreateFolder(_ context.Context, cfg providers.FolderConfig) error {
	return refuse(cfg.Address, "a feed cannot be made")
}

// Folder asks nothing: whether the feed is there shows when it is read.
func (p *feeds) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	a, err := addressOf(p.config, cfg)
	if err != nil {
		return nil, err
	}
	return &feed{provider: p, folder: cfg.Address, address: a, kind: cfg.Kind, least: least(cfg)}, ctx.Err()
}

// Close takes the copies away.
func (p *feeds) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	for f := range p.copies {
		p.drop(f)
	}
	p.client.Close()
	return nil
}

// blank makes a file for a copy. Where the system allows it, the file has no name any more, so that nothing is left of it whatever happens.
func (p *feeds) blank() (*os.File, error) {
	f, err := os.CreateTemp("", "accord-feed-*")
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.copies[f] = os.Remove(f.Name()) != nil
	return f, nil
}

// drop gives a copy back. The caller holds mu.
func (p *feeds) drop(f *os.File) {
	f.Close()
	if p.copies[f] {
		os.Remove(f.Name())
	}
	delete(p.copies, f)
}

// feed is a folder at an address. What is read is kept in a temporary file until the next read, so that all items come from one answer and are fetched without
// asking again.
type feed struct {
	provider *feeds
	folder   string
	address  address
	kind     pim.Kind
	least    int

	mu   sync.Mutex
	copy *book
}

// Capabilities: the change feed says that nothing changed, or gives a full listing. Nothing is ever written.
func (f *feed) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		Feed: true, Conditional: true, Creates: providers.ByUID, Markers: true, UIDs: true, Silent: true, Batch: 2000, Parallel: 4,
	}
}

func (f *feed) Identity() string { return "" }

// Changes asks for the feed, unless it is as the cursor says. A partial read keeps the cursor: what was missing is asked for again.
func (f *feed) Changes(ctx context.Context, after string, each func(providers.Change) error) (providers.Read, error) {
	last, err := f.parseCursor(after)
	if err != nil {
		return providers.Read{}, err
	}
	f.mu.Lock()
	k, now, err := f.read(ctx, last)
	f.mu.Unlock()
	if err != nil {
		return providers.Read{}, err
	}
	if k == nil {
		return providers.Read{Cursor: after, Complete: true}, nil
	}
	if now.Content == last.Content && after != "" && k.partial(f.least) == "" {
		return providers.Read{Cursor: now.String(), Complete: true}, nil
	}
	read, err := k.changes(ctx, f.least, each)
	if read.Cursor = now.String(); !read.Complete {
		read.Cursor = after
	}
	return read, err
}

// read gets the feed and scans it; nil: it is as it was at the cursor. The caller holds mu.
func (f *feed) read(ctx context.Context, last cursor) (*book, cursor, error) {
	ans, err := f.provider.get(ctx, f.address, last.ETag, last.Modified)
	if err != nil || ans.unchanged {
		return nil, last, err
	}
	defer ans.body.Close()
	if ans.page {
		return nil, cursor{}, failure(errPage, "get", f.address.shown)
	}
	file, err := f.provider.blank()
	if err != nil {
		return nil, cursor{}, failure(err, "make a copy of", f.address.shown)
	}
	x, err := scan(ctx, io.TeeReader(ans.body, file), f.kind, true)
	if err == nil && f.kind == pim.Contacts && len(x.entries) == 0 || errors.Is(err, errEmpty) {
		err = errNothing
	}
	if err != nil {
		f.provider.mu.Lock()
		f.provider.drop(file)
		f.provider.mu.Unlock()
		return nil, cursor{}, failure(err, "get", f.address.shown)
	}
	f.copy = &book{index: x, text: file, kind: f.kind, name: f.address.shown, settled: true}
	return f.copy, cursor{Version: cursorVersion, Kind: f.kind, ETag: ans.etag, Modified: ans.modified, Content: hashText(x.content())}, nil
}

// Fetch reads from the copy, and gets the feed when there is none yet.
func (f *feed) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if len(refs) == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	f.mu.Lock()
	k := f.copy
	if k == nil {
		var err error
		if k, _, err = f.read(ctx, cursor{}); err != nil {
			f.mu.Unlock()
			return err
		}
	}
	f.mu.Unlock()
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		answer, err := k.fetch(ref)
		if err != nil {
			answer.Err = failure(err, "read the copy of", f.address.shown)
		}
		if err := each(answer); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Write refuses everything.
func (f *feed) Write(_ context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	for i := range outcomes {
		outcomes[i] = providers.Outcome{Class: providers.Refused, Err: refuse(f.folder, "a feed cannot be written")}
	}
	return outcomes
}
