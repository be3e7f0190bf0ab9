package contentline

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, input string
		want        []string // the unfolded lines between the first BEGIN and its END
	}{
		{"CRLF and folds", "BEGIN:X\r\nA:b\r\n c\r\n\td\r\nEND:X\r\n", []string{"A:bcd"}},
		{"bare LF", "BEGIN:X\nA:b\nEND:X\n", []string{"A:b"}},
		{"no line end at the end", "BEGIN:X\nA:b\nEND:X", []string{"A:b"}},
		{"doubled CR", "BEGIN:X\r\r\nA:b\r\r\nEND:X\r\r\n", []string{"A:b"}},
		{"byte order mark", "\xef\xbb\xbfBEGIN:X\nA:b\nEND:X\n", []string{"A:b"}},
		{"blank lines", "\n\nBEGIN:X\n\nA:b\n\n\nEND:X\n\n", []string{"A:b"}},
		{"white space after END", "BEGIN:X\nA:b\nEND:X  \n", []string{"A:b"}},
		{"names in any case", "begin:x\na:b\nEnd:X\n", []string{"a:b"}},
		{"a fold inside of a character", "BEGIN:X\r\nA:M\xc3\r\n \xbcller\r\nEND:X\r\n", []string{"A:Müller"}},
		{"Latin-1", "BEGIN:X\nA:M\xfcller\nEND:X\n", []string{"A:M\xfcller"}},
		{"quoted-printable soft line breaks", "BEGIN:X\nA;ENCODING=QUOTED-PRINTABLE:b=\nc=\n d\nB:e\nEND:X\n", []string{"A;ENCODING=QUOTED-PRINTABLE:bc d", "B:e"}},
		{"a bare encoding", "BEGIN:X\nA;quoted-printable:b=3D=\nc\nEND:X\n", []string{"A;quoted-printable:b=3Dc"}},
		{"no soft line break without the encoding", "BEGIN:X\nA:b=\nC:d\nEND:X\n", []string{"A:b=", "C:d"}},
		{"quotes", "BEGIN:X\nA;B=\"c:d;e\":f\nEND:X\n", []string{"A;B=\"c:d;e\":f"}},
		{"a quote that is never closed", "BEGIN:X\nA;B=\"c:d\nEND:X\n", []string{"A;B=\"c:d"}},
		{"nested components", "BEGIN:X\nAGENT:\nBEGIN:X\nA:b\nEND:X\nEND:X\n", []string{"AGENT:", "BEGIN:X", "A:b", "END:X"}},
	} {
		lines, err := Read([]byte(c.input), Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for i := range lines[1 : len(lines)-1] {
			got = append(got, string(lines[1+i].Text()))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if printed := string(Append(nil, lines)); strings.TrimSuffix(printed, "\r\n") != strings.TrimSuffix(c.input, "\r\n") {
			t.Errorf("%s: printed untouched %q", c.name, printed)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	limits := Limits{Size: 200, Line: 40, Lines: 6, Depth: 3}
	for _, c := range []struct {
		name, input string
		line        int
		reason      string
	}{
		{"an early end", "BEGIN:X\nA:b\n", 2, "END:X is missing"},
		{"lines that end in CR alone", "BEGIN:X\rA:b\rEND:X\r", 1, "CR alone"},
		{"an early end inside", "BEGIN:X\nBEGIN:Y\nEND:Y\n", 3, "END:X is missing"},
		{"a wrong END", "BEGIN:X\nBEGIN:Y\nEND:X\n", 3, "END:X inside of Y, which began on line 2"},
		{"an END alone", "END:X\n", 1, "without its BEGIN"},
		{"a line outside", "A:b\n", 1, "outside"},
		{"no colon", "BEGIN:X\nhello\nEND:X\n", 2, "hello"},
		{"no name", "BEGIN:X\n:b\nEND:X\n", 2, "content line"},
		{"a line of text that lost its fold", "BEGIN:X\nA:b\nsee also: c\nEND:X\n", 3, "see also"},
		{"size", strings.Repeat("x", 201), 0, "201 octets"},
		{"a long line", "BEGIN:X\nA:" + strings.Repeat("b", 40) + "\nEND:X\n", 2, "42 octets"},
		{"a line long by its folds", "BEGIN:X\nA:" + strings.Repeat("\n bbbbb", 10) + "\nEND:X\n", 2, "52 octets"},
		{"many lines", "BEGIN:X\n" + strings.Repeat("A:b\n", 9), 7, "more than 6 lines"},
		{"depth", strings.Repeat("BEGIN:X\n", 4), 4, "deeper than 3"},
	} {
		_, err := Read([]byte(c.input), limits)
		var bad *Error
		if !errors.As(err, &bad) || bad.Line != c.line || !strings.Contains(bad.Reason, c.reason) {
			t.Errorf("%s: %v, want line %d: %s", c.name, err, c.line, c.reason)
		}
	}
}

// TestLarge: what is hostile or just large takes time in proportion to its size.
func TestLarge(t *testing.T) {
	photo := strings.Repeat("\r\n "+strings.Repeat("A", 74), 3<<20/74)
	for name, input := range map[string]string{
		"a photo of 3 MB":          "BEGIN:VCARD\r\nPHOTO;ENCODING=b:" + photo + "\r\nEND:VCARD\r\n",
		"a parameter of 400 KB":    "BEGIN:X\r\nA;B=\"" + strings.Repeat("c,", 200_000) + "\":d\r\nEND:X\r\n",
		"400,000 quotes":           "BEGIN:X\r\nA;" + strings.Repeat("\"", 400_001) + ":d\r\nEND:X\r\n",
		"100,000 BEGINs":           strings.Repeat("BEGIN:X\r\n", 100_000),
		"100,000 lines, folded":    "BEGIN:X\r\n" + strings.Repeat("A:b\r\n c\r\n", 100_000) + "END:X\r\n",
		"100,000 soft line breaks": "BEGIN:X\r\nA;ENCODING=QUOTED-PRINTABLE:" + strings.Repeat("b=\r\n", 100_000) + "\r\nEND:X\r\n",
	} {
		start := time.Now()
		lines, err := Read([]byte(input), Limits{})
		for i := range lines {
			for p := range lines[i].Params() {
				p.Values()
			}
			lines[i].AppendFolded(nil)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if nested := strings.Contains(name, "BEGIN"); (err != nil) != nested {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLine(t *testing.T) {
	l := New("item1.tel;TYPE=home,\"a,b\";X-A=^'b^n;HOME:+1")
	if l.Group() != "item1" || l.Name() != "tel" || !l.Is("TEL") || string(l.Value()) != "+1" {
		t.Errorf("taken apart: %q %q %q", l.Group(), l.Name(), l.Value())
	}
	var got []string
	for p := range l.Params() {
		got = append(got, p.Name+"="+strings.Join(p.Values(), "|"))
	}
	if want := []string{"TYPE=home|a,b", "X-A=^'b^n", "=HOME"}; !slices.Equal(got, want) {
		t.Errorf("parameters %q, want %q", got, want)
	}
	for _, text := range []string{"plain", "a:b", "say \"hi\"\nthere^", "ä,;"} {
		quoted := Quote(text)
		l := New("A;B=" + quoted + ":c")
		if got := Uncaret(l.Param("b")); got != text {
			t.Errorf("%q becomes %q", text, got)
		}
	}
	for _, text := range []string{"", "no colon", "two\nlines", ":x"} {
		if l := New(text); l.Name() != "" {
			t.Errorf("New(%q) has the name %q", text, l.Name())
		}
	}
}

func TestAppendFolded(t *testing.T) {
	for _, text := range []string{
		"NOTE:" + strings.Repeat("ä€😀", 40), "NOTE:" + strings.Repeat("x", 69), "NOTE:" + strings.Repeat("x", 70), "NOTE:" + strings.Repeat("x", 71),
		"NOTE:" + strings.Repeat("\xfc", 300), "NOTE;ENCODING=QUOTED-PRINTABLE:" + strings.Repeat("a=C3=BC ", 40),
	} {
		l := New(text)
		printed := string(l.AppendFolded(nil))
		for line := range strings.SplitSeq(strings.TrimSuffix(printed, "\r\n"), "\r\n") {
			if len(line) > 75 {
				t.Errorf("a line of %d octets: %q", len(line), line)
			}
			if strings.Contains(text, "ä") && !strings.HasPrefix(strings.ToValidUTF8(line, "?"), line) {
				t.Errorf("a character is cut: %q", line)
			}
		}
		lines, err := Read([]byte("BEGIN:X\r\n"+printed+"END:X\r\n"), Limits{})
		if err != nil || string(lines[1].Text()) != text {
			t.Errorf("%q is read back as %v, %v", text, lines, err)
		}
	}
}

// TestTroubles: each file of testdata is a class of trouble that real files have; all are read and printed without loss.
func TestTroubles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "troubles", "*.*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := Read(data, Limits{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if got := strings.TrimPrefix(string(Append(nil, lines)), string(data)); got != "" && got != "\r\n" {
			t.Errorf("%s: printed untouched, differs", path)
		}
		var printed []byte
		for i := range lines {
			printed = lines[i].AppendFolded(printed)
		}
		again, err := Read(printed, Limits{})
		if err != nil {
			t.Errorf("%s: printed anew: %v", path, err)
			continue
		}
		same := slices.EqualFunc(lines, again, func(a, b Line) bool { return string(a.Text()) == string(b.Text()) })
		if !same {
			t.Errorf("%s: printed anew, has other lines", path)
		}
	}
}
