package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
)

func (p *program) showCommand() *cobra.Command {
	var form formFlags
	var titles string
	var keys identityFlags
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Show a saved plan; with -json its whole document",
		Example: `  accord show monday.plan
  accord show -json monday.plan > monday.json
  accord show -markdown -titles=hidden monday.plan
  accord show -html monday.plan > monday.html`,
		Args: arguments(1, 1),
		RunE: p.does(func(_ context.Context, args []string) (condition, error) {
			if err := errors.Join(form.check(p.json), checkTitles(titles)); err != nil {
				return 0, err
			}
			saved, err := p.savedPlan(args[0], keys)
			if err != nil {
				return 0, err
			}
			defer saved.Close()
			doc := &saved.Document
			if reconcile.Titles(titles) == reconcile.TitlesHidden {
				doc = review.Hide(doc)
			}
			if p.json {
				return 0, view.Document(p.out, doc)
			}
			return 0, p.draw(doc, form, args[0])
		}),
	}
	p.verboseFlag(cmd.Flags())
	form.add(cmd.Flags())
	keys.add(cmd.Flags())
	cmd.Flags().StringVar(&titles, "titles", "", "show titles and values as the plan holds them, or none: `full|hidden`")
	return cmd
}
