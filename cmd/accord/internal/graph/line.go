package graph

import (
	"fmt"
	"io"
	"strings"
)

// line draws a chain with its arrowheads. It goes level through columns, where each box has room for it, and curves between them.
func (d drawing) line(out io.Writer, c chain, both bool) {
	first, last := d.boxes[c.boxes[0]], d.boxes[c.boxes[len(c.boxes)-1]]
	if len(c.boxes) == 2 && c.boxes[1] == c.label {
		d.loop(out, first, last, both)
		return
	}
	var path strings.Builder
	x, y := first.x+first.width/2, first.y
	fmt.Fprintf(&path, "M%.1f %.1fH%.1f", x, y, d.right[first.column])
	x = d.right[first.column]
	for _, i := range c.boxes[1:] {
		b := d.boxes[i]
		to := b.y
		if i == c.label {
			to += labelDrop
		}
		left := d.left[b.column]
		curve(&path, x, y, left, to)
		x, y = d.right[b.column], to
		if i == c.boxes[len(c.boxes)-1] {
			x = last.x - last.width/2
		}
		fmt.Fprintf(&path, "H%.1f", x)
	}
	fmt.Fprintf(out, `<path class="line" d="%s"/>`, path.String())
	if both || !c.back {
		head(out, last.x-last.width/2, last.y, -1)
	}
	if both || c.back {
		head(out, first.x+first.width/2, first.y, 1)
	}
}

// labelDrop is how far below the middle of its box a line passes its label.
const labelDrop = 6.0

// loop draws a line from a node to itself, by way of its label.
func (d drawing) loop(out io.Writer, n, label box, both bool) {
	const apart = 8.0
	right, near, far := n.x+n.width/2, d.right[n.column], label.x-label.width/2
	var path strings.Builder
	fmt.Fprintf(&path, "M%.1f %.1fH%.1f", right, n.y-apart, near)
	curve(&path, near, n.y-apart, far, label.y)
	curve(&path, far, label.y, near, n.y+apart)
	fmt.Fprintf(&path, "H%.1f", right)
	fmt.Fprintf(out, `<path class="line" d="%s"/>`, path.String())
	head(out, right, n.y+apart, 1)
	if both {
		head(out, right, n.y-apart, 1)
	}
}

// curve goes on from one point to another, leaving and arriving level.
func curve(path *strings.Builder, x, y, toX, toY float64) {
	middle := (x + toX) / 2
	fmt.Fprintf(path, "C%.1f %.1f %.1f %.1f %.1f %.1f", middle, y, middle, toY, toX, toY)
}

// head draws an arrowhead whose tip is at a point; away is 1 when the line comes from the right, -1 from the left.
func head(out io.Writer, x, y, away float64) {
	fmt.Fprintf(out, `<path class="head" d="M%.1f %.1fl%.1f -4.5v9z"/>`, x, y, away*9)
}
