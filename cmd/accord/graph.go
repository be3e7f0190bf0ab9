package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/graph"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

type graphFlags struct {
	workspaceFlags
	keys   identityFlags
	format string
	plan   string
}

func (p *program) graphCommand() *cobra.Command {
	var flags graphFlags
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Draw the folders and the relationships between them",
		Long: `Draws the folders and the relationships between them, without network and without the state: for Graphviz (dot), for Mermaid (mermaid),
or as a picture (svg). A mesh is drawn as one group, and a block with more than 12 instances as one folder.

With -plan, relationships have the states that this plan found, such as blocked or alert.`,
		Example: "  accord graph -format svg > folders.svg\n  accord graph | dot -Tpng -o folders.png",
		Args:    arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return 0, p.graph(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.format, "format", "dot", "what to write: `dot|mermaid|svg`")
	flags.keys.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.plan, "plan", "", "take the relationships' states from the plan in `FILE`")
	return cmd
}

func (p *program) graph(ctx context.Context, flags graphFlags) error {
	switch flags.format {
	case "dot", "mermaid", "svg":
	default:
		return usageError{fmt.Errorf("-format=%s: write dot, mermaid or svg", flags.format)}
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return err
	}
	var statuses map[string]plan.Status
	if flags.plan != "" {
		saved, err := p.savedPlan(flags.plan, flags.keys)
		if err != nil {
			return err
		}
		defer saved.Close()
		if saved.Document.Workspace != ws.Name {
			return fmt.Errorf("%w: it is of workspace %q, and this is %q; make a new plan", reconcile.ErrForeignPlan, saved.Document.Workspace, ws.Name)
		}
		statuses = graph.Statuses(&saved.Document)
	}
	g := graph.OfWorkspace(ws, statuses)
	switch {
	case p.json:
		return p.graphLines(g)
	case flags.format == "mermaid":
		return g.Mermaid(p.out)
	case flags.format == "svg":
		return g.SVG(p.out)
	}
	return g.DOT(p.out)
}

// graphLines writes what is drawn as one JSON object a line.
func (p *program) graphLines(g *graph.Graph) error {
	v := p.view()
	for _, n := range g.Nodes {
		if err := v.Line("node", n); err != nil {
			return err
		}
	}
	for _, m := range g.Groups {
		if err := v.Line("group", m); err != nil {
			return err
		}
	}
	for _, e := range g.Edges {
		if err := v.Line("edge", e); err != nil {
			return err
		}
	}
	return v.Line("graph", struct {
		Workspace string `json:"workspace"`
		Nodes     int    `json:"nodes"`
		Groups    int    `json:"groups"`
		Edges     int    `json:"edges"`
	}{g.Workspace, len(g.Nodes), len(g.Groups), len(g.Edges)})
}
