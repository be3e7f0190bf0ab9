package contentline

import (
	"bytes"
	"testing"
)

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"BEGIN:VCARD\r\nFN:a\r\nEND:VCARD\r\n",
		"\xef\xbb\xbf\nBEGIN:VCALENDAR\nX:a\n b\n\n\nEND:VCALENDAR \n\n",
		"BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:a=\n=20b=\n c=\nEND:VCARD",
		"BEGIN:X\na.B;C=\"d:e\";F:g\rh\r\r\n \xff\xfe\nEND:X",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, err := Read(data, Limits{})
		if err != nil {
			return
		}
		if got := Append(nil, lines); len(lines) > 0 && !bytes.HasPrefix(got, data) || len(got) > len(data)+2 {
			t.Fatalf("printed untouched: %q", got)
		}
		var printed []byte
		for i := range lines {
			printed = lines[i].AppendFolded(printed)
		}
		again, err := Read(printed, Limits{})
		if err != nil {
			t.Fatalf("%v\n%q", err, printed)
		}
		if len(again) != len(lines) {
			t.Fatalf("%d lines, then %d\n%q", len(lines), len(again), printed)
		}
		for i := range lines {
			if !bytes.Equal(lines[i].Text(), again[i].Text()) {
				t.Fatalf("%q, then %q", lines[i].Text(), again[i].Text())
			}
		}
	})
}
