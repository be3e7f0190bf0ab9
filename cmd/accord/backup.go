package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/schema"
)

func (p *program) backupCommand() *cobra.Command {
	var flags workspaceFlags
	var only []string
	cmd := &cobra.Command{
		Use:   "backup [DIR]",
		Short: "Write what folders hold into plain .ics and .vcf files",
		Long: `Writes every item of every folder of the configuration into a file of its own, byte for byte as the folder gave it: .ics or .vcf, in a directory for each
folder. manifest.json says of each file which item it is, with its ref, version, UID and SHA-256; it is written last, and makes the directory a backup. Without
DIR, it is a new directory in .accord/backups, named by the time. What it writes can be read by its owner alone. It reads folders, and writes to none.

What cannot be read is listed, in the manifest too, and the exit code is 3. accord restore DIR brings items back.

An apply does the same by itself before it writes to a folder for a relationship for the first time, unless backup = false.`,
		Example: `  accord backup
  accord backup monday
  accord backup -only 'folder.staff["anna"]'`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			dir := ""
			if len(args) == 1 {
				if dir = args[0]; dir == "" {
					return 0, usageError{errors.New("the directory's name is empty: name a new one, or none")}
				}
			}
			return p.backup(ctx, flags, dir, only)
		}),
	}
	flags.add(cmd.Flags())
	cmd.Flags().StringArrayVar(&only, "only", nil, "back up only these folders, or those of these relationships: an `ADDRESS` or a glob (repeatable)")
	return cmd
}

func (p *program) backup(ctx context.Context, flags workspaceFlags, dir string, only []string) (condition, error) {
	ws, err := p.load(ctx, flags)
	if err != nil {
		return p.worse(ctx, ws, "backup", nil), err
	}
	for i, address := range only {
		only[i] = quoted(address)
	}
	begin := p.first(ws)
	if dir != "" {
		begin = func() (*backup.Writer, error) { return backup.Create(p.path(dir), ws.Name, p.now()) }
	}
	engine, end := p.engine(ws, requestFlags{parallel: 4})
	dir, folders, err := engine.Backup(ctx, only, begin)
	end()
	if err = errors.Join(err, engine.Close()); err != nil {
		return 0, err
	}
	var met condition
	for _, f := range folders {
		if f.Lacks != "" || f.Unreadable > 0 || f.Missing {
			met = partly
		}
	}
	return met, p.view().BackedUp(p.shown(dir), p.restores(dir), folders)
}

// newBackup begins a backup in a directory that is named by the time, beside the state.
func (p *program) newBackup(ws *schema.Workspace) (*backup.Writer, error) {
	now := p.now().UTC()
	name := filepath.Join(filepath.Dir(ws.StatePath), "backups", now.Format("2006-01-02T15-04-05Z"))
	dir := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(dir); err != nil { // there is none of that name, or Create says what is wrong
			return backup.Create(dir, ws.Name, now)
		}
		dir = fmt.Sprintf("%s-%d", name, n)
	}
}

// first begins the backup that an apply writes before it writes anything else.
func (p *program) first(ws *schema.Workspace) func() (*backup.Writer, error) {
	return func() (*backup.Writer, error) { return p.newBackup(ws) }
}

// shown is a path as people read it best: from where relative paths on the command line start, when it is below.
func (p *program) shown(path string) string {
	base, err := filepath.Abs(p.dir)
	if path == "" || err != nil {
		return path
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(base, whole); err == nil && filepath.IsLocal(short) {
		return short
	}
	return path
}

// restores is the command that brings back what a backup holds.
func (p *program) restores(dir string) string {
	return fmt.Sprintf("%s restore %s", p.self(), view.Clean(reconcile.ShellWord(p.shown(dir))))
}
