package graph

import (
	"cmp"
	"slices"
)

// Measures of the picture, in pixels.
const (
	margin     = 20.0
	nodeHeight = 44.0
	hubHeight  = 30.0
	lineHeight = 20.0 // of an edge with its label
	bendHeight = 6.0  // of an edge that only passes
	columnGap  = 36.0
	nodeGap    = 16.0
	lineGap    = 4.0
)

// box is what takes place in the picture: a node, a mesh, the label of an edge, or an edge that passes a column. It is given by its centre.
type box struct {
	column        int
	width, height float64
	gap           float64 // that it wants above and below
	x, y          float64
	before, after []int // boxes in the neighbouring columns that it has lines to
}

// chain is an edge or a member line on its way: its boxes from left to right.
type chain struct {
	boxes []int
	label int  // the box in which its label stands; -1: none
	back  bool // it begins at the right
}

// layout is a picture in columns, as Sugiyama's method makes it: cycles are cut, sources stand left of destinations, lines that pass a column have
// a place in it, and the order in a column keeps lines short. Nodes have the even columns, labels the odd ones.
type layout struct {
	boxes         []box
	chains        []chain // edges first, then the lines of members
	columns       [][]int
	left, right   []float64 // of each column
	width, height float64
}

// line is what joins two nodes: an edge, or a member and its mesh. Nodes are counted first, then groups.
type line struct {
	from, to int
	label    float64 // its width; 0: none
}

// arrange makes the layout of boxes with these lines between them.
func arrange(boxes []box, lines []line) *layout {
	l := &layout{boxes: boxes}
	l.assign(lines)
	for _, ln := range lines {
		l.chains = append(l.chains, l.lay(ln))
	}
	l.collect()
	for pass := range 8 {
		l.order(pass%2 == 0)
	}
	l.place()
	return l
}

// assign gives every node its column: right of all that it has lines from. Lines that close a cycle count the other way round.
func (l *layout) assign(lines []line) {
	out, in := make([][]int, len(l.boxes)), make([]int, len(l.boxes))
	for _, ln := range lines {
		if ln.from != ln.to {
			out[ln.from] = append(out[ln.from], ln.to)
			in[ln.to]++
		}
	}
	const unseen, open, done = 0, 1, 2
	state := make([]int, len(l.boxes))
	right := make([][]int, len(l.boxes)) // out, without cycles
	var finished []int
	var visit func(v int)
	visit = func(v int) {
		state[v] = open
		for _, w := range out[v] {
			if state[w] == open {
				right[w] = append(right[w], v)
				continue
			}
			right[v] = append(right[v], w)
			if state[w] == unseen {
				visit(w)
			}
		}
		state[v] = done
		finished = append(finished, v)
	}
	for _, sources := range []bool{true, false} {
		for v := range l.boxes {
			if state[v] == unseen && (in[v] == 0 || !sources) {
				visit(v)
			}
		}
	}
	for _, v := range slices.Backward(finished) {
		for _, w := range right[v] {
			l.boxes[w].column = max(l.boxes[w].column, l.boxes[v].column+2)
		}
	}
}

// lay gives a line its boxes: one in every column between its ends, and its label in the middle.
func (l *layout) lay(ln line) chain {
	c := chain{label: -1}
	from, to := ln.from, ln.to
	if l.boxes[from].column > l.boxes[to].column {
		from, to, c.back = to, from, true
	}
	first, last := l.boxes[from].column, l.boxes[to].column
	middle := (first+last)/2 | 1
	c.boxes = []int{from}
	if first == last { // a line from a node to itself goes to its label and back
		last = first + 2
	}
	for column := first + 1; column < last; column++ {
		b := box{column: column, height: bendHeight, gap: lineGap}
		if column == middle && ln.label > 0 {
			b.width, b.height = ln.label, lineHeight
			c.label = len(l.boxes)
		}
		c.boxes = append(c.boxes, len(l.boxes))
		l.boxes = append(l.boxes, b)
	}
	if from != to {
		c.boxes = append(c.boxes, to)
	}
	for i := 1; i < len(c.boxes); i++ {
		a, b := c.boxes[i-1], c.boxes[i]
		l.boxes[a].after = append(l.boxes[a].after, b)
		l.boxes[b].before = append(l.boxes[b].before, a)
	}
	return c
}

func (l *layout) collect() {
	for i, b := range l.boxes {
		for len(l.columns) <= b.column {
			l.columns = append(l.columns, nil)
		}
		l.columns[b.column] = append(l.columns[b.column], i)
	}
}

// order sorts every column by where the neighbours of its boxes stand, going to the right or to the left.
func (l *layout) order(rightward bool) {
	at, wish := make([]float64, len(l.boxes)), make([]float64, len(l.boxes)) // from 0 to 1 in its column
	note := func(column []int) {
		for i, b := range column {
			at[b] = (float64(i) + 0.5) / float64(len(column))
		}
	}
	for _, column := range l.columns {
		note(column)
	}
	for i := range l.columns {
		column := l.columns[i]
		if !rightward {
			column = l.columns[len(l.columns)-1-i]
		}
		for _, b := range column {
			near := l.boxes[b].before
			if !rightward {
				near = l.boxes[b].after
			}
			wish[b] = mean(near, at[b], func(n int) float64 { return at[n] })
		}
		slices.SortStableFunc(column, func(a, b int) int { return cmp.Compare(wish[a], wish[b]) })
		note(column)
	}
}

func mean(near []int, otherwise float64, of func(int) float64) float64 {
	if len(near) == 0 {
		return otherwise
	}
	sum := 0.0
	for _, n := range near {
		sum += of(n)
	}
	return sum / float64(len(near))
}
