package pim

import (
	"github.com/accord-sync/accord/schema/pim/contentline"
)

// edit collects what changes in the lines of a document. Lines that it does not name stay, byte for byte and in order.
type edit struct {
	d       *document
	drop    []bool
	inserts map[int][]contentline.Line // before the line of that index
}

func newEdit(d *document) *edit {
	return &edit{d: d, drop: make([]bool, len(d.lines)), inserts: map[int][]contentline.Line{}}
}

func (e *edit) remove(from, to int) {
	for i := from; i < to; i++ {
		e.drop[i] = true
	}
}

func (e *edit) insert(at int, lines []contentline.Line) {
	e.inserts[at] = append(e.inserts[at], lines...)
}

// property replaces every property of that name directly in a component by lines: where the first one was, else behind what
// begins the component.
func (e *edit) property(c component, name string, lines []contentline.Line) {
	at := -1
	for from, to := range e.d.children(c) {
		if to-from == 1 && e.d.lines[from].Is(name) {
			if at < 0 {
				at = from
			}
			e.remove(from, to)
		}
	}
	if at < 0 {
		at = c.begin + 1
		for at < c.end && (e.d.lines[at].Is("VERSION") || e.d.lines[at].Is("PRODID") || e.d.lines[at].Is("UID")) {
			at++
		}
	}
	e.insert(at, lines)
}

// item prints the outcome.
func (e *edit) item(uid string) *Item {
	size := 0
	for i := range e.d.lines {
		size += len(e.d.lines[i].Text()) + 4
	}
	data := make([]byte, 0, size+size/8)
	for i := range e.d.lines {
		if lines, ok := e.inserts[i]; ok {
			data = contentline.Append(data, lines)
		}
		if !e.drop[i] {
			data = contentline.Append(data, e.d.lines[i:i+1])
		}
	}
	return &Item{kind: e.d.kind, uid: uid, data: data}
}
