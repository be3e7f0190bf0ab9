// Package markdown writes a plan for the comment of a pull request: what waits for a person, what is deleted, and as much of the rest as such a
// comment can hold.
package markdown

import (
	"bufio"
	"fmt"
	"io"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Limit is how many bytes a comment has at most: GitHub takes 65,536 characters, and a bot may want to add some.
const Limit = 60_000

// Options say how to write.
type Options struct {
	File string // the saved plan, as the command line names it; "" when it was not saved
}

// Plan writes what a plan says in less than Limit bytes. Deletes are never cut: where they alone need more, all but them and a short table is cut to counts. It reads the
// operations several times and keeps none of them.
func Plan(w io.Writer, doc *plan.Document, opts Options) error {
	p := &page{out: bufio.NewWriter(w), doc: doc, more: "`accord plan`"}
	if opts.File != "" {
		p.more = code("accord show " + opts.File)
	}
	if err := p.count(); err != nil {
		return err
	}
	p.write(p.head())
	p.relationships()
	if err := p.waits(); err != nil {
		return err
	}
	p.diagnostics()
	if err := p.deletes(); err != nil {
		return err
	}
	if err := p.rest(); err != nil {
		return err
	}
	p.write(p.foot(opts.File))
	return p.out.Flush()
}

// page is a comment that is being written.
type page struct {
	out     *bufio.Writer
	doc     *plan.Document
	entries []entry
	quiet   int    // relationships with nothing to do
	gone    int    // deletes of all of them
	room    int    // bytes for what may be cut
	more    string // the command that shows all
}

// count reads all operations once, and finds how much room there is beside what is never cut.
func (p *page) count() error {
	p.room = Limit - len(p.head()) - len(p.foot(p.more)) - notes*len(p.left(1_000_000, "rows of the longest name"))
	if err := p.enter(); err != nil {
		return err
	}
	for _, e := range p.entries {
		p.gone += e.Delete
		p.room -= deletesHead(e)
		for row, err := range e.deletes() {
			if err != nil {
				return err
			}
			p.room -= len(row)
		}
	}
	p.room -= len(deletesHeading(p.gone))
	return nil
}

// notes is how many lines at most say that something was cut, but for those of the parts of a section.
const notes = 8

// left is the line that says how much was cut.
func (p *page) left(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("\n%d more %s: %s\n", n, what, p.more)
}

// write writes what is never cut. An error of the writer is kept by it, and returned when it is flushed.
func (p *page) write(s string) { _, _ = p.out.WriteString(s) }

// part is a list or a table of which as many rows are written as fit into its room.
type part struct {
	*page
	head, foot string // written only when a row is
	room       int
	rows       int // written
}

// begin begins a part that may use a share of what room there is.
func (p *page) begin(share float64, head, foot string) *part {
	return &part{page: p, head: head, foot: foot, room: int(float64(p.room)*share) - len(head) - len(foot)}
}

// row writes one row, or reports that it does not fit: then the part is full.
func (p *part) row(s string) bool {
	if len(s) > p.room {
		p.room = 0
		return false
	}
	if p.rows == 0 {
		p.write(p.head)
		p.page.room -= len(p.head) + len(p.foot)
	}
	p.write(s)
	p.rows++
	p.room -= len(s)
	p.page.room -= len(s)
	return true
}

// end ends a part of which so many were cut, and says so.
func (p *part) end(cut int, one, many string) {
	if p.rows > 0 {
		p.write(p.foot)
	}
	if cut == 1 {
		many = one
	}
	p.write(p.left(cut, many))
}
