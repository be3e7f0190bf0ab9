package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// completionPlace is a workspace with what there is to complete.
func completionPlace(t *testing.T) place {
	p := newPlace(t, blocks("company", "cellar")+`
variable "names" { type = list(string) }
folder "staff" {
  for_each = toset(var.names)
  provider = provider.vdir.local
  kind     = "calendar"
  path     = each.key
}
relationship "all" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
}
`)
	for _, name := range []string{"monday.plan", "more.vars", "sub/tuesday.plan"} {
		p.put(name, "")
	}
	return p
}

const staff = `-var=names=["alice","bob"]`

// completions are what the last word of a command line is completed to in the workspace, without descriptions.
var completions = []struct {
	line []string
	want string // what there is among all else; with "only " before it, all that there is
}{
	{[]string{"pl"}, "only plan"},
	{[]string{"state", ""}, "only doctor export import list mv rebind rebuild rm show unlock"},
	{[]string{"plan", "-ou"}, "only -out"},
	{[]string{"plan", "--ou"}, "only --out"},
	{[]string{"plan", "-"}, "-out -var -no-color -help"},
	{[]string{"plan", "--"}, "--out --var --no-color --help"},
	{[]string{"-no-c"}, "only -no-color"},
	{[]string{"plan", "-detailed-exitcode", "-titles", ""}, "only full hidden"},
	{[]string{"plan", "-titles=h"}, "only hidden"},
	{[]string{"plan", "--titles", "f"}, "only full"},
	{[]string{"plan", staff, "-only", "relationship."}, "only relationship.all relationship.all[alice] relationship.all[bob]"},
	{[]string{"plan", staff, "-except=folder.st"}, "only folder.staff[alice] folder.staff[bob]"},
	{[]string{"plan", "-only", "folder.c"}, "only folder.cellar folder.company"},
	{[]string{"plan", staff, "-allow-deletes", "relationship.all[a"}, "only relationship.all[alice]:"},
	{[]string{"state", "show", "folder.co"}, "only folder.company"},
	{[]string{"apply", "mon"}, "only monday.plan"},
	{[]string{"show", "sub/"}, "only sub/tuesday.plan"},
	{[]string{"plan", "-var-file", "mo"}, "only monday.plan more.vars"},
	{[]string{"plan", "-out=sub/"}, "only sub/tuesday.plan"},
	{[]string{"plan", "-parallelism", ""}, "only"},
	{[]string{"plan", ""}, "only"},
	{[]string{"completion", ""}, "only bash zsh fish powershell"},
	{[]string{"help", "pl"}, "only plan"},
	{[]string{"fmt", "main.hcl", "su"}, "only sub/"},
	{[]string{"apply", "monday.plan", ""}, "only"},
	{[]string{"discover", ""}, "only provider.vdir.local"},
	{[]string{"graph", "-format", ""}, "only dot mermaid svg"},
	{[]string{"check", "-only", "folder.ce"}, "only folder.cellar"},
	{[]string{"resolve", staff, "relationship.all[a"}, "only relationship.all[alice]"},
	{[]string{"resolve", "relationship.all", "7f3b", ""}, "only source destination both"},
	{[]string{"conflicts", staff, "folder.ce"}, "only folder.cellar"},
	{[]string{"ack", staff, "relationship.all[a"}, "only relationship.all[alice]"},
	{[]string{"items", ""}, "only resync view delete orphans dedupe"},
	{[]string{"items", "view", "folder.co"}, "only folder.company"},
	{[]string{"items", "delete", "-status", ""}, "only live retired"},
	{[]string{"backup", "su"}, "only sub/"},
	{[]string{"restore", "su"}, "only sub/"},
	{[]string{"items", "resync", staff, "relationship.all[a"}, "only relationship.all[alice]"},
}

