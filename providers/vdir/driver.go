// Package vdir keeps one item per file, .ics or .vcf, in directories below a path: the vdir layout that vdirsyncer, khal and others share
// (https://vdirsyncer.pimutils.org/en/stable/vdir.html).
package vdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/accord-sync/accord/providers"
)

// Driver opens directories on the local disk. The zero Driver is ready for use.
type Driver struct {
	Now func() time.Time // nil: time.Now
}

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	return providers.Schema{
		Doc: "Directories on the local disk with one .ics or .vcf file per item.",
		Provider: []providers.Attribute{
			{Name: "path", Type: providers.String, Required: true, Doc: "Directory that holds the folders; relative to the workspace."},
		},
		Folder: []providers.Attribute{
			{Name: "path", Type: providers.String, Required: true, Address: true, Doc: "Directory of the folder, below the provider's path."},
		},
	}
}

// Locate is the cleaned path: below the workspace's directory as seen from there, so that a workspace may be moved with its folders, elsewhere the
// absolute one. Symbolic links are not looked at.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	path, err := locate(rootOf(p), f)
	if below, outside := filepath.Rel(p.Dir, path); err == nil && outside == nil && filepath.IsLocal(below) {
		return filepath.ToSlash(below), nil
	}
	return path, err
}

// Open takes the provider's path. It need not be there yet.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	if cfg.Attributes.String("path") == "" {
		return nil, providers.Classed(providers.Refused, errors.New("vdir: path is empty"))
	}
	now := d.Now
	if now == nil {
		now = time.Now
	}
	return &provider{root: rootOf(cfg), now: now}, nil
}

func rootOf(cfg providers.Config) string {
	path := cfg.Attributes.String("path")
	if !filepath.IsAbs(path) {
		path = filepath.Join(cfg.Dir, path)
	}
	return filepath.Clean(path)
}

// locate is the directory of a folder, which never leaves root.
func locate(root string, f providers.FolderConfig) (string, error) {
	path := filepath.FromSlash(f.Attributes.String("path"))
	if !filepath.IsLocal(path) {
		return "", providers.Classed(providers.Refused,
			fmt.Errorf("vdir: path %q is not below the provider's path", f.Attributes.String("path")))
	}
	return filepath.Join(root, path), nil
}

type provider struct {
	root string
	now  func() time.Time
}

// Check reads the provider's directory.
func (p *provider) Check(ctx context.Context) error {
	d, err := os.Open(p.root)
	if err != nil {
		return failure(err, "open", p.root)
	}
	defer d.Close()
	if info, err := d.Stat(); err != nil || !info.IsDir() {
		return providers.Classed(providers.Refused, fmt.Errorf("vdir: open %q: it is not a directory", p.root))
	}
	return ctx.Err()
}

func (p *provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	path, err := locate(p.root, cfg)
	if err != nil {
		return nil, err
	}
	f := &folder{
		path: path, kind: cfg.Kind, readOnly: cfg.ReadOnly,
		opener: openDirectory, now: p.now,
	}
	d, err := f.opener(path)
	if err != nil {
		return nil, failure(err, "open", path)
	}
	defer d.close()
	if f.ident, err = d.identity(); err != nil {
		return nil, failure(err, "open", path)
	}
	f.locked = !d.writable()
	return f, ctx.Err()
}

// CreateFolder makes the directory, and those above it that are missing, for its owner alone.
func (p *provider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	path, err := locate(p.root, cfg)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(path, 0o700); err != nil {
		return failure(err, "make", path)
	}
	above, err := openDirectory(filepath.Dir(path))
	if err != nil {
		return failure(err, "make", path)
	}
	defer above.close()
	if err := above.sync(); err != nil {
		return failure(err, "make", path)
	}
	return ctx.Err()
}

func (p *provider) Close() error { return nil }

// failure is an error of the system's, with its class and the operation's own words. It names the path; who called knows for which block.
func failure(err error, operation, path string) error {
	class, reason := classify(err)
	if class == providers.Unauthorized {
		return providers.Classed(class, fmt.Errorf("vdir: %q cannot be %s: %w", path, allowed(operation), reason))
	}
	return providers.Classed(class, fmt.Errorf("vdir: %s %q: %w", operation, path, reason))
}

// allowed is what an operation would have to be allowed to do.
func allowed(operation string) string {
	switch operation {
	case "make", "write to":
		return "written"
	}
	return "read"
}

// classify gives a system error its class, and words where the system's own say little.
func classify(err error) (providers.Class, error) {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return providers.Transient, fmt.Errorf("the disk is full: %w", err)
	case errors.Is(err, fs.ErrNotExist):
		return providers.Missing, err
	case errors.Is(err, syscall.EROFS):
		return providers.Unauthorized, err
	case errors.Is(err, fs.ErrPermission):
		return providers.Unauthorized, fmt.Errorf("%w; the account that runs accord needs permission for it", err)
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, syscall.ENAMETOOLONG):
		return providers.Refused, err
	}
	return providers.Transient, err
}
