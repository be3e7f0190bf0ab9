package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/schema"
)

// wordsBash finds the words of a command line where the bash-completion package is not there to do it.
//
//go:embed completion.bash
var wordsBash string

func (p *program) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Write a script that makes a shell complete commands, flags, files and addresses",
		Long: `Writes a script that makes a shell complete commands, flags, files, and the addresses that the configuration declares. It asks accord
itself, which reads the configuration for it, and neither network nor state.`,
		Example: `  # bash: for this shell, or for every new one
  source <(accord completion bash)
  accord completion bash > ~/.local/share/bash-completion/completions/accord

  # zsh: into a directory of $fpath
  accord completion zsh > ~/.zfunc/_accord

  # fish
  accord completion fish > ~/.config/fish/completions/accord.fish

  # PowerShell: in $PROFILE
  accord completion powershell | Out-String | Invoke-Expression`,
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				if err := root.GenBashCompletionV2(p.out, true); err != nil {
					return err
				}
				_, err := io.WriteString(p.out, wordsBash)
				return err
			case "zsh":
				return root.GenZshCompletion(p.out)
			case "fish":
				return root.GenFishCompletion(p.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(p.out)
			}
			return usageError{fmt.Errorf("there is no completion for %q: write bash, zsh, fish or powershell", args[0])}
		},
	}
}

// asksForCompletions reports whether a command line comes from a script that completion wrote.
func asksForCompletions(args []string) bool {
	return len(args) > 1 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// complete answers such a script: what the last word can be completed to. A flag keeps the dashes that it is written with. Whatever goes wrong, there
// is nothing to complete; nobody is told, as somebody is typing.
func (p *program) complete(ctx context.Context, root *cobra.Command, args []string) int {
	root.InitDefaultHelpCmd()
	p.addCompletions(root)
	takesValue, last := valueFlags(root), len(args)-1
	word := args[last]
	const flag = "-flag"
	asFlag := normalise(append(slices.Clone(args[:last]), flag), takesValue)[last] != flag // not the value of one
	oneDash := asFlag && strings.HasPrefix(word, "-") && !strings.HasPrefix(word, "--")
	args = normalise(args, takesValue)
	if oneDash {
		args[last] = "-" + word
	}
	var said bytes.Buffer
	root.SetArgs(args)
	root.SetOut(&said)
	root.SetErr(io.Discard)
	if err := root.ExecuteContext(ctx); err != nil {
		return failed.code()
	}
	for line := range strings.Lines(strings.ReplaceAll(said.String(), "`", "")) { // they mark the word for a value in a flag's description
		if oneDash && strings.HasPrefix(line, "--") {
			line = line[1:]
		}
		if _, err := io.WriteString(p.out, line); err != nil {
			return failed.code()
		}
	}
	return 0
}

// addCompletions says what values of flags and arguments are completed to: what the words that stand for them in the usage say.
func (p *program) addCompletions(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) { p.addCompletion(cmd, f) })
	cmd.PersistentFlags().VisitAll(func(f *pflag.Flag) { p.addCompletion(cmd, f) })
	if words, more := argumentWords(cmd); len(words) > 0 {
		cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			at := len(args)
			if more {
				at = min(at, len(words)-1)
			}
			if at >= len(words) {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return p.candidates(cmd, words[at], begun)
		}
	} else if !cmd.HasSubCommands() {
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for _, sub := range cmd.Commands() {
		p.addCompletions(sub)
	}
}

func (p *program) addCompletion(cmd *cobra.Command, f *pflag.Flag) {
	word, _ := pflag.UnquoteUsage(f)
	complete := func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		return p.candidates(cmd, word, begun)
	}
	if err := cmd.RegisterFlagCompletionFunc(f.Name, complete); err != nil {
		cobra.CompErrorln(err.Error())
	}
}

// argumentWords are the words that stand for the arguments of a command: FILE of "apply [FILE]". more says that there may be more of the last.
func argumentWords(cmd *cobra.Command) (words []string, more bool) {
	for _, w := range strings.Fields(cmd.Use)[1:] {
		more = strings.Contains(w, "…")
		words = append(words, strings.Trim(w, "[]…"))
	}
	return words, more
}

