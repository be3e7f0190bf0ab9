package diagnose

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Sources is the text of the files that were read, for showing diagnostics. It is not for concurrent use while Load runs.
type Sources struct {
	files   map[string]*source
	secrets *regexp.Regexp // what begins the value of a sensitive attribute, also where the parser did not get to; nil: none
}

type source struct {
	text    []byte
	lines   []int // byte offset at which each line begins
	blocks  []span
	secrets []hcl.Range
}

// span is a top-level block, and where it is.
type span struct {
	from, to int
	block    *hcl.Block
}

// NewSources are no sources yet.
func NewSources() *Sources { return &Sources{files: map[string]*source{}} }

// Add remembers the text of a file.
func (s *Sources) Add(name string, text []byte) {
	f := &source{text: text, lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	s.files[name] = f
}

// Mark remembers where the top-level blocks of a file are.
func (s *Sources) Mark(blocks hcl.Blocks) {
	for _, b := range blocks {
		body, ok := b.Body.(interface{ Range() hcl.Range })
		f := s.files[b.DefRange.Filename]
		if !ok || f == nil {
			continue
		}
		f.blocks = append(f.blocks, span{min(b.DefRange.Start.Byte, body.Range().Start.Byte), body.Range().End.Byte, b})
	}
	for _, f := range s.files {
		sort.Slice(f.blocks, func(i, j int) bool { return f.blocks[i].from < f.blocks[j].from })
	}
}

// Hide keeps what is written at rng out of every diagnostic.
func (s *Sources) Hide(rng hcl.Range) {
	if f := s.files[rng.Filename]; f != nil && !slices.Contains(f.secrets, rng) {
		f.secrets = append(f.secrets, rng)
	}
}

// HideNamed keeps the values of attributes of these names out of every diagnostic.
func (s *Sources) HideNamed(names []string) {
	if len(names) == 0 {
		return
	}
	for i, name := range names {
		names[i] = regexp.QuoteMeta(name)
	}
	s.secrets = regexp.MustCompile(`\b(?:` + strings.Join(names, "|") + `)"?\s*[=:]`)
}

var bareReference = regexp.MustCompile(`^\s*[A-Za-z_][A-Za-z0-9_.-]*\s*$`)

// secret is where in a line the value of a sensitive attribute begins, or -1. A reference alone gives nothing away.
func (s *Sources) secret(line string) int {
	if s.secrets == nil {
		return -1
	}
	if at := s.secrets.FindStringIndex(line); at != nil && !bareReference.MatchString(line[at[1]:]) {
		return at[1]
	}
	return -1
}

// Block names the top-level block around a position as it is written in native syntax, or "".
func (s *Sources) Block(rng hcl.Range) string {
	b := s.around(rng)
	if b == nil {
		return ""
	}
	name := b.Type
	for _, label := range b.Labels {
		name += " \"" + label + "\""
	}
	return name
}

// around is the top-level block around a position, or nil.
func (s *Sources) around(rng hcl.Range) *hcl.Block {
	f := s.files[rng.Filename]
	if f == nil {
		return nil
	}
	i := sort.Search(len(f.blocks), func(i int) bool { return f.blocks[i].from > rng.Start.Byte }) - 1
	if i < 0 || rng.Start.Byte > f.blocks[i].to {
		return nil
	}
	return f.blocks[i].block
}

const hidden = "(sensitive)"

// line is the first line of rng as it may be shown, and the columns (in bytes, from 0) that a caret marks below it.
func (s *Sources) line(rng hcl.Range) (text string, from, to int, ok bool) {
	f := s.files[rng.Filename]
	if f == nil || rng.Start.Line < 1 || rng.Start.Line > len(f.lines) {
		return "", 0, 0, false
	}
	begin := f.lines[rng.Start.Line-1]
	end := len(f.text)
	if i := bytes.IndexByte(f.text[begin:], '\n'); i >= 0 {
		end = begin + i
	}
	from = min(max(rng.Start.Byte-begin, 0), end-begin)
	to = min(max(rng.End.Byte-begin, from), end-begin)
	text = strings.TrimRight(string(f.text[begin:end]), "\r")
	shown := len(text)
	if at := s.secret(text); at >= 0 {
		shown = at
	}
	for _, secret := range f.secrets {
		if secret.Start.Byte < end && secret.End.Byte > begin {
			shown = min(shown, max(secret.Start.Byte-begin, 0))
		}
	}
	if shown < len(text) {
		text = text[:shown] + hidden
		from, to = min(from, shown), max(to, len(text))
	}
	return text, min(from, len(text)), min(to, len(text)), true
}

// Text is the text of rng, or "".
func (s *Sources) Text(rng hcl.Range) []byte {
	f := s.files[rng.Filename]
	if f == nil || !rng.CanSliceBytes(f.text) {
		return nil
	}
	return rng.SliceBytes(f.text)
}
