package markdown_test

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	unsafehtml "github.com/yuin/goldmark/renderer/html"
	gmtext "github.com/yuin/goldmark/text"
	"pgregory.net/rapid"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// reader is GitHub's Markdown, with all of its extensions.
func reader() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote, extension.DefinitionList),
		goldmark.WithRendererOptions(renderer.Option(unsafehtml.WithUnsafe())))
}

// few is a plan that holds each kind of row once or twice, and a text wherever one can be. All of it fits into a comment.
func few(text string) *plan.Document {
	doc := sample.Infested(words.Cut(text, 500))
	every := doc.Relationships[0]
	var ops []plan.Operation
	seen := map[plan.Action]bool{}
	for op := range every.Operations.All() {
		if !seen[op.Action] {
			seen[op.Action] = true
			ops = append(ops, op)
		}
	}
	every.Operations = plan.List(ops...)
	every.Status = plan.Blocked
	every.NotReviewed = ops[:2]
	doc.Relationships = []plan.Relationship{every}
	doc.Allowed, doc.Diagnostics = doc.Allowed[:1], doc.Diagnostics[:2]
	doc.Summary = plan.Summary{Add: 1, Delete: 1}
	return doc
}

// skeleton is the structure of a page: its elements without their texts, and the HTML in it.
func skeleton(source string) []string {
	var found []string
	src := []byte(source)
	depth := 0
	_ = ast.Walk(reader().Parser().Parse(gmtext.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		said := ""
		switch n := n.(type) {
		case *ast.Text, *ast.String, *ast.TextBlock:
			return ast.WalkContinue, nil
		case *ast.Heading:
			said = fmt.Sprint(n.Level)
		case *ast.RawHTML:
			said = string(n.Segments.Value(src))
		case *ast.HTMLBlock:
			said = string(n.Lines().Value(src))
		case *ast.Emphasis:
			said = fmt.Sprint(n.Level)
		case *east.TaskCheckBox:
			said = fmt.Sprint(n.IsChecked)
		}
		found = append(found, fmt.Sprintf("%d %s %s", depth, n.Kind(), said))
		return ast.WalkContinue, nil
	})
	return found
}

// structure is the skeleton of a page whose every text is the one given; lines of a cell are not counted, since texts have more or fewer.
func structure(t interface {
	Helper()
	Fatal(...any)
}, said string) []string {
	t.Helper()
	return slices.DeleteFunc(skeleton(written(t, few(said))), func(s string) bool { return strings.HasSuffix(s, "<br>") })
}

// plain is the structure of a page whose every text is a word.
func plain(t *testing.T) []string { return structure(t, "word") }

// sameStructure holds a page to the structure want, whatever its texts say.
func sameStructure(t interface {
	Helper()
	Errorf(string, ...any)
	Fatal(...any)
}, said string, want []string) {
	t.Helper()
	got := structure(t, said)
	marker := func(s string) bool { return strings.Contains(s, "<!-- accord plan: ") && strings.Count(s, ">") == 1 }
	for i := range got {
		if i >= len(want) || got[i] != want[i] && !(marker(got[i]) && marker(want[i])) {
			t.Errorf("%.100q makes %q of the page", said, got[i])
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%.100q takes %d elements away", said, len(want)-len(got))
	}
}

// No text changes the structure of the page: no link, image, emphasis, code, HTML, heading, row, cell or check box comes from one.
func TestTextsAreTexts(t *testing.T) {
	want := plain(t)
	for _, said := range sample.HostileTexts() {
		sameStructure(t, said, want)
	}
}

func TestRandomTextsAreTexts(t *testing.T) {
	alphabet := strings.Split("a|b|Z|1|0|9| |  |\t|\n|\r\n|\\|`|``|```|*|**|_|__|~~|#|## |- |+ |> |1. |[|]|(|)|![|](x)|<|>|<b>|</details>|<!--|-->|&|&lt;|&#|;|@|@a|#1|!1|$|$$|:|::|:a:|://|http://a.b|www.a.b|"+
		"a@b.cd|=|===|---|\"|'|{|}|^|%|é|日本|\u00a0|\u2028|\u202e|\u200b|\x00|\xff|👨\u200d👩|.|/|[ ] |[x] |[^1]|[^1]: |[a]: http://b", "|")
	alphabet = append(alphabet, "|", "||", "| --- |")
	want := plain(t)
	rapid.Check(t, func(t *rapid.T) {
		sameStructure(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 12).Draw(t, "said"), ""), want)
	})
}

func FuzzTextsAreTexts(f *testing.F) {
	for _, said := range sample.HostileTexts() {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) { sameStructure(t, said, plain(t)) })
}

// A pipe ends a cell wherever it stands, and what a row has too many is not shown: pipes are counted in the source.
func TestRowsHaveTheirCells(t *testing.T) {
	for _, said := range sample.HostileTexts() {
		cells := 0
		for line := range strings.Lines(written(t, few(said))) {
			switch {
			case !strings.HasPrefix(line, "|"):
				cells = 0
			case cells == 0:
				cells = strings.Count(line, "|")
			case strings.Count(line, "|") != cells:
				t.Errorf("%q: a row of %d cells is\n%s", said, cells-1, line)
			}
		}
	}
}

// pageText is what a reader sees, but for code, which neither GitHub nor GitLab looks into.
func pageText(t *testing.T, source string) string {
	t.Helper()
	var page bytes.Buffer
	if err := reader().Convert([]byte(source), &page); err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?s)<code>.*?</code>|<!--.*?-->`).ReplaceAllString(page.String(), " ")
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, "\n"))
}

// What GitHub and GitLab look for in the text of a finished page is not there.
func TestNothingIsReferred(t *testing.T) {
	for what, pattern := range map[string]string{
		"a mention": `@[\w/]`, "an issue": `#\d|(?i)\bgh-\d|\w#\d`, "a merge request, snippet or epic": `[!$&]\d`, "a label or milestone": `[~%]["\w]`, "an emoji": `:[a-z_+-]+:`,
		"an address": `://|\bwww\.\w|mailto:\w`, "a commit": `\b[0-9a-f]{8,}[0-9a-f]*[a-f][0-9][0-9a-f]*\b|\b[0-9a-f]{33,}\b`, "mathematics": `\$[^\s\x{200b}]`,
	} {
		forbidden := regexp.MustCompile(pattern)
		for _, said := range sample.HostileTexts() {
			if found := forbidden.FindString(pageText(t, written(t, few(said)))); found != "" {
				t.Errorf("%.100q: %q is %s", said, found, what)
			}
		}
	}
}

// Whoever reads a title on the page reads what it says.
func TestTitlesAreReadable(t *testing.T) {
	for _, title := range sample.HostileTexts() {
		op := plan.Operation{Action: plan.Delete, Side: plan.Destination, Title: title, Reason: "gone_at_source"}
		page := pageText(t, written(t, sample.Document(plan.Summary{Delete: 1}, sample.Relationship("relationship.a", op))))
		if want := words.Named(op); !strings.Contains(strings.ReplaceAll(page, "\u200b", ""), want) {
			t.Errorf("%s is not on the page:\n%s", want, page)
		}
	}
}
