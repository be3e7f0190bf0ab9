package manual

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Pages are the names of the book's manual pages: "accord" and one for each command, "accord-state-list".
func (b *Book) Pages() []string {
	names := []string{pageName(b.Root)}
	for _, c := range b.Commands {
		names = append(names, pageName(c))
	}
	return names
}

func pageName(c Command) string { return strings.ReplaceAll(c.Name, " ", "-") }

// Page writes one manual page, in the man macros of roff(7). It reports whether there is a page of that name.
func (b *Book) Page(w io.Writer, name string) (there bool, err error) {
	out := bufio.NewWriter(w)
	if name == pageName(b.Root) {
		b.overview(out)
		return true, out.Flush()
	}
	for _, c := range b.Commands {
		if name == pageName(c) {
			b.page(out, c)
			return true, out.Flush()
		}
	}
	return false, nil
}

// overview is the page of the program itself.
func (b *Book) overview(w io.Writer) {
	b.head(w, b.Root)
	section(w, "COMMANDS")
	for _, c := range b.Commands {
		term(w, bold(c.Name), c.Short+".")
	}
	flagSection(w, "OPTIONS OF EVERY COMMAND", b.Everywhere)
	exitSection(w, b.Exits)
	variableSection(w, "ENVIRONMENT", b.Environment)
	variableSection(w, "FILES", b.Files)
	section(w, "SEE ALSO")
	b.references(w, b.Pages()[1:])
}

func (b *Book) page(w io.Writer, c Command) {
	b.head(w, c)
	if len(c.Flags) > 0 {
		flagSection(w, "OPTIONS", c.Flags)
	}
	flagSection(w, "OPTIONS OF EVERY COMMAND", b.Everywhere)
	if c.Example != "" {
		section(w, "EXAMPLES")
		verbatim(w, c.Example)
	}
	exitSection(w, c.Exits)
	section(w, "SEE ALSO")
	b.references(w, b.Pages()[:1])
}

// head begins a page: what it is called, how it is used, and what it does.
func (b *Book) head(w io.Writer, c Command) {
	fmt.Fprintf(w, ".TH %s 1 \"\" \"accord %s\" \"Accord\"\n", strings.ToUpper(pageName(c)), escaped(b.Version))
	section(w, "NAME")
	fmt.Fprintf(w, "%s \\- %s\n", escaped(pageName(c)), escaped(c.Short))
	section(w, "SYNOPSIS")
	fmt.Fprintln(w, bold(c.Usage))
	section(w, "DESCRIPTION")
	text := c.Long
	if text == "" {
		text = c.Short + "."
	}
	indented := false
	for line := range strings.SplitSeq(text, "\n") {
		switch is := strings.HasPrefix(line, "  "); {
		case is && !indented:
			fmt.Fprintln(w, ".PP\n.nf")
			indented = true
		case !is && indented:
			fmt.Fprintln(w, ".fi")
			indented = false
		}
		if line == "" {
			fmt.Fprintln(w, ".PP")
			continue
		}
		fmt.Fprintln(w, escaped(line))
	}
	if indented {
		fmt.Fprintln(w, ".fi")
	}
}

func section(w io.Writer, name string) { fmt.Fprintf(w, ".SH %s\n", name) }

func term(w io.Writer, name, meaning string) { fmt.Fprintf(w, ".TP\n%s\n%s\n", name, escaped(meaning)) }

func flagSection(w io.Writer, name string, flags []Flag) {
	section(w, name)
	for _, f := range flags {
		head := bold("-" + f.Name)
		if f.Value != "" {
			head += " \\fI" + escaped(f.Value) + "\\fR"
		}
		term(w, head, f.said())
	}
}

func exitSection(w io.Writer, exits []Exit) {
	section(w, "EXIT STATUS")
	fmt.Fprintln(w, "When several hold, the first in this order counts.")
	for _, e := range exits {
		term(w, bold(fmt.Sprint(e.Code)), e.Doc)
	}
}

func variableSection(w io.Writer, name string, variables []Variable) {
	section(w, name)
	for _, v := range variables {
		term(w, bold(v.Name), v.Doc)
	}
}

func (b *Book) references(w io.Writer, names []string) {
	for i, name := range names {
		comma := ","
		if i == len(names)-1 {
			comma = ""
		}
		fmt.Fprintf(w, ".BR %s (1)%s\n", escaped(name), comma)
	}
}

func verbatim(w io.Writer, text string) {
	fmt.Fprintln(w, ".nf")
	for line := range strings.SplitSeq(text, "\n") {
		fmt.Fprintln(w, escaped(line))
	}
	fmt.Fprintln(w, ".fi")
}

func bold(text string) string { return "\\fB" + escaped(text) + "\\fR" }

// escaped is a line of text as roff takes it for text: a dot or quote at its beginning would be a request, and a bare dash a hyphen.
func escaped(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		line = `\&` + line
	}
	return line
}
