package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed starter
var starter embed.FS

func (p *program) initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init",
		Short: "Write a small workspace to begin with; it never overwrites anything",
		Example: `  accord init
  accord -chdir=office init`,
		Args: arguments(0, 0),
		RunE: p.does(func(context.Context, []string) (condition, error) {
			return 0, p.init()
		}),
	}
}

func (p *program) init() error {
	if err := emptyOfConfiguration(p.dir); err != nil {
		return err
	}
	var written []string
	err := fs.WalkDir(starter, "starter", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := starter.ReadFile(name)
		if err != nil {
			return err
		}
		to := strings.TrimPrefix(name, "starter/")
		if path.Base(to) == "gitignore" {
			to = path.Join(path.Dir(to), ".gitignore")
		}
		switch err := writeNew(filepath.Join(p.dir, filepath.FromSlash(to)), text); {
		case errors.Is(err, fs.ErrExist):
			return nil
		case err != nil:
			return fmt.Errorf("init: %w", err)
		}
		written = append(written, to)
		return nil
	})
	if err != nil {
		return err
	}
	if p.json {
		return p.view().Line("init", map[string]any{"written": written})
	}
	return p.view().Say("Wrote %s.\nRead main.hcl, change it as you like, then run accord plan.", strings.Join(written, ", "))
}

// emptyOfConfiguration refuses a directory that is a workspace already.
func emptyOfConfiguration(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("init: %w", err)
	}
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasSuffix(name, ".hcl") || strings.HasSuffix(name, ".accord.json") || strings.HasSuffix(name, ".accord.yaml") {
			return fmt.Errorf("init: %s is here already: this is a workspace; choose an empty directory with -chdir=DIR", filepath.Join(dir, name))
		}
	}
	return nil
}

// writeNew writes a file that is not there yet, and the directories above it.
func writeNew(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
