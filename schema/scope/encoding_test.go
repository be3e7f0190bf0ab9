package scope

import (
	"testing"
	"unicode/utf8"
)

// TestMisencoded: what is not UTF-8 is said once, at the first character that shows it.
func TestMisencoded(t *testing.T) {
	for _, test := range []struct {
		text         string
		line, column int
	}{
		{"", 0, 0},
		{"folder \"ä\" {}\n", 0, 0},
		{"a\nä\xe4\n\xe4", 2, 2},
		{"\xff\xfea\x00", 1, 1},
		{"a\x00b", 1, 1},
	} {
		d := misencoded("main.hcl", []byte(test.text))
		switch {
		case d == nil && test.line != 0:
			t.Errorf("%q: nothing is said", test.text)
		case d != nil && (d.Subject.Start.Line != test.line || d.Subject.Start.Column != test.column):
			t.Errorf("%q: said at %s, want %d:%d", test.text, d.Subject, test.line, test.column)
		}
	}
}

func FuzzMisencoded(f *testing.F) {
	f.Add([]byte("a\n\xe4"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d := misencoded("main.hcl", text)
		if d == nil && !utf8.Valid(text) {
			t.Errorf("%q passes", text)
		}
		if d != nil && d.Subject.End.Byte > max(len(text), d.Subject.Start.Byte) {
			t.Errorf("%q: %s is behind its end", text, d.Subject)
		}
	})
}
