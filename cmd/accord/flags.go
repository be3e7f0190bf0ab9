package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
)

// normalise gives long flags that are written with one dash the second one: -out=FILE becomes --out=FILE. What follows a flag that takes
// a value is that value and stays as it is, and so does everything after "--". takesValue knows the flags by name.
func normalise(args []string, takesValue map[string]bool) []string {
	out := make([]string, 0, len(args))
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		if len(arg) < 2 || arg[0] != '-' {
			out = append(out, arg)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if len(name) > 1 && arg[1] != '-' {
			arg = "-" + arg
		}
		out = append(out, arg)
		if takesValue[name] && !hasValue && i+1 < len(args) {
			i++
			out = append(out, args[i])
		}
	}
	return out
}

// valueFlags says of each flag of a command and all below it whether it takes a value.
func valueFlags(cmd *cobra.Command) map[string]bool {
	takes := map[string]bool{}
	note := func(f *pflag.Flag) { takes[f.Name] = f.NoOptDefVal == "" }
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		c.PersistentFlags().VisitAll(note)
		c.Flags().VisitAll(note)
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(cmd)
	return takes
}

// variables collects -var and -var-file in the order in which they are written.
type variables []schema.VarAssignment

// varFlag is -var NAME=VALUE.
type varFlag struct{ to *variables }

func (varFlag) String() string { return "" }
func (varFlag) Type() string   { return "NAME=VALUE" }

func (f varFlag) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return fmt.Errorf("write NAME=VALUE, for example -var region=north")
	}
	*f.to = append(*f.to, schema.VarAssignment{Name: name, Value: value})
	return nil
}

// varFileFlag is -var-file FILE.
type varFileFlag struct{ to *variables }

func (varFileFlag) String() string { return "" }
func (varFileFlag) Type() string   { return "FILE" }

func (f varFileFlag) Set(s string) error {
	*f.to = append(*f.to, schema.VarAssignment{File: s})
	return nil
}

// allowFlag is one kind of guard override: ADDRESS:N, or N for leavers, which count over the whole run.
type allowFlag struct {
	kind string
	to   *[]plan.Allowance
}

func (allowFlag) String() string { return "" }

func (f allowFlag) Type() string {
	if f.kind == leavers {
		return "N"
	}
	return "ADDRESS:N"
}

const leavers = "leavers"

func (f allowFlag) Set(s string) error {
	address, count := "", s
	if f.kind != leavers {
		i := strings.LastIndexByte(s, ':')
		if i <= 0 {
			return fmt.Errorf("write -allow-%s=relationship.NAME:120", f.kind)
		}
		address, count = quoted(s[:i]), s[i+1:]
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is not a number of %s", count, f.kind)
	}
	*f.to = append(*f.to, plan.Allowance{Kind: f.kind, Address: address, Count: n})
	return nil
}

// quoted is an address whose key a shell took the quotes off: staff[alice] is staff["alice"].
func quoted(address string) string {
	block, key, ok := strings.Cut(address, "[")
	if !ok || !strings.HasSuffix(key, "]") || strings.HasPrefix(key, `"`) {
		return address
	}
	return block + `["` + strings.TrimSuffix(key, "]") + `"]`
}
