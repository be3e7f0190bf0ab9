package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

func (p *program) manCommand() *cobra.Command {
	var into string
	cmd := &cobra.Command{
		Use:   "man [COMMAND]",
		Short: "Write manual pages",
		Long: `Writes the manual page of accord, or of a command, to stdout; with -into, all of them into a directory. They say what -help says,
and every exit code that a command can end with.`,
		Example: `  accord man plan | man -l -
  accord man -into ~/.local/share/man/man1`,
		Args: arguments(0, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.does(func(context.Context, []string) (condition, error) {
				return 0, p.man(cmd.Root(), args, into)
			})(cmd, args)
		},
	}
	cmd.Flags().StringVar(&into, "into", "", "write all pages into `DIR`")
	return cmd
}

func (p *program) man(root *cobra.Command, args []string, into string) error {
	book := handbook(root)
	page := strings.Join(append([]string{root.Name()}, args...), "-")
	if into == "" {
		there, err := book.Page(p.out, page)
		if err == nil && !there {
			err = usageError{fmt.Errorf("there is no manual page %q: accord man -into DIR writes all that there are", page)}
		}
		return err
	}
	if len(args) > 0 {
		return usageError{fmt.Errorf("-into writes all pages: leave out %s", strings.Join(args, " "))}
	}
	dir := p.path(into)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("man: %w", err)
	}
	names := book.Pages()
	for _, name := range names {
		var text bytes.Buffer
		if _, err := book.Page(&text, name); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name+".1"), text.Bytes(), 0o666); err != nil {
			return fmt.Errorf("man: %w", err)
		}
	}
	if p.json {
		return p.view().Line("man", struct {
			Into  string `json:"into"`
			Pages int    `json:"pages"`
		}{into, len(names)})
	}
	return p.view().Say("Wrote %d manual pages into %s.", len(names), into)
}
