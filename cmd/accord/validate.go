package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"
)

func (p *program) validateCommand() *cobra.Command {
	var flags workspaceFlags
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check the configuration, without network and without the state",
		Long: `Reads the whole configuration and says everything that is wrong with it: the file, the line, and what to do. It needs neither network nor
state.`,
		Example: `  accord validate
  accord validate -json -var-file=office.vars`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.validate(ctx, flags)
		}),
	}
	flags.add(cmd.Flags())
	return cmd
}

func (p *program) validate(ctx context.Context, flags workspaceFlags) (condition, error) {
	flags.offline = true
	ws, src, diags := p.loadQuietly(ctx, flags)
	if err := p.view().Configuration(src, diags); err != nil {
		return 0, err
	}
	var mistakes, warnings int
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			mistakes++
		} else {
			warnings++
		}
	}
	var met condition
	if mistakes > 0 {
		met = failed
	}
	if p.json {
		return met, p.view().Line("validate", struct {
			Valid         bool     `json:"valid"`
			Errors        int      `json:"errors"`
			Warnings      int      `json:"warnings"`
			Unasked       []string `json:"unasked"`
			Workspace     string   `json:"workspace,omitempty"`
			Folders       int      `json:"folders"`
			Relationships int      `json:"relationships"`
		}{mistakes == 0, mistakes, warnings, ws.Unasked, ws.Name, len(ws.Folders), len(ws.Relations)})
	}
	if mistakes > 0 {
		_, err := fmt.Fprintf(p.err, "The configuration is not valid: errors: %d, warnings: %d.\n", mistakes, warnings)
		return met, err
	}
	said := fmt.Sprintf("The configuration is valid: folders: %d, relationships: %d, warnings: %d.", len(ws.Folders), len(ws.Relations), warnings)
	if len(ws.Unasked) > 0 {
		said += fmt.Sprintf("\nNot counted is what is made of the rows of %s: plan asks for them.", strings.Join(ws.Unasked, ", "))
	}
	return met, p.view().Say("%s", said)
}
