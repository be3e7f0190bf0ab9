package ical

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// attempts is how often a file is read that others write to meanwhile.
const attempts = 5

// file is a folder in one file. The file is opened anew by every call. What is kept between calls is the index, which holds no content; each item that
// it leads to is checked against its hash, so that an index of a file that was changed meanwhile is noticed.
type file struct {
	provider *files
	address  string
	path     string
	kind     pim.Kind
	readOnly bool
	least    int

	mu       sync.Mutex
	kept     *index
	of       fs.FileInfo // of the file when it was scanned
	swept    bool        // what a crash left was taken away
	rewrites int         // times that the file was rewritten
}

// Capabilities: batches are large because a batch of writes rewrites the file once, whatever its size.
func (f *file) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		Conditional: true, Creates: providers.ByUID, Markers: true, UIDs: true, Silent: true, Batch: 10_000, Parallel: 4,
	}
}

// Identity is empty: programs that write such a file put another one in its place each time.
func (f *file) Identity() string { return "" }

// open opens a regular file, also behind a symbolic link.
func open(path string) (*os.File, error) {
	info, err := os.Stat(path) // opening a pipe would wait for its writer
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return os.Open(path)
}

// same reports whether two looks saw one file, untouched.
func same(a, b fs.FileInfo) bool {
	return a != nil && b != nil && os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// opened is an open file with its index.
type opened struct {
	*book
	text *os.File
	info fs.FileInfo
}

func (o *opened) close() { o.text.Close() }

// read opens the file and scans it; not when anew is false and it seems to be as it was scanned before.
func (f *file) read(ctx context.Context, anew bool) (*opened, error) {
	for n := 1; ; n++ {
		o, err := f.once(ctx, anew)
		if err == nil {
			return o, nil
		}
		if n == attempts || !errors.Is(err, errMoved) || ctx.Err() != nil {
			return nil, failure(err, "read", f.path)
		}
	}
}

// once is one try of read. A file that does not stand still could hide something: that is errMoved.
func (f *file) once(ctx context.Context, anew bool) (o *opened, err error) {
	text, err := open(f.path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			text.Close()
		}
	}()
	info, err := text.Stat()
	if err != nil {
		return nil, err
	}
	if x := f.indexOf(info); x != nil && !anew {
		return f.opened(text, info, x), nil
	}
	x, err := scan(ctx, text, f.kind, false)
	if after, e := text.Stat(); e != nil || !same(info, after) || err == nil && x.size != info.Size() {
		return nil, errMoved
	}
	if err != nil {
		return nil, err
	}
	f.keep(x, info)
	return f.opened(text, info, x), nil
}

func (f *file) opened(text *os.File, info fs.FileInfo, x *index) *opened {
	return &opened{&book{index: x, text: text, kind: f.kind, name: f.path}, text, info}
}

func (f *file) indexOf(info fs.FileInfo) *index {
	f.mu.Lock()
	defer f.mu.Unlock()
	if same(f.of, info) {
		return f.kept
	}
	return nil
}

func (f *file) keep(x *index, info fs.FileInfo) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept, f.of = x, info
}

// Changes reads the whole file; there is no feed.
func (f *file) Changes(ctx context.Context, _ string, each func(providers.Change) error) (providers.Read, error) {
	o, err := f.read(ctx, true)
	if err != nil {
		return providers.Read{}, err
	}
	defer o.close()
	return o.changes(ctx, f.least, each)
}

// Fetch reads the items alone, by the index.
func (f *file) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	o, err := f.read(ctx, false)
	if err != nil {
		return err
	}
	defer func() { o.close() }()
	for _, ref := range refs {
		if err := ctx.Err(); err != nil {
			return err
		}
		answer, err := o.fetch(ref)
		if errors.Is(err, errMoved) {
			now, failed := f.read(ctx, true)
			if failed != nil {
				return failed
			}
			o.close()
			o = now
			answer, err = o.fetch(ref)
		}
		if err != nil {
			answer.Err = failure(err, "read", f.path)
		}
		if err := each(answer); err != nil {
			return err
		}
	}
	return ctx.Err()
}
