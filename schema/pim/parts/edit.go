package parts

import (
	"github.com/accord-sync/accord/schema/pim/contentline"
)

// Edit collects what changes in the lines of a document. Lines that it does not name stay, byte for byte and in order.
type Edit struct {
	Doc     *Document
	Drop    []bool                     // lines that go
	Inserts map[int][]contentline.Line // before the line of that index
}

// NewEdit changes nothing yet.
func NewEdit(d *Document) *Edit {
	return &Edit{Doc: d, Drop: make([]bool, len(d.Lines)), Inserts: map[int][]contentline.Line{}}
}

// Remove takes lines out.
func (e *Edit) Remove(from, to int) {
	for i := from; i < to; i++ {
		e.Drop[i] = true
	}
}

// Insert puts lines in front of a line, behind what was put there before.
func (e *Edit) Insert(at int, lines []contentline.Line) {
	e.Inserts[at] = append(e.Inserts[at], lines...)
}

// Property replaces every property of that name directly in a component by Lines: where the first one was, else behind what
// begins the component.
func (e *Edit) Property(c Component, name string, lines []contentline.Line) {
	at := -1
	for from, to := range e.Doc.Children(c) {
		if to-from == 1 && e.Doc.Lines[from].Is(name) {
			if at < 0 {
				at = from
			}
			e.Remove(from, to)
		}
	}
	if at < 0 {
		at = c.Begin + 1
		for at < c.End && (e.Doc.Lines[at].Is("VERSION") || e.Doc.Lines[at].Is("PRODID") || e.Doc.Lines[at].Is("UID")) {
			at++
		}
	}
	e.Insert(at, lines)
}

// Bytes prints the outcome.
func (e *Edit) Bytes() []byte {
	size := 0
	for i := range e.Doc.Lines {
		size += len(e.Doc.Lines[i].Text()) + 4
	}
	data := make([]byte, 0, size+size/8)
	for i := range e.Doc.Lines {
		if lines, ok := e.Inserts[i]; ok {
			data = contentline.Append(data, lines)
		}
		if !e.Drop[i] {
			data = contentline.Append(data, e.Doc.Lines[i:i+1])
		}
	}
	return data
}
