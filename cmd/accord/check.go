package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

type checkFlags struct {
	workspaceFlags
	request  reconcile.CheckRequest
	parallel int
}

func (p *program) checkCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Connect to every folder, and say whether it can be reached, read and written",
		Long: `Connects to every folder and says of each whether it can be reached, read and written, of which kind it is, how many items it holds, and what
its driver can do and can hold. It writes nothing, and it needs no state.

With -probe it tries to write as well: in each folder that is not access = "read" it makes one item of its own, of the year 2001, without alarm and
without people, reads it back, changes it, and takes it away again. It touches no other item.

It exits with code 3 when a folder is not usable.`,
		Example: "  accord check\n  accord check -probe -only 'folder.staff[*]'",
		Args:    arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.check(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.request.Probe, "probe", false, "try to write: one item of its own in each folder, which is taken away again")
	cmd.Flags().StringArrayVar(&flags.request.Only, "only", nil, "check only these folders, or those of these relationships: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().StringArrayVar(&flags.request.Except, "except", nil, "check all but these folders, or those of these relationships: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().IntVar(&flags.parallel, "parallelism", 4, "check `N` folders at a time")
	return cmd
}

func (p *program) check(ctx context.Context, flags checkFlags) (condition, error) {
	if flags.parallel < 1 {
		return 0, usageError{fmt.Errorf("-parallelism=%d: write a number above 0", flags.parallel)}
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return 0, err
	}
	flags.request.Token = strings.ToLower(rand.Text())
	engine, end := p.engine(ws, requestFlags{parallel: flags.parallel})
	checks := engine.Check(ctx, flags.request)
	end()
	if err := engine.Close(); err != nil {
		return 0, err
	}
	if ctx.Err() != nil {
		p.leftBehind(checks)
		return 0, context.Cause(ctx)
	}
	if len(checks) == 0 && len(ws.Folders) > 0 {
		return 0, errors.New("-only and -except leave no folder to check; accord graph shows all folders")
	}
	var met condition
	usable := 0
	for _, c := range checks {
		if c.Usable {
			usable++
		} else {
			met = partly
		}
	}
	if p.json {
		err = p.checkLines(checks, usable)
	} else {
		err = p.checkText(checks, usable)
	}
	return met, err
}

// leftBehind says which items of probes could not be taken away, when a check is interrupted and there is nothing else to say.
func (p *program) leftBehind(checks []reconcile.FolderCheck) {
	for _, c := range checks {
		if c.Probe != nil && c.Probe.Left != "" {
			p.view().Diagnostic(plan.Diagnostic{Severity: "warning", Address: c.Address, Summary: "An item of a probe stayed behind", Detail: c.Probe.Left})
		}
	}
}

// checkLines writes what was found as one JSON object a line.
func (p *program) checkLines(checks []reconcile.FolderCheck, usable int) error {
	v := p.view()
	for _, c := range checks {
		if err := v.Line("folder", c); err != nil {
			return err
		}
	}
	return v.Line("check", struct {
		Usable   int `json:"usable"`
		Unusable int `json:"unusable"`
	}{usable, len(checks) - usable})
}
