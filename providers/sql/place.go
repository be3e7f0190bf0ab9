package sql

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// Locate names the database, the folder's block and the partition. Another query or other parameters make no other folder: what the rows say and which there are
// may change, as in any folder.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	d, err := dialectOf(p.Attributes.String("driver"))
	if err != nil {
		return "", err
	}
	place, err := d.place(p.Attributes.String("dsn"), p.Dir)
	if err != nil {
		return "", err
	}
	if _, err := d.writingOf(f); err != nil {
		return "", err
	}
	return originOf(d, p, place) + ", " + knownAs(f) + partitionOf(f), nil
}

// knownAsAttribute says what something was called before.
const knownAsAttribute = "known_as"

// originOf names the database, as it is or as it was called.
func originOf(d *dialect, p providers.Config, place string) string {
	return cmp.Or(p.Attributes.String(knownAsAttribute), d.name+":"+place)
}

// host is the one that a place is at; "": it is a file, or a server behind a socket of this machine.
func (d *dialect) host(place string) string {
	if d.copied != nil {
		return ""
	}
	host, _, _ := strings.Cut(place, "/")
	return host
}

// knownAs is what places and UIDs are made of: the address of the folder's block, by the name that it had.
func knownAs(f providers.FolderConfig) string {
	block, known := blockOf(f), f.Attributes.String(knownAsAttribute)
	if known == "" {
		return block
	}
	_, name, _ := strings.Cut(block, ".")
	if i := strings.IndexByte(name, '['); i >= 0 {
		known += name[i:]
	}
	return "folder." + known
}

// blockOf is the address of a folder's block.
func blockOf(f providers.FolderConfig) string {
	if f.Partition == nil {
		return f.Address
	}
	block, _, _ := strings.Cut(f.Address, ".partition[")
	return block
}

func partitionOf(f providers.FolderConfig) string {
	if f.Partition == nil {
		return ""
	}
	return fmt.Sprintf(", %s %q", f.Attributes.String("partition"), *f.Partition)
}

// digestOf tells apart what folders are read by.
func digestOf(f providers.FolderConfig) string {
	h := sha256.New()
	add := func(a providers.Attributes) {
		fmt.Fprintf(h, "%q", strings.TrimSpace(a.String("query")))
		params, _ := a["params"].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(params)) {
			fmt.Fprintf(h, "%q=%T %v;", name, params[name], params[name])
		}
	}
	add(f.Attributes)
	fmt.Fprintf(h, "%q%q%q", f.Attributes.String("partition"), f.Attributes.List("key"), f.Attributes.String("version"))
	for _, t := range f.Attributes.Tables() {
		fmt.Fprintf(h, "%q%q", t.Name, t.Provider)
		for _, name := range slices.Sorted(maps.Keys(t.Data.Attributes)) {
			fmt.Fprintf(h, "%q=%v;", name, t.Data.Attributes[name])
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:6])
}
