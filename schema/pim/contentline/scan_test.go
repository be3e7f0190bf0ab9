package contentline

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
)

// scanned reads a whole input line by line.
func scanned(t *testing.T, r io.Reader) (lines []Line, raw []byte, err error) {
	t.Helper()
	s := NewScanner(r, Limits{})
	for s.Scan() {
		if s.Offset() != int64(len(raw)) && len(raw) > 0 {
			t.Fatalf("line %d begins at %d, want %d", s.Line().Number(), s.Offset(), len(raw))
		}
		if len(raw) == 0 {
			raw = make([]byte, s.Offset())
		}
		raw = append(raw, s.Raw()...)
		l := *s.Line()
		l.text = bytes.Clone(l.text)
		lines = append(lines, l)
	}
	return lines, raw, s.Err()
}

func TestScannerGivesTheLinesOfRead(t *testing.T) {
	long := "NOTE:" + strings.Repeat("x", 200<<10)
	for name, input := range map[string]string{
		"empty":             "",
		"plain":             "BEGIN:VCARD\r\nFN:Ada\r\nEND:VCARD\r\n",
		"folds":             "BEGIN:VCARD\r\nFN:A\r\n d\r\n\ta\r\nEND:VCARD\r\n",
		"mark and blanks":   "\xef\xbb\xbf\r\n\nBEGIN:VCARD\n\n \nFN:Ada\n\t\nEND:VCARD\n\n",
		"no end of line":    "BEGIN:VCARD\nFN:Ada\nEND:VCARD",
		"soft line breaks":  "BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\nEND:VCARD=\n b=\n\nFN:Ada\nEND:VCARD\n",
		"longer than a buf": "BEGIN:VCARD\n" + long + "\n b\n\n" + long + "\nEND:VCARD\n",
		"blank to the end":  "BEGIN:VCARD\nEND:VCARD\n  \n\t",
	} {
		t.Run(name, func(t *testing.T) {
			want, err := Read([]byte(input), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []io.Reader{strings.NewReader(input), iotest.OneByteReader(strings.NewReader(input))} {
				got, raw, err := scanned(t, r)
				if err != nil || len(got) != len(want) {
					t.Fatalf("%d lines (%v), want %d", len(got), err, len(want))
				}
				for i := range want {
					if !bytes.Equal(got[i].Text(), want[i].Text()) || got[i].Number() != want[i].Number() || got[i].Name() != want[i].Name() {
						t.Errorf("line %d %q, want line %d %q", got[i].Number(), got[i].Text(), want[i].Number(), want[i].Text())
					}
				}
				if mark := bytes.TrimLeft(raw, "\x00"); len(want) > 0 && (len(raw) != len(input) || !strings.HasSuffix(input, string(mark))) {
					t.Errorf("the octets are %q, want %q", raw, input)
				}
			}
		})
	}
}

func TestScannerGivesWhatIsNoContentLine(t *testing.T) {
	got, _, err := scanned(t, strings.NewReader("BEGIN:VCARD\r\nlost its fold\r\nFN:Ada\r\n"))
	if err != nil || len(got) != 3 || got[1].Name() != "" || string(got[1].Text()) != "lost its fold" || got[2].Name() != "FN" {
		t.Errorf("%d lines, %v", len(got), err)
	}
}

func TestScannerStops(t *testing.T) {
	s := NewScanner(strings.NewReader("BEGIN:VCARD\r\nNOTE:"+strings.Repeat("x", 1000)), Limits{Size: 500})
	n := 0
	for s.Scan() {
		n++
	}
	var bad *Error
	if !errors.As(s.Err(), &bad) || bad.Line != 2 || n != 1 {
		t.Errorf("a line that is too long: %v after %d lines", s.Err(), n)
	}
	broken := errors.New("broken")
	if _, _, err := scanned(t, io.MultiReader(strings.NewReader("FN:Ada\r\nFN:"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Errorf("a broken stream: %v", err)
	}
}

func FuzzScanner(f *testing.F) {
	f.Add([]byte("\xef\xbb\xbf\nBEGIN:VCALENDAR\nX:a\n b\n\n\nEND:VCALENDAR \n\n"))
	f.Add([]byte("BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\n=20b=\n c=\nEND:VCARD"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, raw, err := scanned(t, bytes.NewReader(data))
		if err != nil || len(got) > 0 && len(raw) != len(data) {
			t.Fatalf("%d octets of %d, %v", len(raw), len(data), err)
		}
		want, err := Read(data, Limits{})
		if err != nil {
			return
		}
		if len(got) != len(want) {
			t.Fatalf("%d lines, want %d", len(got), len(want))
		}
		for i := range want {
			if !bytes.Equal(got[i].Text(), want[i].Text()) || got[i].Number() != want[i].Number() {
				t.Fatalf("line %d %q, want line %d %q", got[i].Number(), got[i].Text(), want[i].Number(), want[i].Text())
			}
		}
	})
}

// reads counts the calls, and says that it is of a certain length.
type reads struct {
	io.Reader
	left, n int
}

func (r *reads) Read(p []byte) (int, error) { r.n++; return r.Reader.Read(p) }
func (r *reads) Len() int                   { return r.left }

func TestScannerReadsInLargePieces(t *testing.T) {
	input := strings.Repeat("NOTE:"+strings.Repeat("x", 95)+"\n", 10_000)
	for _, length := range []int{len(input), math.MaxInt, 0} {
		r := &reads{Reader: strings.NewReader(input), left: length}
		got, _, err := scanned(t, r)
		if err != nil || len(got) != 10_000 || length > 0 && r.n > 2*len(input)/(64<<10) {
			t.Errorf("a reader of length %d was read by %d calls: %d lines, %v", length, r.n, len(got), err)
		}
	}
}
