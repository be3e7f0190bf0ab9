package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/format"
	"github.com/accord-sync/accord/schema/functions"
)

// fmtFlags are the flags of fmt.
type fmtFlags struct{ check, diff, recursive bool }

func (p *program) fmtCommand() *cobra.Command {
	var flags fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt [FILE|DIR…]",
		Short: "Write configuration files in their canonical layout",
		Long: `Write *.hcl and *.accord.json files in their canonical layout, and print the names of those that change. Without FILE or DIR, those of the
workspace; - is the standard input, formatted to the standard output. YAML is left as it is. A file with a mistake in its syntax is not touched.`,
		Example: "  accord fmt -recursive\n  accord fmt -check -diff",
		RunE: p.does(func(_ context.Context, args []string) (condition, error) {
			return p.fmt(args, flags)
		}),
	}
	cmd.Flags().BoolVar(&flags.check, "check", false, "write nothing; exit 1 if a file would change")
	cmd.Flags().BoolVar(&flags.diff, "diff", false, "show what changes in each file")
	cmd.Flags().BoolVar(&flags.recursive, "recursive", false, "also in directories below, but for hidden ones")
	return cmd
}

// standardInput is how the command line calls it.
const standardInput = "-"

func (p *program) fmt(args []string, flags fmtFlags) (condition, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	f := &formatter{program: p, flags: flags}
	for _, arg := range args {
		if arg == standardInput {
			if err := f.stream(); err != nil {
				return 0, err
			}
			continue
		}
		files, left, err := configurationFiles(p.path, arg, flags.recursive)
		if err != nil {
			return 0, err
		}
		for _, name := range left {
			p.view().Diagnostic(plan.Diagnostic{Severity: "info", Summary: fmt.Sprintf("%s is YAML, which fmt leaves as it is", words.Safe(name))})
		}
		for _, name := range files {
			if err := f.file(name); err != nil {
				return 0, err
			}
		}
	}
	if p.json {
		return f.met, p.view().Line("fmt", struct {
			Files   int `json:"files"`
			Changed int `json:"changed"`
		}{f.files, f.changed})
	}
	return f.met, nil
}

// formatter formats one file after the other.
type formatter struct {
	*program
	flags          fmtFlags
	files, changed int
	met            condition
}

// file formats a file of the disk.
func (f *formatter) file(name string) error {
	text, err := functions.ReadText(f.path(name))
	if err != nil {
		f.met |= failed
		f.view().Error(fmt.Errorf("fmt %s: %w", name, err))
		return nil
	}
	formatted, ok := f.text(name, text)
	if !ok || bytes.Equal(text, formatted) {
		return nil
	}
	if !f.flags.check {
		if err := replaceFile(f.path(name), formatted); err != nil {
			return fmt.Errorf("fmt %s: %w", name, err)
		}
	}
	return f.show(name, text, formatted)
}

// stream formats the standard input: JSON when it begins with a brace, as nothing in native syntax does.
func (f *formatter) stream() error {
	text, err := io.ReadAll(f.in)
	if err != nil {
		return fmt.Errorf("fmt: read the standard input: %w", err)
	}
	name := "stdin.hcl"
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		name = "stdin.accord.json"
	}
	formatted, ok := f.text(name, text)
	switch {
	case !ok:
		return nil
	case !f.flags.check && !f.flags.diff && !f.json:
		_, err := f.out.Write(formatted)
		return err
	case bytes.Equal(text, formatted) && !f.json:
		return nil
	}
	return f.show(standardInput, text, formatted)
}

// text is a text in its layout. It is false when the text has a mistake, which is shown.
func (f *formatter) text(name string, text []byte) ([]byte, bool) {
	f.files++
	formatted, diags := format.Text(name, text)
	if !diags.HasErrors() {
		return formatted, true
	}
	f.met |= failed
	src := diagnose.NewSources()
	src.Add(name, text)
	if err := f.view().Configuration(src, diags); err != nil {
		f.view().Error(err)
	}
	return nil, false
}

// show prints what changed.
func (f *formatter) show(name string, before, after []byte) error {
	differs := !bytes.Equal(before, after)
	if differs {
		f.changed++
		if f.flags.check {
			f.met |= failed
		}
	}
	var change string
	if f.flags.diff && differs {
		change = string(diff.Diff("old/"+name, before, "new/"+name, after))
	}
	if !f.json {
		_, err := io.WriteString(f.out, words.Safe(name)+"\n"+harmless(change))
		return err
	}
	line := struct {
		File    string  `json:"file"`
		Changed bool    `json:"changed"`
		Diff    string  `json:"diff,omitempty"`
		Text    *string `json:"text,omitempty"`
	}{name, differs, change, nil}
	if name == standardInput && !f.flags.check {
		text := string(after)
		line.Text = &text
	}
	return f.view().Line("file", line)
}

// harmless keeps control characters of a file from reaching a terminal.
func harmless(diff string) string {
	lines := strings.SplitAfter(diff, "\n")
	for i, line := range lines {
		text, ended := strings.CutSuffix(line, "\n")
		parts := strings.Split(text, "\t")
		for k, part := range parts {
			parts[k] = words.Safe(part)
		}
		lines[i] = strings.Join(parts, "\t")
		if ended {
			lines[i] += "\n"
		}
	}
	return strings.Join(lines, "")
}

// errNoLayout is a file that was named and has no canonical layout.
var errNoLayout = errors.New("fmt formats *.hcl and *.accord.json files, and directories of them")
