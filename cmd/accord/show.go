package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
)

func (p *program) showCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a saved plan; with -json its whole document",
		Example: `  accord show monday.plan
  accord show -json monday.plan > monday.json`,
		Args: arguments(1, 1),
		RunE: p.does(func(_ context.Context, args []string) (condition, error) {
			path, err := p.planFile(args[0])
			if err != nil {
				return 0, err
			}
			saved, err := plan.ReadFile(path)
			if err != nil {
				return 0, err
			}
			defer saved.Close()
			if p.json {
				return 0, view.Document(p.out, &saved.Document)
			}
			return 0, p.view().Plan(&saved.Document)
		}),
	}
	p.verboseFlag(cmd.Flags())
	return cmd
}
