// Package manual describes the program's commands as they are in the command table, and writes what it describes as Markdown and as
// manual pages.
package manual

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Book is the description of a program.
type Book struct {
	Version     string
	Root        Command
	Commands    []Command // all that do something by themselves, in the order of their names
	Everywhere  []Flag    // flags that every command has
	Exits       []Exit    // of all commands, the one that counts first first
	Environment []Variable
	Files       []Variable
}

// Command is one command.
type Command struct {
	Name    string // as it is called: "accord state list"
	Usage   string
	Short   string // one line
	Long    string // paragraphs; "": there is no more to say than Short
	Example string
	Flags   []Flag
	Exits   []Exit
}

// Flag is one flag of a command.
type Flag struct {
	Name    string
	Value   string // the word that stands for its value; "": it takes none
	Default string // "": none
	Doc     string
}

// Exit is an exit code.
type Exit struct {
	Code int
	Doc  string
}

// Variable is a variable of the environment, or a file, that the program reads.
type Variable struct{ Name, Doc string }

// Fill adds the commands of a command table to a book. exits says which codes a command can end with.
func (b *Book) Fill(root *cobra.Command, exits func(*cobra.Command) []Exit) {
	b.Root = commandOf(root)
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) { b.Everywhere = append(b.Everywhere, flagOf(f)) })
	var walk func(*cobra.Command)
	walk = func(parent *cobra.Command) {
		for _, cmd := range parent.Commands() { // sorted by name
			switch {
			case cmd.Hidden:
			case cmd.HasSubCommands():
				walk(cmd)
			default:
				c := commandOf(cmd)
				c.Exits = exits(cmd)
				b.Commands = append(b.Commands, c)
			}
		}
	}
	walk(root)
}

func commandOf(cmd *cobra.Command) Command {
	c := Command{Name: cmd.CommandPath(), Usage: cmd.CommandPath() + strings.TrimPrefix(cmd.Use, cmd.Name()), Short: cmd.Short, Long: strings.TrimSpace(cmd.Long)}
	c.Example = unindented(cmd.Example)
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && f.Name != "help" {
			c.Flags = append(c.Flags, flagOf(f))
		}
	})
	if cmd.HasSubCommands() {
		c.Usage += " COMMAND"
	}
	if len(c.Flags) > 0 {
		c.Usage += " [FLAG…]"
	}
	return c
}

func flagOf(f *pflag.Flag) Flag {
	word, doc := pflag.UnquoteUsage(f)
	flag := Flag{Name: f.Name, Value: word, Doc: doc}
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
	case ".":
		flag.Default = "the current directory"
	default:
		flag.Default = f.DefValue
	}
	return flag
}

// Written is a flag as it is written: -out FILE.
func (f Flag) Written() string {
	if f.Value == "" {
		return "-" + f.Name
	}
	return "-" + f.Name + " " + f.Value
}

// said is what a flag is for, with its default.
func (f Flag) said() string {
	if f.Default == "" {
		return f.Doc
	}
	return f.Doc + " (default: " + f.Default + ")"
}

// unindented is an example as it is typed: without the two blanks that it has in a command's help.
func unindented(example string) string {
	lines := strings.Split(strings.Trim(example, "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(strings.TrimPrefix(line, "  "), " ")
	}
	return strings.Join(lines, "\n")
}
