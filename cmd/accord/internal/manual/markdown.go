package manual

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the whole book as one page.
func (b *Book) Markdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# Commands\n\n%s\n", paragraphs(b.Root.Long))
	fmt.Fprint(out, "\n| command | |\n| --- | --- |\n")
	for _, c := range b.Commands {
		fmt.Fprintf(out, "| [`%s`](#%s) | %s |\n", c.Name, strings.ReplaceAll(c.Name, " ", "-"), cell(c.Short))
	}
	fmt.Fprint(out, "\n## Flags of every command\n\n")
	flagTable(out, b.Everywhere)
	fmt.Fprint(out, "\n## Exit codes\n\nWhen several hold, the first in this order counts.\n\n")
	exitTable(out, b.Exits)
	fmt.Fprint(out, "\n## Environment\n\n")
	variableTable(out, "variable", b.Environment)
	fmt.Fprint(out, "\n## Files\n\n")
	variableTable(out, "file", b.Files)
	for _, c := range b.Commands {
		c.markdown(out)
	}
	return out.Flush()
}

func (c Command) markdown(w io.Writer) {
	fmt.Fprintf(w, "\n## %s\n\n%s.\n\n```text\n%s\n```\n", c.Name, c.Short, c.Usage)
	if c.Long != "" {
		fmt.Fprintf(w, "\n%s\n", paragraphs(c.Long))
	}
	if len(c.Flags) > 0 {
		fmt.Fprintln(w)
		flagTable(w, c.Flags)
	}
	if c.Example != "" {
		fmt.Fprintf(w, "\n```sh\n%s\n```\n", c.Example)
	}
	codes := make([]string, len(c.Exits))
	for i, e := range c.Exits {
		codes[i] = fmt.Sprint(e.Code)
	}
	fmt.Fprintf(w, "\nExit codes: %s.\n", strings.Join(codes, ", "))
}

func flagTable(w io.Writer, flags []Flag) {
	fmt.Fprint(w, "| flag | meaning |\n| --- | --- |\n")
	for _, f := range flags {
		fmt.Fprintf(w, "| `%s` | %s |\n", cell(f.Written()), cell(f.said()))
	}
}

func exitTable(w io.Writer, exits []Exit) {
	fmt.Fprint(w, "| code | meaning |\n| --- | --- |\n")
	for _, e := range exits {
		fmt.Fprintf(w, "| %d | %s |\n", e.Code, cell(e.Doc))
	}
}

func variableTable(w io.Writer, head string, variables []Variable) {
	fmt.Fprintf(w, "| %s | meaning |\n| --- | --- |\n", head)
	for _, v := range variables {
		fmt.Fprintf(w, "| `%s` | %s |\n", cell(v.Name), cell(v.Doc))
	}
}

// cell is a text as it stands in a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;").Replace(text)
}

// paragraphs keeps what is indented, such as a table in a command's help, as it is.
func paragraphs(text string) string {
	var out []string
	code := false
	for line := range strings.SplitSeq(text, "\n") {
		indented := strings.HasPrefix(line, "  ")
		if indented != code {
			if indented {
				out = append(out, "", "```text")
			} else {
				out = append(out, "```")
			}
			code = indented
		}
		out = append(out, line)
	}
	if code {
		out = append(out, "```")
	}
	return strings.Join(out, "\n")
}
