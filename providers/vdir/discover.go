package vdir

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

const (
	samples = 5 // files that are read to tell what kind of items a directory holds
	deepest = 5 // levels of directories that are looked into
)

// Discover lists the visible directories below the provider's path: those that hold items, and those without directories of their own. The kind is that
// of most of the first files; without any, it is "". The files displayname and color say what people call a folder and how it looks.
func (p *provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	switch _, err := os.ReadDir(p.root); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, providers.Classed(providers.Missing, fmt.Errorf("vdir: there is no directory %q: make it, or correct the provider's path", p.root))
	case err != nil:
		return nil, failure(err, "list", p.root)
	}
	return p.below(ctx, "", 1)
}

// below lists the folders below one directory. What cannot be opened is listed as such; what cannot be listed has no folders below it.
func (p *provider) below(ctx context.Context, above string, level int) ([]providers.Discovered, error) {
	entries, _ := os.ReadDir(filepath.Join(p.root, filepath.FromSlash(above)))
	var found []providers.Discovered
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		name := path.Join(above, e.Name())
		d, err := openDirectory(filepath.Join(p.root, filepath.FromSlash(name)))
		if err != nil {
			found = append(found, providers.Discovered{Name: name, Items: -1, ReadOnly: true, Attributes: providers.Attributes{"path": name}})
			continue
		}
		own := discover(d, name)
		d.close()
		var inner []providers.Discovered
		if level < deepest {
			if inner, err = p.below(ctx, name, level+1); err != nil {
				return nil, err
			}
		}
		if own.Kind != "" || own.Items != 0 || len(inner) == 0 {
			found = append(found, own)
		}
		found = append(found, inner...)
	}
	return found, nil
}

func discover(d directory, name string) providers.Discovered {
	count := map[string]int{}
	votes := map[pim.Kind]int{}
	err := d.names(func(raw []byte) {
		for _, extension := range []string{pim.Contacts.Extension(), pim.Calendar.Extension()} {
			if name := string(raw); isItem(name, extension) {
				count[extension]++
				if count[extension] <= samples {
					votes[sample(d, name)]++
				}
			}
		}
	})
	folder := providers.Discovered{
		Name: name, Items: -1, ReadOnly: !d.writable(), Color: line(d, "color"),
		Attributes: providers.Attributes{"path": name},
	}
	if shown := line(d, "displayname"); shown != "" {
		folder.Name = shown
	}
	best := 0
	for _, kind := range pim.Kinds() {
		if votes[kind] > best {
			folder.Kind, best = kind, votes[kind]
		}
	}
	if err == nil {
		folder.Items = count[folder.Kind.Extension()]
	}
	return folder
}

// sample is the kind of one item file.
func sample(d directory, name string) pim.Kind {
	data, _, err := d.read(name, largest)
	if err != nil {
		return ""
	}
	return pim.KindOf(data)
}

// line is the first line of a small file, "" when there is none.
func line(d directory, name string) string {
	data, _, err := d.read(name, 4096)
	if err != nil {
		return ""
	}
	first, _, _ := strings.Cut(string(data), "\n")
	return strings.TrimSpace(first)
}
