package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// workspaceFlags are the flags of every verb that reads the configuration.
type workspaceFlags struct {
	vars    variables
	saved   *schema.Given // what the plan that is applied keeps of variables; nil: no saved plan is
	offline bool          // no provider is asked for rows: what depends on them is not known
}

func (f *workspaceFlags) add(flags *pflag.FlagSet) {
	flags.Var(varFlag{&f.vars}, "var", "value of a variable (repeatable)")
	flags.Var(varFileFlag{&f.vars}, "var-file", "file with values of variables (repeatable)")
}

// load reads and checks the configuration, and shows what is wrong with it; of warnings, that there are some. With errors, the error is errShown, and the workspace is good for
// its name and the state's path at best.
func (p *program) load(ctx context.Context, f workspaceFlags) (*schema.Workspace, error) {
	ws, src, diags := p.loadQuietly(ctx, f)
	if !diags.HasErrors() && !p.json {
		p.view().Remarks(diags)
		return ws, nil
	}
	if err := p.view().Configuration(src, diags); err != nil {
		return ws, err
	}
	switch {
	case schema.GivenAgain(diags):
		return ws, usageError{errShown}
	case diags.HasErrors():
		return ws, errShown
	}
	return ws, nil
}

func (p *program) loadQuietly(ctx context.Context, f workspaceFlags) (*schema.Workspace, *schema.Sources, hcl.Diagnostics) {
	vars := make([]schema.VarAssignment, len(f.vars))
	for i, v := range f.vars {
		if v.File != "" {
			v.File = p.path(v.File)
		}
		vars[i] = v
	}
	opts := schema.Options{Drivers: p.drivers, Vars: vars, Saved: f.saved, Env: p.env, Version: version, Now: p.now}
	if !f.offline {
		if p.asked == nil {
			p.asked = reconcile.NewStores(p.drivers, reconcile.Options{Now: p.now})
		}
		opts.Rows = func(of *schema.Provider, cfg providers.DataConfig, each func(providers.Row) error) error {
			return p.asked.Rows(ctx, of, cfg, each)
		}
	}
	return schema.Load(p.dir, opts)
}

// newEngine makes an engine that goes on with what was asked while the configuration was read.
func (p *program) newEngine(ws *schema.Workspace, opts reconcile.Options) *reconcile.Engine {
	if p.meanToUse != nil {
		p.meanToUse(len(ws.Relations))
	}
	opts.Stores, p.asked = p.asked, nil
	return reconcile.New(ws, p.drivers, opts)
}

// lockFlags are the flags of every verb that uses the state.
type lockFlags struct{ timeout time.Duration }

func (f *lockFlags) add(flags *pflag.FlagSet) {
	flags.DurationVar(&f.timeout, "lock-timeout", 0, "wait for `TIME` (30s, 5m) while somebody else holds the state")
}

// stateOptions say who asks for the state, and how long to wait for it.
func (p *program) stateOptions(command string, f lockFlags) state.Options {
	return state.Options{
		Owner: state.Owner{PID: os.Getpid(), Host: hostname(), User: username(), Command: command, Since: p.now()},
		Wait:  f.timeout,
		Waiting: func(held *state.LockedError) {
			p.view().Diagnostic(plan.Diagnostic{Severity: "info", Summary: fmt.Sprintf("waiting up to %s: %v", f.timeout, held)})
		},
	}
}

// readState opens the state of a workspace for reading; where there is none, it is empty. One that another workspace made is refused.
func (p *program) readState(ctx context.Context, ws *schema.Workspace, command string, f lockFlags) (state.ReadCloser, error) {
	recorded, err := state.OpenReader(ctx, ws.StatePath, p.stateOptions(command, f))
	if err != nil {
		return nil, err
	}
	if name := recorded.Header().Workspace; name != "" && name != ws.Name {
		return nil, errors.Join(errOfAnother(ws, name), recorded.Close())
	}
	return recorded, nil
}

// errOfAnother says that the state is another workspace's.
func errOfAnother(ws *schema.Workspace, name string) error {
	return fmt.Errorf("the state in %q belongs to workspace %q, and this is %q: check accord.workspace and the state's path", ws.StatePath, name, ws.Name)
}

// progress draws on the terminal, when errors go to one. end takes it off again.
func (p *program) progress() (bar *view.Progress, end func()) {
	if p.json || !isTerminal(p.err) {
		return nil, func() {}
	}
	bar = view.NewProgress(p.err, p.now, func() int { return terminalWidth(p.err) })
	return bar, bar.Clear
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

func username() string {
	u, err := user.Current()
	if err != nil {
		return fmt.Sprintf("uid-%d", os.Getuid())
	}
	return u.Username
}
