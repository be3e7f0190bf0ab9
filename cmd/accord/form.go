package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/cmd/accord/internal/html"
	"github.com/accord-sync/accord/cmd/accord/internal/markdown"
	"github.com/accord-sync/accord/reconcile/plan"
)

// formFlags choose the form in which a plan is shown. Without any it is text, or with -json JSON.
type formFlags struct{ markdown, html bool }

func (f *formFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.markdown, "markdown", false, "write Markdown, for the comment of a pull request: deletes in full, and of the rest as much as a comment holds")
	flags.BoolVar(&f.html, "html", false, "write one HTML page, which needs nothing from elsewhere")
}

func (f formFlags) check(json bool) error {
	if f.markdown && f.html || json && f.chosen() {
		return usageError{fmt.Errorf("-json, -markdown and -html are forms of one plan: choose one of them")}
	}
	return nil
}

func (f formFlags) chosen() bool { return f.markdown || f.html }

// draw writes a document in the form that was chosen. file is the saved plan, as the command line names it, or "".
func (p *program) draw(doc *plan.Document, f formFlags, file string) error {
	switch {
	case f.markdown:
		return markdown.Plan(p.out, doc, markdown.Options{File: file})
	case f.html:
		return html.Plan(p.out, doc, html.Options{File: file})
	}
	return p.view().Plan(doc)
}
