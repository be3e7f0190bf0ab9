package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) stateExportCommand() *cobra.Command {
	var flags stateFlags
	var journal bool
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the whole state as text, a JSON object a line",
		Long: `Writes everything that the state holds into FILE, which its owner alone can read, or to stdout: a JSON object a line, as docs/state.md describes them. It is
for looking at, for moving a state, and for keeping it beside a backup; accord state import reads it.

What items say is not in it. With -journal, what was there before and after each write is, as the journal holds it: applies can then be undone from
the imported state too. It holds no secrets either way. Pauses are files beside the state and are not in it.`,
		Example: `  accord state export state.jsonl
  accord state export -journal | age -r age1… > state.jsonl.age`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.withState(ctx, flags, "accord state export", func(recorded state.Reader) error {
				if len(args) == 0 || args[0] == "-" {
					_, err := state.Export(view.Lines(p.out), recorded, journal)
					return err
				}
				return p.export(recorded, args[0], journal)
			})
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&journal, "journal", false, "write what items said before and after each write as well")
	return cmd
}

// export writes the state into a file of its owner's, at once or not at all.
func (p *program) export(recorded state.Reader, name string, journal bool) error {
	path := p.path(name)
	f, err := os.CreateTemp(filepath.Dir(path), ".accord-export-*") // mode 0600
	if err != nil {
		return fmt.Errorf("export the state to %s: %w", name, err)
	}
	n, err := state.Export(f, recorded, journal)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("export the state to %s: %w", name, errors.Join(err, os.Remove(f.Name())))
	}
	if p.json {
		return p.view().Line("export", map[string]any{"file": name, "records": n, "journal": journal})
	}
	return p.view().Say("The state is written to %s: %d records.", view.Clean(name), n)
}

func (p *program) stateImportCommand() *cobra.Command {
	var flags stateFlags
	var replace bool
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Make the state what an export says",
		Long: `Reads what accord state export wrote from FILE, or from stdin where it is -, and makes that the state. It must be of this workspace, and whole. A state that is
not empty is refused; with -replace it stays beside the new one under another name.

What happened to the folders since the export was written, the next plan takes for changes by people: replicas that were made since are recognised
by their markers. Look at it before it is applied.`,
		Example: `  accord state import state.jsonl
  accord state import -replace state.jsonl`,
		Args: arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.importState(ctx, flags, args[0], replace)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&replace, "replace", false, "import though the state is not empty, or damaged; it is kept beside the new one")
	return cmd
}

func (p *program) importState(ctx context.Context, flags stateFlags, name string, replace bool) error {
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return err
	}
	in, err := p.input(name)
	if err != nil {
		return fmt.Errorf("import the state from %s: %w", name, err)
	}
	defer in.Close()
	n, recounts := 0, false
	aside, err := p.renew(ctx, ws, p.stateOptions("accord state import", flags.lockFlags), func(r *state.Renewal) (err error) {
		if r.Known() && !replace {
			return fmt.Errorf("the state is not empty: nothing was changed; to import all the same, and keep this one beside it: %s state import -replace %s", p.self(), view.Clean(name))
		}
		recounts = r.Uncounted()
		if n, err = state.Import(r, in); err != nil {
			return fmt.Errorf("import the state from %s: %w: nothing was changed", name, err)
		}
		if from := r.Header().Workspace; from != "" && from != ws.Name {
			return fmt.Errorf("%s is the state of workspace %q, and this is %q: nothing was changed; check accord.workspace", name, from, ws.Name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if p.json {
		line := map[string]any{"file": name, "records": n, "replaced": aside}
		if recounts {
			line["recounts"] = true
		}
		return p.view().Line("import", line)
	}
	if recounts {
		if err := p.view().Say("%s", view.Recounts); err != nil {
			return err
		}
	}
	if aside != "" {
		if err := p.view().Say("The old state is kept as %s: remove it when it is not needed any more.", view.Clean(aside)); err != nil {
			return err
		}
	}
	return p.view().Say("The state is what %s says: %d records. What changed since, accord plan shows.", view.Clean(name), n)
}

// input opens a file that the command line names; "-" is stdin.
func (p *program) input(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(bufio.NewReader(p.in)), nil
	}
	return os.Open(p.path(name))
}
