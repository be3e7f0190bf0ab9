// Package ical keeps many items in one .ics or .vcf file, and reads such files from the web as feeds that cannot be written.
package ical

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// Driver opens files and feeds. The zero Driver is ready for use.
type Driver struct {
	Now       func() time.Time  // nil: time.Now
	Transport http.RoundTripper // nil: one of its own
	Trace     *slog.Logger      // of the requests for feeds; nil: none
}

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	return providers.Schema{
		Doc:          "Files that hold many items each: .ics and .vcf files on the local disk, and feeds that are read over http or https.",
		ReadOnlyWith: []string{"url", "secret_url"},
		Provider: append([]providers.Attribute{
			{Name: "path", Type: providers.String, Doc: "Directory that holds the files; relative to the workspace. A provider has one of path, url and secret_url."},
			{Name: "url", Type: providers.String, Doc: "Address of a feed, or of what feeds lie below: https, http or webcal (which is https). Its folders cannot be written."},
			{Name: "secret_url", Type: providers.String, Sensitive: true, Doc: "Instead of url, an address that is a secret by itself: a private link. Only its host is ever shown."},
			{Name: "max_bytes", Type: providers.Number, Doc: "Octets that a feed may have, unpacked. A larger one is not read. Default: 67108864 (64 MiB)."},
		}, web.Attributes()...),
		Folder: []providers.Attribute{
			{Name: "path", Type: providers.String, Address: true, Doc: "File below the provider's path: .vcf for contacts, .ics for all else. Of a feed, what comes behind the provider's address; without it, the address is that of the feed."},
			{Name: "min_items", Type: providers.Number, Doc: "With fewer items than this, the folder counts as read in part: nothing is deleted because of what is not in it."},
		},
	}
}

// Locate is, of a file, its path: below the workspace's directory as seen from there, elsewhere the absolute one; tasks and notes, which may share a file
// with a calendar, have their kind behind it. Of a feed it is its address, of one with a secret address its host and a hash.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	if err := sound(p); err != nil {
		return "", err
	}
	if isFeed(p) {
		a, err := addressOf(p, f)
		return a.shown, err
	}
	path, err := locate(p, f)
	if err != nil {
		return "", err
	}
	if below, outside := filepath.Rel(p.Dir, path); outside == nil && filepath.IsLocal(below) {
		path = filepath.ToSlash(below)
	}
	if f.Kind == pim.Tasks || f.Kind == pim.Notes {
		path += "#" + string(f.Kind)
	}
	return path, nil
}

// Open takes the provider's path or address. Neither need be there yet.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	if err := sound(cfg); err != nil {
		return nil, err
	}
	if isFeed(cfg) {
		return d.openFeed(cfg)
	}
	return &files{config: cfg, root: rootOf(cfg), disk: local{}}, nil
}

// sound looks at the provider's attributes.
func sound(cfg providers.Config) error {
	given := 0
	for _, name := range []string{"path", "url", "secret_url"} {
		if cfg.Attributes.String(name) != "" {
			given++
		}
	}
	if given != 1 {
		return refuse(cfg.Address, "it has %d of path (for files), url and secret_url (for feeds), and needs one", given)
	}
	if isFeed(cfg) {
		return soundFeed(cfg)
	}
	for _, a := range append(web.Attributes(), providers.Attribute{Name: "max_bytes"}) {
		if _, given := cfg.Attributes[a.Name]; given {
			return refuse(cfg.Address, "%s is for feeds, and it has a path: take one of them out", a.Name)
		}
	}
	return nil
}

// soundFeed looks at the attributes of a provider that has an address.
func soundFeed(cfg providers.Config) error {
	a, err := addressOf(cfg, providers.FolderConfig{})
	if err != nil {
		return err
	}
	if _, err := mostOctets(cfg); err != nil {
		return err
	}
	if err := web.Check(cfg, a.URL); err != nil {
		return fmt.Errorf("ical: %w", err)
	}
	return nil
}

func refuse(address, format string, args ...any) error {
	return providers.Classed(providers.Refused, fmt.Errorf("ical: %s: %w", address, fmt.Errorf(format, args...)))
}

func isFeed(cfg providers.Config) bool {
	return cfg.Attributes.String("url") != "" || cfg.Attributes.String("secret_url") != ""
}

func rootOf(cfg providers.Config) string {
	path := cfg.Attributes.String("path")
	if !filepath.IsAbs(path) {
		path = filepath.Join(cfg.Dir, path)
	}
	return filepath.Clean(path)
}

// locate is the file of a folder, which never lies outside of the provider's path.
func locate(p providers.Config, f providers.FolderConfig) (string, error) {
	given := f.Attributes.String("path")
	path := filepath.FromSlash(given)
	switch {
	case given == "":
		return "", refuse(f.Address, "it has no path: name a %s file below the provider's path", f.Kind.Extension())
	case !filepath.IsLocal(path):
		return "", refuse(f.Address, "path %q is not below the provider's path", given)
	case !strings.EqualFold(filepath.Ext(path), f.Kind.Extension()):
		return "", refuse(f.Address, "path %q does not end in %s, as a file of %s does", given, f.Kind.Extension(), f.Kind)
	}
	return filepath.Join(rootOf(p), path), nil
}

// least is the folder's min_items.
func least(f providers.FolderConfig) int {
	n, _ := f.Attributes["min_items"].(float64)
	return int(n)
}

// files is a directory of files.
type files struct {
	config providers.Config
	root   string
	disk   disk
	locks  sync.Map // of the files being rewritten, by path
}

// Check reads the provider's directory.
func (p *files) Check(ctx context.Context) error {
	d, err := os.Open(p.root)
	if err != nil {
		return failure(err, "open", p.root)
	}
	defer d.Close()
	if info, err := d.Stat(); err != nil || !info.IsDir() {
		return providers.Classed(providers.Refused, fmt.Errorf("ical: open %q: it is not a directory", p.root))
	}
	return ctx.Err()
}

func (p *files) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	path, err := locate(p.config, cfg)
	if err != nil {
		return nil, err
	}
	f := &file{provider: p, address: cfg.Address, path: path, kind: cfg.Kind, readOnly: cfg.ReadOnly, least: least(cfg)}
	text, err := open(path)
	if err != nil {
		return nil, failure(err, "open", path)
	}
	text.Close()
	return f, ctx.Err()
}

func (p *files) Close() error { return nil }

// failure is an error of the system's, with its class and the operation's own words.
func failure(err error, operation, path string) error {
	if e := (*providers.Error)(nil); errors.As(err, &e) {
		return err
	}
	class, reason := classify(err)
	return providers.Classed(class, fmt.Errorf("ical: %s %q: %w", operation, path, reason))
}

// classify gives a system error its class, and words where the system's own say little.
func classify(err error) (providers.Class, error) {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return providers.Transient, err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return providers.Transient, fmt.Errorf("the disk is full: %w", err)
	case errors.Is(err, fs.ErrNotExist):
		return providers.Missing, err
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return providers.Unauthorized, err
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.ELOOP),
		errors.As(err, new(unfit)), errors.As(err, new(*pim.ParseError)):
		return providers.Refused, err
	}
	return providers.Transient, err
}