// candidates is what a value can be that a word stands for. None, and no file either: only a person knows.
func (p *program) candidates(cmd *cobra.Command, word, begun string) ([]string, cobra.ShellCompDirective) {
	switch word {
	case "FILE", "FILE|DIR":
		return p.files(begun)
	case "DIR":
		return p.directories(cmd, begun)
	case "ADDRESS":
		ws := p.quietly(cmd)
		return matching(begun, slices.Concat(relationshipsOf(ws), foldersOf(ws))), cobra.ShellCompDirectiveNoFileComp
	case "ADDRESS:N":
		addresses := relationshipsOf(p.quietly(cmd))
		for i := range addresses {
			addresses[i] += ":"
		}
		return matching(begun, addresses), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	case "RELATIONSHIP":
		return matching(begun, relationshipsOf(p.quietly(cmd))), cobra.ShellCompDirectiveNoFileComp
	case "FOLDER":
		return matching(begun, foldersOf(p.quietly(cmd))), cobra.ShellCompDirectiveNoFileComp
	case "PROVIDER":
		return matching(begun, providersOf(p.quietly(cmd))), cobra.ShellCompDirectiveNoFileComp
	case "COMMAND":
		var names []string
		for _, c := range cmd.Root().Commands() {
			if !c.Hidden && c.Name() != cobra.ShellCompRequestCmd {
				names = append(names, c.Name())
			}
		}
		return matching(begun, names), cobra.ShellCompDirectiveNoFileComp
	}
	if strings.Contains(word, "|") {
		return matching(begun, strings.Split(word, "|")), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// quietly loads the workspace as far as it goes, with the variables that the command line gives. Nothing is said of mistakes.
func (p *program) quietly(cmd *cobra.Command) *schema.Workspace {
	flags := workspaceFlags{offline: true}
	if f := cmd.Flags().Lookup("var"); f != nil {
		if given, ok := f.Value.(varFlag); ok {
			flags.vars = *given.to
		}
	}
	ws, _, _ := p.loadQuietly(cmd.Context(), flags)
	return ws
}

// relationshipsOf are the addresses of relationships, and of the blocks that have several.
func relationshipsOf(ws *schema.Workspace) []string {
	var all []string
	for _, r := range ws.Relations {
		all = append(all, r.Block, r.Address)
	}
	return all
}

func foldersOf(ws *schema.Workspace) []string {
	var all []string
	for _, f := range ws.Folders {
		all = append(all, f.Address)
	}
	return all
}

func providersOf(ws *schema.Workspace) []string {
	var all []string
	for _, v := range ws.Providers {
		all = append(all, v.Address)
	}
	return all
}

// matching are the candidates that begin so, each once. Quotes in addresses are left out: accord does not need them, and shells would take them.
func matching(begun string, candidates []string) []string {
	bare := strings.NewReplacer(`["`, "[", `"]`, "]")
	var found []string
	for _, c := range candidates {
		if c = bare.Replace(c); strings.HasPrefix(c, bare.Replace(begun)) {
			found = append(found, c)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// files leaves files to the shell, which knows more about them, but where paths start elsewhere.
func (p *program) files(begun string) ([]string, cobra.ShellCompDirective) {
	if p.dir == "." || filepath.IsAbs(begun) || strings.HasPrefix(begun, "~") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return entries(p.dir, begun, func(os.DirEntry) bool { return true })
}

func (p *program) directories(cmd *cobra.Command, begun string) ([]string, cobra.ShellCompDirective) {
	base := p.dir
	if f := cmd.Flags().Lookup("chdir"); f == nil || !f.Changed {
		base = "." // it is -chdir itself that is completed, or there is none
	}
	return entries(base, begun, os.DirEntry.IsDir)
}

// entries are the files and directories of base whose path begins so.
func entries(base, begun string, wanted func(os.DirEntry) bool) ([]string, cobra.ShellCompDirective) {
	above, name := filepath.Split(begun)
	dir := above
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(base, dir)
	}
	listed, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, cobra.ShellCompDirectiveDefault
	}
	directive := cobra.ShellCompDirectiveNoFileComp
	var found []string
	for _, e := range listed {
		if !wanted(e) || !strings.HasPrefix(e.Name(), name) || strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(name, ".") {
			continue
		}
		path := above + e.Name()
		if e.IsDir() {
			path += string(filepath.Separator)
			directive |= cobra.ShellCompDirectiveNoSpace
		}
		found = append(found, path)
	}
	return found, directive
}
