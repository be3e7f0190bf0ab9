// Package found compares the folders that a provider has with those that are configured, and writes blocks for the rest.
package found

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema"
)

// Folder is a folder that was found at a provider.
type Folder struct {
	providers.Discovered
	Location   string   // as the driver's Locate says it
	Configured []string // addresses of the folders of the configuration that are it
	Name       string   // of the block that Write makes of it; "" when it has one, or cannot have one
	Trouble    string   // why it cannot have one, and what to do
}

// Compare says of each folder found at a provider which folders of the configuration are the same physical folder, and names the others.
// Attributes that may not be shown are left out.
func Compare(ws *schema.Workspace, provider *schema.Provider, driver providers.Driver, discovered []providers.Discovered) ([]Folder, error) {
	at := map[string][]string{}
	taken := map[string]bool{}
	for _, f := range ws.Folders {
		if f.Provider.Driver == provider.Driver && f.Location != "" {
			at[f.Location] = append(at[f.Location], f.Address)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(f.Address, "folder."), "[")
		taken[name] = true
	}
	var folders []Folder
	for _, d := range discovered {
		f := Folder{Discovered: d}
		f.Attributes = shown(driver.Schema().Folder, d.Attributes)
		var err error
		if f.Location, err = driver.Locate(provider.Config, providers.FolderConfig{Kind: d.Kind, Attributes: d.Attributes}); err != nil {
			return nil, fmt.Errorf("%s: the folder %q cannot be located: %w", provider.Address, d.Name, err)
		}
		f.Configured = at[f.Location]
		switch {
		case f.Configured != nil:
		case !writable(f.Attributes):
			f.Trouble = "a configuration cannot say where it is, as that is not Unicode in normal form C: rename it"
		default:
			f.Name = free(identifier(d.Name), taken)
			taken[f.Name] = true
		}
		folders = append(folders, f)
	}
	return folders, nil
}

// shown are the attributes that may be seen by anybody.
func shown(attributes []providers.Attribute, all providers.Attributes) providers.Attributes {
	some := providers.Attributes{}
	for name, v := range all {
		i := slices.IndexFunc(attributes, func(a providers.Attribute) bool { return a.Name == name })
		if i >= 0 && !attributes[i].Sensitive {
			some[name] = v
		}
	}
	return some
}

// identifier is a name as blocks may have it: letters, digits and underscores of what people call a folder.
func identifier(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	const longest = 40
	id := b.String()
	id = strings.Trim(id[:min(len(id), longest)], "_-")
	if id == "" {
		return "folder"
	}
	if id[0] >= '0' && id[0] <= '9' {
		return "folder_" + id
	}
	return id
}

// free is the name, or the first with a number behind it that is not taken.
func free(name string, taken map[string]bool) string {
	numbered := name
	for n := 2; taken[numbered]; n++ {
		numbered = fmt.Sprintf("%s_%d", name, n)
	}
	return numbered
}
