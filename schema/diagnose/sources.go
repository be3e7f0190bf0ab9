package diagnose

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
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

// span is a top-level block: where it is, and what people call it.
type span struct {
	from, to int
	name     string
}

// NewSources are no sources yet.
func NewSources() *Sources { return &Sources{files: map[string]*source{}} }

// Add remembers the text of a file. body is what was read of it, nil when it is not in native syntax: the names of its blocks come from there.
func (s *Sources) Add(name string, text []byte, body *hclsyntax.Body) {
	f := &source{text: text, lines: []int{0}}
	for i, c := range text {
		if c == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	s.files[name] = f
	if body != nil {
		f.index(body)
	}
}

// index remembers where the blocks of a file in native syntax are.
func (f *source) index(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		name := b.Type
		for _, label := range b.Labels {
			name += " \"" + label + "\""
		}
		r := b.Range()
		f.blocks = append(f.blocks, span{r.Start.Byte, b.CloseBraceRange.End.Byte, name})
	}
	sort.Slice(f.blocks, func(i, j int) bool { return f.blocks[i].from < f.blocks[j].from })
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

// Block names the top-level block around a position, or "".
func (s *Sources) Block(rng hcl.Range) string {
	f := s.files[rng.Filename]
	if f == nil {
		return ""
	}
	i := sort.Search(len(f.blocks), func(i int) bool { return f.blocks[i].from > rng.Start.Byte }) - 1
	if i < 0 || rng.Start.Byte > f.blocks[i].to {
		return ""
	}
	return f.blocks[i].name
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
