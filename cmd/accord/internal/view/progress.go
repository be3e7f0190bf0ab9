package view

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
)

// Progress draws long work on a terminal: items done of total, the rate, and the folders that are worked on. It draws when it is told of
// an event, at most ten times a second. It is not safe for concurrent use.
type Progress struct {
	out   io.Writer
	now   func() time.Time
	width func() int // of the terminal, in columns

	phase   string
	began   time.Time // the phase
	drawn   time.Time
	lines   int // that are on the screen
	folders []progressOf
}

type progressOf struct {
	address     string
	done, total int
}

const (
	drawEvery    = 100 * time.Millisecond
	foldersShown = 6
)

// NewProgress makes a Progress that draws on a terminal. Nothing is drawn before the first event.
func NewProgress(out io.Writer, now func() time.Time, width func() int) *Progress {
	return &Progress{out: out, now: now, width: width}
}

// Event takes note of a step, and draws it when it is time.
func (p *Progress) Event(e reconcile.Event) {
	now := p.now()
	if e.Phase != p.phase {
		p.phase, p.began, p.folders = e.Phase, now, nil
	}
	i := slices.IndexFunc(p.folders, func(f progressOf) bool { return f.address == e.Folder })
	if i < 0 {
		i = len(p.folders)
		p.folders = append(p.folders, progressOf{address: e.Folder})
	}
	p.folders[i].done, p.folders[i].total = e.Done, e.Total
	if now.Sub(p.drawn) >= drawEvery {
		p.drawn = now
		p.draw(now)
	}
}

// Clear takes what was drawn off the screen.
func (p *Progress) Clear() {
	if p.lines > 0 {
		_, _ = io.WriteString(p.out, p.erase())
		p.lines = 0
	}
}

func (p *Progress) draw(now time.Time) {
	text := p.text(now)
	_, _ = io.WriteString(p.out, p.erase()+strings.Join(text, "\n")+"\n")
	p.lines = len(text)
}

// erase moves up to the first line that was drawn and clears from there.
func (p *Progress) erase() string {
	if p.lines == 0 {
		return ""
	}
	return fmt.Sprintf("\x1b[%dA\x1b[J", p.lines)
}

func (p *Progress) text(now time.Time) []string {
	verb := map[string]string{"read": "Reading", "apply": "Applying"}[p.phase]
	if verb == "" {
		verb = Clean(p.phase)
	}
	done, total, known := 0, 0, true
	var busy []string
	for _, f := range p.folders {
		done, total, known = done+f.done, total+f.total, known && f.total > 0
		if f.total == 0 || f.done < f.total {
			busy = append(busy, fmt.Sprintf("  %s: %s", Clean(f.address), of(f.done, f.total, f.total > 0)))
		}
	}
	head := fmt.Sprintf("%s: %s", verb, of(done, total, known))
	if took := now.Sub(p.began); took >= time.Second {
		head += fmt.Sprintf(", %.0f/s", float64(done)/took.Seconds())
	}
	if n := len(busy) - foldersShown; n > 0 {
		busy = append(busy[:foldersShown], fmt.Sprintf("  and %d more folders", n))
	}
	lines := append([]string{head}, busy...)
	for i, line := range lines {
		lines[i] = words.Cut(line, max(p.width()-2, 10))
	}
	return lines
}

func of(done, total int, known bool) string {
	if !known {
		return words.Counted(done, "item", "items")
	}
	return fmt.Sprintf("%d of %s", done, words.Counted(total, "item", "items"))
}
