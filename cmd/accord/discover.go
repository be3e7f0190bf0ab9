package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/found"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/diagnose"
)

type discoverFlags struct {
	workspaceFlags
	hcl bool
}

func (p *program) discoverCommand() *cobra.Command {
	var flags discoverFlags
	cmd := &cobra.Command{
		Use:   "discover PROVIDER",
		Short: "List the folders of a provider, and write blocks for those that are not configured",
		Long: `Lists the folders that are at a provider, with their kind, the number of their items, and the folder block that each has already. For those without
one it writes blocks, to be copied into the configuration. It writes nothing to any folder.

PROVIDER is the address of a provider block: provider.vdir.local, or vdir.local for short.`,
		Example: "  accord discover provider.vdir.local\n  accord discover -hcl vdir.local >> folders.hcl",
		Args:    arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.discover(ctx, args[0], flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.hcl, "hcl", false, "write the blocks alone")
	return cmd
}

func (p *program) discover(ctx context.Context, address string, flags discoverFlags) error {
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return err
	}
	provider, err := findProvider(ws, address)
	if err != nil {
		return err
	}
	driver := p.drivers[provider.Driver]
	discovered, err := p.discoverFolders(ctx, ws, provider)
	if err != nil {
		return err
	}
	folders, err := found.Compare(ws, provider, driver, discovered)
	if err != nil {
		return err
	}
	switch {
	case p.json:
		return p.discoverLines(provider, driver, folders)
	case flags.hcl:
		return found.Write(p.out, provider, driver, folders)
	}
	return p.discoverText(provider, driver, folders)
}

// findProvider is the provider of an address, with or without what all addresses of providers begin with.
func findProvider(ws *schema.Workspace, address string) (*schema.Provider, error) {
	address = quoted(address)
	if !strings.HasPrefix(address, "provider.") {
		address = "provider." + address
	}
	var known []string
	for _, p := range ws.Providers {
		if p.Address == address {
			return p, nil
		}
		known = append(known, p.Address)
	}
	return nil, fmt.Errorf("there is no %s. %s", address, diagnose.DidYouMean(address, known, "accord validate says how many there are."))
}

// discoverFolders asks a provider for its folders.
func (p *program) discoverFolders(ctx context.Context, ws *schema.Workspace, provider *schema.Provider) ([]providers.Discovered, error) {
	e := p.newEngine(ws, reconcile.Options{Now: p.now})
	found, err := e.Discover(ctx, provider)
	if err = errors.Join(err, e.Close()); err != nil {
		return nil, err
	}
	return found, nil
}

// discoverText draws what was found, and then the blocks.
func (p *program) discoverText(provider *schema.Provider, driver providers.Driver, folders []found.Folder) error {
	out := bufio.NewWriter(p.out)
	fresh, widest := 0, 0
	for _, f := range folders {
		if f.Configured == nil {
			fresh++
		}
		widest = max(widest, len([]rune(words.Safe(f.Discovered.Name))))
	}
	fmt.Fprintf(out, "Folders at %s: %d, not configured: %d.\n", words.Safe(provider.Address), len(folders), fresh)
	if len(folders) == 0 {
		fmt.Fprintln(out, "To have one made, write a folder block with create = true.")
	}
	for i, f := range folders {
		if i == 0 {
			fmt.Fprintln(out)
		}
		name := words.Safe(f.Discovered.Name)
		fmt.Fprintf(out, "  %s%s  %s\n", name, strings.Repeat(" ", widest-len([]rune(name))), words.Safe(discoveredText(f)))
	}
	if fresh > 0 {
		fmt.Fprint(out, "\nFor those that are not configured (-hcl writes these blocks alone):\n\n")
		if err := found.Write(out, provider, driver, folders); err != nil {
			return err
		}
	}
	return out.Flush()
}

// discoveredText is what is known of a folder in a few words.
func discoveredText(f found.Folder) string {
	kind, items := string(f.Kind), ""
	if kind == "" {
		kind = "kind not known"
	}
	if f.Items >= 0 {
		items = words.Counted(f.Items, "item", "items")
	}
	access := ""
	if f.ReadOnly {
		access = "read only"
	}
	return join(slices.Concat([]string{kind, items, access, f.Color}, f.Configured, []string{f.Trouble})...)
}

// discoverLines writes what was found as one JSON object a line.
func (p *program) discoverLines(provider *schema.Provider, driver providers.Driver, folders []found.Folder) error {
	v := p.view()
	fresh := 0
	for _, f := range folders {
		var block strings.Builder
		if f.Configured == nil {
			fresh++
		}
		if f.Name != "" {
			if err := found.Write(&block, provider, driver, []found.Folder{f}); err != nil {
				return err
			}
		}
		err := v.Line("folder", struct {
			Name       string               `json:"name"`
			Kind       string               `json:"kind"`  // "": not known
			Items      int                  `json:"items"` // -1: not known
			ReadOnly   bool                 `json:"read_only"`
			Color      string               `json:"color,omitempty"`
			Location   string               `json:"location"`
			Attributes providers.Attributes `json:"attributes"`
			Configured []string             `json:"configured"` // addresses
			Problem    string               `json:"problem,omitempty"`
			HCL        string               `json:"hcl,omitempty"`
		}{f.Discovered.Name, string(f.Kind), f.Items, f.ReadOnly, f.Color, f.Location, f.Attributes, append([]string{}, f.Configured...), f.Trouble, block.String()})
		if err != nil {
			return err
		}
	}
	return v.Line("discover", struct {
		Provider     string `json:"provider"`
		Folders      int    `json:"folders"`
		Unconfigured int    `json:"unconfigured"`
	}{provider.Address, len(folders), fresh})
}
