package scope

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// misencoded says that a file is in another encoding than UTF-8, which no parser is to see: nil when it is in UTF-8.
func misencoded(name string, text []byte) *hcl.Diagnostic {
	const todo = "Save it as UTF-8."
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) || bytes.IndexByte(text, 0) >= 0 {
		start := hcl.Pos{Line: 1, Column: 1}
		return diagnose.Mistake(hcl.Range{Filename: name, Start: start, End: start}, "Not UTF-8", "The file is in UTF-16, or it is no text.", todo)
	}
	at := 0
	for at < len(text) {
		r, n := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		at += n
	}
	if at == len(text) {
		return nil
	}
	begin := bytes.LastIndexByte(text[:at], '\n') + 1
	start := hcl.Pos{Line: bytes.Count(text[:at], []byte{'\n'}) + 1, Column: utf8.RuneCount(text[begin:at]) + 1, Byte: at}
	end := hcl.Pos{Line: start.Line, Column: start.Column + 1, Byte: at + 1}
	return diagnose.Mistake(hcl.Range{Filename: name, Start: start, End: end}, "Not UTF-8", "The file has a character here that is not UTF-8: it was saved in another encoding.", todo)
}
