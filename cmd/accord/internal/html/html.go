// Package html writes a plan as one HTML page that needs nothing else: for a phone, a desk and paper, and to be searched.
//
// The page's Content-Security-Policy lets run its own script and styles, which it names by their hashes, and nothing else whatever: a text that got
// out of its place could still not run, load or send anything.
package html

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page is made of four files
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/graph"
	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

//go:embed page.html
var layout string

//go:embed rows.html
var rows string

//go:embed page.css
var style string

//go:embed page.js
var script string

// Options say how to write.
type Options struct {
	File string // the saved plan, as the command line names it; "" when it was not saved
}

// Plan writes what a plan says. It reads the operations several times and keeps none of them, however many there are.
func Plan(w io.Writer, doc *plan.Document, opts Options) error {
	tmpl, err := template.New("page").Parse(layout)
	if err == nil {
		_, err = tmpl.New("rows").Parse(rows)
	}
	if err != nil {
		return fmt.Errorf("write the plan as HTML: %w", err)
	}
	p, err := newPage(doc, opts)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	err = tmpl.Execute(out, p)
	switch {
	case p.failed != nil:
		return p.failed
	case err != nil:
		return fmt.Errorf("write the plan as HTML: %w", err)
	}
	return out.Flush()
}

// page is what the template draws.
type page struct {
	Workspace, Verdict, Title string
	Policy                    template.HTMLAttr // Content-Security-Policy
	Style                     template.CSS
	Script                    template.JS
	Picture                   template.HTML

	Cards       []card
	Sums        []string
	Allowed     []string
	Held        []held
	Diagnostics []diagnostic
	Table       []*section // relationships of which there is something to say
	Quiet       int        // the others
	Made, Plan  string
	Fingerprint string
	Apply       string // the command that applies it

	doc     *plan.Document
	waiting int   // items that wait for a person
	kept    int   // relationships that wait for a person
	failed  error // why operations could not be read
}

// card is one number of the summary.
type card struct {
	Class, Name string
	N           int
}

// held is a relationship that waits for a person.
type held struct {
	Address, Status, Why, Flag string
	Behind                     string // the one change behind it
	Whom                       string // of a block, whom it is about
	NotReviewed                []row
}

type diagnostic struct{ Class, Severity, About, Summary, Detail string }

func newPage(doc *plan.Document, opts Options) (*page, error) {
	p := &page{doc: doc, Workspace: words.Sentence(doc.Workspace), Verdict: review.Verdict(doc), Style: template.CSS(style), Script: template.JS(script),
		Made: doc.CreatedAt.UTC().Format("2 Jan 2006 15:04 MST"), Plan: words.Sentence(doc.PlanID), Fingerprint: words.Sentence(doc.Fingerprint)}
	p.Title = p.Workspace + ": " + p.Verdict
	p.Policy = template.HTMLAttr(fmt.Sprintf(`content="default-src 'none'; script-src %s; style-src %s %s; base-uri 'none'; form-action 'none'"`,
		hash(script), hash(style), hash(graph.Style())))
	if opts.File != "" && doc.Summary.Changes() > 0 {
		p.Apply = words.Sentence("accord apply " + opts.File)
	}
	sums := words.ToDo(doc)
	for _, line := range append([]string{sums.Changes, sums.Requests, sums.Waits, sums.Rest}, sums.People...) {
		if line != "" {
			p.Sums = append(p.Sums, line)
		}
	}
	for _, a := range doc.Allowed {
		p.Allowed = append(p.Allowed, words.UpTo(a))
	}
	for _, d := range review.Diagnostics(doc) {
		p.Diagnostics = append(p.Diagnostics, told(d))
	}
	if err := p.relationships(); err != nil {
		return nil, err
	}
	p.cards()
	return p, p.picture()
}

// hash names a script or style in a Content-Security-Policy.
func hash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func told(d plan.Diagnostic) diagnostic {
	said := diagnostic{Class: "warning", Severity: "Warning", About: words.Sentence(d.Address), Summary: words.Sentence(d.Summary), Detail: words.Sentence(d.Detail)}
	switch d.Severity {
	case "error":
		said.Class, said.Severity = "error", "Error"
	case "info":
		said.Class, said.Severity = "info", "Note"
	}
	if d.Ref != "" {
		said.About = strings.TrimSpace(said.About + " " + words.Title(d.Ref))
	}
	return said
}

func (p *page) cards() {
	s := p.doc.Summary
	p.Cards = []card{
		{"add", "to add", s.Add}, {"edit", "to edit", s.Edit}, {"delete", "to delete", s.Delete}, {"other", "other changes", s.Changes() - s.Add - s.Edit - s.Delete},
		{"waits", "wait for a person", s.Conflict + s.Ambiguous + p.kept}, {"", "unchanged", s.Unchanged},
	}
}

// picture draws the relationships, when a picture can be looked at.
func (p *page) picture() error {
	const most = 150 // lines
	g := graph.OfPlan(p.doc)
	if lines := len(g.Edges) + len(g.Groups); lines == 0 || lines > most {
		return nil
	}
	var svg strings.Builder
	if err := g.SVG(&svg); err != nil {
		return fmt.Errorf("draw the relationships: %w", err)
	}
	p.Picture = template.HTML(svg.String())
	return nil
}
