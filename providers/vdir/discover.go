package vdir

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// samples is how many files are read to tell what kind of items a directory holds.
const samples = 5

// Discover lists the visible directories below the provider's path. The kind is that of most of the first files; without any, it is "".
// The files displayname and color say what people call a folder and how it looks.
func (p *provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	entries, err := os.ReadDir(p.root)
	if err != nil {
		return nil, failure(err, "list", p.root)
	}
	var found []providers.Discovered
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		d, err := openDirectory(filepath.Join(p.root, e.Name()))
		if err != nil {
			found = append(found, providers.Discovered{Name: e.Name(), Items: -1, ReadOnly: true, Attributes: providers.Attributes{"path": e.Name()}})
			continue
		}
		found = append(found, discover(d, e.Name()))
		d.close()
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
	return kindOf(data)
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
