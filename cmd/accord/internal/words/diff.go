package words

import (
	"fmt"
	"slices"
	"strings"
)

// Line is one line of the diff of a long text.
type Line struct {
	Sign byte   // '-' of the text before, '+' of the text after, ' ' of both; '.': it says that lines are left out
	Text string // without quotes, safe and cut
}

const (
	gap = '.'

	diffShown = 24    // lines at most
	diffLines = 1000  // of either text: what follows is not looked at
	diffCells = 40000 // of the table that finds what two texts have in common: beyond that, all is replaced
)

// diff tells two long texts apart line by line, with one line of both around what differs. Time and memory are bounded however long they are.
func diff(before, after string) []Line {
	b, a := lines(before), lines(after)
	edits := compare(b, a)
	return shorten(context(edits))
}

// lines splits a text. "" has none.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	list := strings.SplitN(strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\r\n", "\n"), "\n", diffLines+1)
	if len(list) > diffLines {
		rest := strings.Count(list[diffLines], "\n") + 1
		list[diffLines] = fmt.Sprintf("… %d more lines, %d bytes", rest, len(list[diffLines]))
	}
	return list
}

// edit is a line before it is made safe.
type edit struct {
	sign byte
	text string
}

// compare is the shortest list of edits, but for very long texts.
func compare(b, a []string) []edit {
	var head, tail []edit
	for len(b) > 0 && len(a) > 0 && b[0] == a[0] {
		head = append(head, edit{' ', b[0]})
		b, a = b[1:], a[1:]
	}
	for len(b) > 0 && len(a) > 0 && b[len(b)-1] == a[len(a)-1] {
		tail = append(tail, edit{' ', b[len(b)-1]})
		b, a = b[:len(b)-1], a[:len(a)-1]
	}
	slices.Reverse(tail)
	return slices.Concat(head, middle(b, a), tail)
}

// middle compares what is left when both ends are alike: by the longest common subsequence.
func middle(b, a []string) []edit {
	var edits []edit
	if len(b)*len(a) > diffCells {
		return replaced(edits, b, a)
	}
	width := len(a) + 1
	length := make([]int, (len(b)+1)*width) // of the common subsequence of b[i:] and a[j:]
	for i := len(b) - 1; i >= 0; i-- {
		for j := len(a) - 1; j >= 0; j-- {
			if b[i] == a[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(b) && j < len(a) {
		fromB, fromA := i, j
		for i < len(b) && j < len(a) && b[i] != a[j] {
			if length[(i+1)*width+j] >= length[i*width+j+1] {
				i++
			} else {
				j++
			}
		}
		if i == len(b) || j == len(a) {
			return replaced(edits, b[fromB:], a[fromA:])
		}
		edits = append(replaced(edits, b[fromB:i], a[fromA:j]), edit{' ', b[i]})
		i, j = i+1, j+1
	}
	return replaced(edits, b[i:], a[j:])
}

// replaced adds lines that give way to others; where they are as many, long ones begin shortly before the place in which they differ.
func replaced(edits []edit, b, a []string) []edit {
	b, a = slices.Clone(b), slices.Clone(a)
	if len(b) == len(a) {
		for i := range b {
			b[i], a[i] = contrast(b[i], a[i], valueLength)
		}
	}
	for _, s := range b {
		edits = append(edits, edit{'-', s})
	}
	for _, s := range a {
		edits = append(edits, edit{'+', s})
	}
	return edits
}

// context leaves one line of both texts around each difference, and a gap where lines are left out between two.
func context(edits []edit) []Line {
	var list []Line
	skipped := 0
	for i, e := range edits {
		near := e.sign != ' ' || i > 0 && edits[i-1].sign != ' ' || i+1 < len(edits) && edits[i+1].sign != ' '
		if !near {
			skipped++
			continue
		}
		if skipped > 0 && list != nil {
			list = append(list, Line{gap, "…"})
		}
		skipped = 0
		list = append(list, Line{e.sign, Safe(Cut(e.text, valueLength))})
	}
	return list
}

// shorten cuts a diff that is too long to be read.
func shorten(list []Line) []Line {
	if len(list) <= diffShown {
		return list
	}
	removed, added := 0, 0
	for _, l := range list[diffShown-1:] {
		switch l.Sign {
		case '-':
			removed++
		case '+':
			added++
		}
	}
	return append(list[:diffShown-1:diffShown-1], Line{gap, fmt.Sprintf("… and %s less, %s more", Counted(removed, "line", "lines"), Counted(added, "line", "lines"))})
}