func TestCompletions(t *testing.T) {
	p := completionPlace(t)
	for _, c := range completions {
		code, out, stderr := ask(t, append([]string{"-chdir", p.dir}, c.line...)...)
		got := strings.Fields(out)
		if code != 0 || stderr != "" || len(got) == 0 || !strings.HasPrefix(got[len(got)-1], ":") {
			t.Errorf("%q: exit code %d, %q, %q", c.line, code, got, stderr)
			continue
		}
		compare(t, c.line, got[:len(got)-1], c.want)
	}
}

// ask asks for completions of the last word of a line, as the script of a shell does.
func ask(t *testing.T, line ...string) (code int, out, stderr string) {
	p := testProgram()
	code = p.run(t.Context(), append([]string{cobra.ShellCompNoDescRequestCmd}, line...))
	return code, p.out.(*bytes.Buffer).String(), p.err.(*bytes.Buffer).String()
}

func compare(t *testing.T, line, got []string, want string) {
	t.Helper()
	wanted, only := strings.CutPrefix(want, "only")
	for _, w := range strings.Fields(wanted) {
		if !slices.Contains(got, w) {
			t.Errorf("%q: %q is not among %q", line, w, got)
		}
	}
	if only && len(got) != len(strings.Fields(wanted)) {
		t.Errorf("%q: %q, want%s", line, got, wanted)
	}
}

// Directories are completed from where the program is run.
func TestCompletionOfDirectories(t *testing.T) {
	p := completionPlace(t)
	t.Chdir(p.dir)
	want := "sub" + string(filepath.Separator) + "\n:6\n"
	for _, line := range [][]string{{"-chdir", "s"}, {"-chdir=s"}, {"--chdir", "su"}} {
		if _, got, _ := ask(t, line...); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// A configuration that cannot be read, and one that is not there, complete what does not need it, and say nothing.
func TestCompletionWithoutConfiguration(t *testing.T) {
	broken := newPlace(t, "folder \"a\" {\n")
	for _, dir := range []string{broken.dir, filepath.Join(broken.dir, "nowhere")} {
		for line, want := range map[string]string{"plan -only fold": ":4\n", "plan -tit": "-titles\n:4\n"} {
			code, out, stderr := ask(t, append([]string{"-chdir", dir}, strings.Fields(line)...)...)
			if code != 0 || out != want || stderr != "" {
				t.Errorf("%s: exit code %d, %q, want %q; %q", line, code, out, want, stderr)
			}
		}
	}
}

// Every word that stands for a value in a usage is one that completion knows, or knows to be a person's to write.
func TestCompletionKnowsEveryValue(t *testing.T) {
	known := []string{"FILE", "FILE|DIR", "DIR", "ADDRESS", "ADDRESS:N", "RELATIONSHIP", "FOLDER", "PROVIDER", "COMMAND"}
	free := []string{"NAME=VALUE", "TIME", "N", "ITEM", "TEXT"}
	seen := 0
	check := func(where, word string) {
		seen++
		fewWords := strings.Contains(word, "|") && strings.ToLower(word) == word
		if word != "" && !fewWords && !slices.Contains(slices.Concat(known, free), word) {
			t.Errorf("%s: nothing is known of %s: write one of %q, or add it to candidates", where, word, slices.Concat(known, free))
		}
	}
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		words, _ := argumentWords(cmd)
		for _, word := range words {
			check(cmd.CommandPath(), word)
		}
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			word, _ := pflag.UnquoteUsage(f)
			check(cmd.CommandPath()+" -"+f.Name, word)
		})
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(testProgram().command())
	if seen < 30 {
		t.Errorf("%d values were seen", seen)
	}
}

// simulated asks a script of bash for what it completes the last word of a line to, as bash does when somebody presses the tab key.
const simulated = `compopt() { :; }
source "$1"
COMP_LINE=$2 COMP_POINT=${#2} COMP_TYPE=9 COLUMNS=200
shift 2
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
__start_accord
printf '%s\n' "${COMPREPLY[@]}"
`

