package graph

import "math"

// place gives every box its coordinates: columns side by side, and in a column each box as near to its neighbours' height as the others allow.
func (l *layout) place() {
	x := margin
	for _, column := range l.columns {
		widest := 0.0
		for _, b := range column {
			widest = max(widest, l.boxes[b].width)
		}
		for _, b := range column {
			l.boxes[b].x = math.Round(x + widest/2)
		}
		l.left, l.right = append(l.left, x), append(l.right, x+widest)
		x += widest + columnGap
	}
	l.width = x - columnGap + margin
	for _, column := range l.columns {
		l.settle(column, func(b int) float64 { return 0 })
	}
	for pass := range 12 {
		for i := range l.columns {
			column := l.columns[i]
			if pass%2 == 1 {
				column = l.columns[len(l.columns)-1-i]
			}
			l.settle(column, func(b int) float64 {
				near := l.boxes[b].before
				if pass%2 == 1 {
					near = l.boxes[b].after
				}
				return mean(near, l.boxes[b].y, func(n int) float64 { return l.boxes[n].y })
			})
		}
	}
	l.shift()
}

// settle places the boxes of a column in their order, none upon another, with the least sum of squares of the distances from where they wish to
// be. Boxes that push each other stand as one block at the mean of what they wish (pooling of adjacent violators).
func (l *layout) settle(column []int, wish func(b int) float64) {
	type block struct {
		sum float64 // of wishes, less the place that the boxes before take
		n   int
	}
	var blocks []block
	offsets := make([]float64, len(column))
	for i, b := range column {
		if i > 0 {
			before := column[i-1]
			offsets[i] = offsets[i-1] + (l.boxes[before].height+l.boxes[b].height)/2 + max(l.boxes[before].gap, l.boxes[b].gap)
		}
		blocks = append(blocks, block{wish(b) - offsets[i], 1})
		for n := len(blocks); n > 1 && blocks[n-2].sum/float64(blocks[n-2].n) > blocks[n-1].sum/float64(blocks[n-1].n); n-- {
			blocks[n-2].sum += blocks[n-1].sum
			blocks[n-2].n += blocks[n-1].n
			blocks = blocks[:n-1]
		}
	}
	i := 0
	for _, bl := range blocks {
		for range bl.n {
			l.boxes[column[i]].y = bl.sum/float64(bl.n) + offsets[i]
			i++
		}
	}
}

// shift moves the picture so that it begins at the margin, on whole pixels.
func (l *layout) shift() {
	top, bottom := 0.0, 0.0
	for i, b := range l.boxes {
		if i == 0 || b.y-b.height/2 < top {
			top = b.y - b.height/2
		}
		if i == 0 || b.y+b.height/2 > bottom {
			bottom = b.y + b.height/2
		}
	}
	for i := range l.boxes {
		l.boxes[i].y = math.Round(l.boxes[i].y - top + margin)
	}
	l.height = math.Ceil(bottom - top + 2*margin)
}
