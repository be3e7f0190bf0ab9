package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/schema"
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

// places lists where something is written, the first few of them.
func places(list []schema.Unsupported) string {
	const most = 5
	var at []string
	for _, u := range list[:min(len(list), most)] {
		at = append(at, fmt.Sprintf("%s:%d", words.Safe(u.Range.Filename), u.Range.Start.Line))
	}
	if more := len(list) - most; more > 0 {
		at = append(at, fmt.Sprintf("%d more", more))
	}
	return strings.Join(at, ", ")
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
			Valid         bool   `json:"valid"`
			Errors        int    `json:"errors"`
			Warnings      int    `json:"warnings"`
			Unsupported   int    `json:"unsupported"`
			Workspace     string `json:"workspace,omitempty"`
			Folders       int    `json:"folders"`
			Relationships int    `json:"relationships"`
		}{mistakes == 0, mistakes, warnings, len(ws.Unsupported), ws.Name, len(ws.Folders), len(ws.Relations)})
	}
	if mistakes > 0 {
		_, err := fmt.Fprintf(p.err, "The configuration is not valid: errors: %d, warnings: %d.\n", mistakes, warnings)
		return met, err
	}
	if len(ws.Unsupported) > 0 {
		return met, p.view().Say("The configuration is valid, but plan will refuse it: this version does not carry out what is at %s.", places(ws.Unsupported))
	}
	return met, p.view().Say("The configuration is valid: folders: %d, relationships: %d, warnings: %d.", len(ws.Folders), len(ws.Relations), warnings)
}