func TestBashCompletion(t *testing.T) {
	bash := shell(t, "bash")
	p := completionPlace(t)
	script := scriptFor(t, "bash")
	for _, c := range []struct {
		words []string // as bash cuts them, at = and : too
		glued []int    // words that follow without a blank
		want  string
	}{
		{[]string{"accord", "pl"}, nil, "plan"},
		{[]string{"accord", "plan", "-ou"}, nil, "-out"},
		{[]string{"accord", "plan", "--detailed-ex"}, nil, "--detailed-exitcode"},
		{[]string{"accord", "plan", "-titles", "h"}, nil, "hidden"},
		{[]string{"accord", "plan", "-titles", "=", "h"}, []int{3, 4}, "hidden"},
		{[]string{"accord", "-chdir", "=", "sub", "plan", "-out", "=", "tu"}, []int{2, 3, 6, 7}, "tuesday.plan"},
		{[]string{"accord", "plan", "-only", "folder.com"}, nil, "folder.company"},
		{[]string{"accord", "-chdir", "su"}, nil, "sub/"},
		{[]string{"accord", "plan", "-only", "nothing"}, nil, ""},
		{[]string{"accord", "completion", "po"}, nil, "powershell"},
		{[]string{"accord", "nosuchcommand", ""}, nil, ""},
		{[]string{"accord", "plan", "-nosuchflag", "-only", "folder."}, nil, ""},
	} {
		line := ""
		for i, w := range c.words {
			if i > 0 && !slices.Contains(c.glued, i) {
				line += " "
			}
			line += w
		}
		cmd := exec.CommandContext(t.Context(), bash, append([]string{"--norc", "-c", simulated, "bash", script, line}, c.words...)...)
		cmd.Dir = p.dir
		out, err := cmd.CombinedOutput()
		if got := strings.TrimSpace(string(out)); err != nil || got != c.want {
			t.Errorf("%q: %q (%v), want %q", line, got, err, c.want)
		}
	}
}

// fish asks the program, and shows flags with the dashes that they are begun with.
func TestFishCompletion(t *testing.T) {
	fish := shell(t, "fish")
	p := completionPlace(t)
	script := scriptFor(t, "fish")
	for line, want := range map[string]string{
		"accord plan -ou":              "-out",
		"accord plan -titles=h":        "-titles=hidden",
		"accord plan -only folder.com": "folder.company",
		"accord apply mon":             "monday.plan",
	} {
		cmd := exec.CommandContext(t.Context(), fish, "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, line)
		cmd.Dir = p.dir
		out, err := cmd.CombinedOutput()
		got, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\t")
		if err != nil || got != want {
			t.Errorf("%q: %q (%v), want %q", line, out, err, want)
		}
	}
}

// The other shells read what they are given without complaint.
func TestOtherCompletions(t *testing.T) {
	for name, check := range map[string][]string{"zsh": {"-n"}, "fish": {"-n"}, "pwsh": {"-NoProfile", "-File"}} {
		t.Run(name, func(t *testing.T) {
			path := shell(t, name)
			script := scriptFor(t, map[string]string{"zsh": "zsh", "fish": "fish", "pwsh": "powershell"}[name])
			if out, err := exec.CommandContext(t.Context(), path, append(check, script)...).CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// shell finds a shell, or skips the test; ACCORD_REQUIRE=bash makes it an error that there is none.
func shell(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case runtime.GOOS == "windows":
		t.Skip("the shells of other systems are not what they are here")
	case err != nil && required(name):
		t.Fatalf("ACCORD_REQUIRE says that %s is there: %v", name, err)
	case err != nil:
		t.Skipf("%s is not there", name)
	}
	return path
}

func required(program string) bool {
	return slices.Contains(strings.Split(os.Getenv("ACCORD_REQUIRE"), ","), program)
}

func scriptFor(t *testing.T, shell string) (path string) {
	t.Helper()
	p := testProgram()
	if code := p.run(t.Context(), []string{"completion", shell}); code != 0 {
		t.Fatalf("exit code %d: %v", code, p.err)
	}
	path = filepath.Join(t.TempDir(), "accord."+map[string]string{"powershell": "ps1"}[shell])
	if err := os.WriteFile(path, p.out.(*bytes.Buffer).Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}
