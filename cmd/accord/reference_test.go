package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/manual"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema/pim"
)

var update = flag.Bool("update", false, "write the generated pages of docs anew")

// rewriting is how pages are written.
const rewriting = "go test ./cmd/accord -run TestReference -update"

// pages are the generated pages of docs, and the generated parts of pages that people write: those between <!-- part: NAME --> and <!-- end -->.
var pages = []struct {
	file, part string
	write      func(*testing.T, io.Writer)
}{
	{"reference/cli.md", "", cliPage},
	{"reference/configuration.md", "", configurationPage},
	{"reference/events.md", "", eventsPage},
	{"reference/names.md", "", namesPage},
	{"reference/reasons.md", "", reasonsPage},
	{"scripting.md", "exit codes", exitCodesPart},
}

// TestReference holds every generated page to what it is generated from.
func TestReference(t *testing.T) {
	for _, p := range pages {
		t.Run(strings.TrimSuffix(p.file+"#"+p.part, "#"), func(t *testing.T) {
			var text bytes.Buffer
			p.write(t, &text)
			path := filepath.Join(root, "docs", filepath.FromSlash(p.file))
			got, err := os.ReadFile(path)
			if err != nil && (!*update || p.part != "") {
				t.Fatal(err)
			}
			want := text.String()
			if p.part != "" {
				want = within(t, string(got), p.part, want)
			} else {
				title, rest, _ := strings.Cut(want, "\n")
				want = title + "\n\n<!-- Written by " + rewriting + " -->\n" + rest
			}
			if string(got) == want {
				return
			}
			if !*update {
				t.Fatalf("docs/%s is out of date: %s", p.file, rewriting)
			}
			if err := os.WriteFile(path, []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// within is a page with another text in a part of it.
func within(t *testing.T, page, part, text string) string {
	t.Helper()
	begin, end := "<!-- part: "+part+" -->\n", "<!-- end -->"
	before, rest, there := strings.Cut(page, begin)
	_, after, ends := strings.Cut(rest, end)
	if !there || !ends {
		t.Fatalf("there is no part %q", part)
	}
	return before + begin + text + end + after
}

func cliPage(t *testing.T, w io.Writer) {
	if err := handbook(testProgram().command()).Markdown(w); err != nil {
		t.Fatal(err)
	}
}

func exitCodesPart(_ *testing.T, w io.Writer) {
	fmt.Fprint(w, "| code | meaning |\n| --- | --- |\n")
	for _, e := range handbook(testProgram().command()).Exits {
		fmt.Fprintf(w, "| %d | %s |\n", e.Code, e.Doc)
	}
}

func namesPage(_ *testing.T, w io.Writer) {
	fmt.Fprint(w, "# What an item has\n\n"+
		"Filters and templates see these names of `item`, and plans name fields alike. What is absent is `\"\"`, `[]` or, for numbers and times, `null`.\n"+
		"Times are RFC 3339 text in the item's zone, or a date when `all_day` is true.\n")
	for _, kind := range pim.Kinds() {
		fmt.Fprintf(w, "\n## %s\n\n| name | type | meaning | a template can set it |\n| --- | --- | --- | --- |\n", kind)
		for _, n := range pim.Names(kind) {
			settable := ""
			if n.Settable {
				settable = "yes"
			}
			fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", n.Name, n.Type, n.Doc, settable)
		}
	}
}

func reasonsPage(_ *testing.T, w io.Writer) {
	fmt.Fprint(w, "# Reason codes\n\n"+
		"Every line of a plan gives its reason, in words and as a stable code. The code is `reason` in the plan's document. Programs that read it\n"+
		"tolerate codes that they do not know.\n\n| code | in short | meaning |\n| --- | --- | --- |\n")
	for _, r := range decide.ReasonDocs() {
		fmt.Fprintf(w, "| `%s` | %s | %s |\n", r.Code, r.Words, r.Doc)
	}
}

// Every command says what it does and gives an example, and every command line of an example is understood.
func TestExamplesAreUnderstood(t *testing.T) {
	book := handbook(testProgram().command())
	seen := 0
	for _, c := range book.Commands {
		if c.Short == "" || c.Example == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: it needs a Short without a full stop, and an Example", c.Name)
		}
		for line := range strings.Lines(c.Example) {
			_, line, there := strings.Cut(strings.Split(line, "#")[0], "accord ")
			if !there {
				continue
			}
			seen++
			line = strings.TrimSpace(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("|>)&;", r) })[0])
			root := testProgram().command()
			root.InitDefaultHelpCmd()
			args := normalise(strings.Fields(strings.ReplaceAll(line, "'", "")), valueFlags(root))
			cmd, rest, err := root.Find(leading(args))
			if err == nil {
				err = cmd.ParseFlags(rest)
			}
			if err == nil {
				err = cmd.ValidateArgs(cmd.Flags().Args())
			}
			if err != nil || cmd == root {
				t.Errorf("%s: accord %s: %v", c.Name, line, err)
			}
		}
	}
	if seen < len(book.Commands) {
		t.Errorf("%d examples of %d commands", seen, len(book.Commands))
	}
}

// leading is a command line with its flags behind its command.
func leading(args []string) []string {
	flags := slices.IndexFunc(args, func(a string) bool { return !strings.HasPrefix(a, "-") })
	return append(slices.Clone(args[flags:]), args[:flags]...)
}

// The table of exit codes has no run that ends as the reference says it cannot.
func TestReferenceKnowsExitCodes(t *testing.T) {
	for _, e := range endings {
		root := testProgram().command()
		cmd, _, err := root.Find(strings.Fields(e.run))
		if err != nil || cmd == root {
			continue // no command
		}
		for _, code := range e.hold {
			if !slices.ContainsFunc(exitsFor(endsOf(cmd)), func(x manual.Exit) bool { return x.Code == code }) {
				t.Errorf("%s ends with %d, and its reference does not say so", cmd.CommandPath(), code)
			}
		}
	}
}

// A manual page has nothing that roff would take for a request of ours.
func TestManualPages(t *testing.T) {
	dir := t.TempDir()
	p := testProgram()
	if code := p.run(t.Context(), []string{"man", "-chdir", dir, "-into", "man1"}); code != 0 {
		t.Fatalf("exit code %d: %v", code, p.err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "man1", "*.1"))
	if err != nil || len(names) != len(handbook(testProgram().command()).Pages()) {
		t.Fatalf("%d pages: %v", len(names), err)
	}
	groff, missing := exec.LookPath("groff")
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			request, _, _ := strings.Cut(strings.TrimSpace(line), " ")
			if strings.HasPrefix(request, ".") && !slices.Contains([]string{".TH", ".SH", ".TP", ".PP", ".BR", ".nf", ".fi"}, request) || strings.HasPrefix(line, "'") {
				t.Errorf("%s: %q", filepath.Base(name), line)
			}
		}
		if missing != nil {
			continue
		}
		if out, err := exec.CommandContext(t.Context(), groff, "-man", "-Tutf8", "-Kutf8", "-ww", "-z", name).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %v %s", filepath.Base(name), err, out)
		}
	}
}

func TestManualPageOfACommand(t *testing.T) {
	for args, want := range map[string]string{"man": ".TH ACCORD 1", "man plan": ".TH ACCORD-PLAN 1", "man state list": ".TH ACCORD-STATE-LIST 1"} {
		p := testProgram()
		if code := p.run(t.Context(), strings.Fields(args)); code != 0 || !strings.HasPrefix(p.out.(*bytes.Buffer).String(), want) {
			t.Errorf("%s: exit code %d, %v", args, code, p.out)
		}
	}
	for _, args := range []string{"man nothing", "man state", "man plan -into=x"} {
		if code := testProgram().run(t.Context(), strings.Fields(args)); code != 64 {
			t.Errorf("%s: exit code %d, want 64", args, code)
		}
	}
}
