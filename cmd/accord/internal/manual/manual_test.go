package manual

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// book describes a program with what is awkward in either form.
func book() *Book {
	root := &cobra.Command{Use: "prog", Short: "Do things", Long: "It does things.\n\nCodes:\n  1  bad\n  0  good"}
	root.PersistentFlags().String("chdir", ".", "work in `DIR`")
	list := &cobra.Command{
		Use: "list [NAME]", Short: "List a|b", Long: ".hidden things too\n'and quoted ones, and C:\\tmp", Example: "  # all of them\n  prog list -kind=x",
		Run: func(*cobra.Command, []string) {},
	}
	list.Flags().String("kind", "x", "one of `x|y`")
	list.Flags().Bool("long", false, "say more")
	state := &cobra.Command{Use: "state"}
	state.AddCommand(list)
	root.AddCommand(state, &cobra.Command{Use: "secret", Hidden: true, Run: func(*cobra.Command, []string) {}})
	b := &Book{Version: "1.0", Exits: []Exit{{1, "bad"}, {0, "good"}}}
	b.Fill(root, func(*cobra.Command) []Exit { return []Exit{{0, "good"}} })
	return b
}

func TestMarkdown(t *testing.T) {
	var out bytes.Buffer
	if err := book().Markdown(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| [`prog state list`](#prog-state-list) | List a\\|b |\n",
		"| `-chdir DIR` | work in DIR (default: the current directory) |\n",
		"Codes:\n\n```text\n  1  bad\n  0  good\n```\n",
		"```text\nprog state list [NAME] [FLAG…]\n```\n",
		"| `-kind x\\|y` | one of x\\|y (default: x) |\n| `-long` | say more |\n",
		"```sh\n# all of them\nprog list -kind=x\n```\n",
		"\nExit codes: 0.\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "secret") {
		t.Error("a hidden command is described")
	}
}

func TestPages(t *testing.T) {
	b := book()
	if got, want := strings.Join(b.Pages(), " "), "prog prog-state-list"; got != want {
		t.Errorf("the pages are %s, want %s", got, want)
	}
	var out bytes.Buffer
	if there, err := b.Page(&out, "prog-state-list"); err != nil || !there {
		t.Fatal(there, err)
	}
	for _, want := range []string{
		".TH PROG-STATE-LIST 1 \"\" \"accord 1.0\" \"Accord\"\n",
		"prog\\-state\\-list \\- List a|b\n",
		"\\&.hidden things too\n\\&'and quoted ones, and C:\\etmp\n",
		".TP\n\\fB\\-kind\\fR \\fIx|y\\fR\none of x|y (default: x)\n",
		".nf\n# all of them\nprog list \\-kind=x\n.fi\n",
		".BR prog (1)\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("there is no %q in\n%s", want, out.String())
		}
	}
	if there, err := b.Page(&out, "prog-secret"); err != nil || there {
		t.Errorf("there is a page of a hidden command: %v, %v", there, err)
	}
}
