package vcard

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// TestLines: how a property of one version is written in each, and that all of them mean the same.
func TestLines(t *testing.T) {
	for _, c := range []struct{ in, v21, v30, v40 string }{
		{"TEL;HOME;PREF;VOICE:1", "TEL;HOME;PREF:1", "TEL;TYPE=home,pref:1", "TEL;TYPE=home;PREF=1:1"},
		{"TEL;VALUE=uri;TYPE=\"cell,text\":tel:+1;ext=2", "TEL;CELL;TEXT:+1\\;ext=2", "TEL;TYPE=cell,text:+1\\;ext=2", "TEL;TYPE=cell,text:+1\\;ext=2"},
		{"FN:M\u00fcller\\, A", "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller, A", "FN:Müller\\, A", "FN:Müller\\, A"},
		{"NOTE:a\\nb", "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab", "NOTE:a\\nb", "NOTE:a\\nb"},
		{"PHOTO;JPEG;ENCODING=BASE64:/9j/4AAQ", "PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQ", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "PHOTO:data:image/jpeg;base64,/9j/4AAQ"},
		{"PHOTO;VALUE=uri:http://x/y", "PHOTO;VALUE=uri:http://x/y", "PHOTO;VALUE=uri:http://x/y", "PHOTO:http://x/y"},
		{"BDAY:--0415", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15", "BDAY:--0415"},
		{"BDAY:1996-04-15T00:00:00Z", "BDAY:1996-04-15", "BDAY:1996-04-15", "BDAY:19960415"},
		{"BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800", "BDAY;VALUE=text:circa 1800"},
		{"KIND:group", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-KIND:group", "KIND:group"},
		{"X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:m", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:m", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:m", "MEMBER:urn:uuid:m"},
		{"ADR;TYPE=intl,home:;;1 Road\\, 2;Town;;;", "ADR;HOME:;;1 Road, 2;Town;;;", "ADR;TYPE=home:;;1 Road\\, 2;Town;;;", "ADR;TYPE=home:;;1 Road\\, 2;Town;;;"},
		{"X-FOO;A=b:1,2;3", "X-FOO;A=b:1,2;3", "X-FOO;A=b:1,2;3", "X-FOO;A=b:1,2;3"},
	} {
		in := contentline.New(c.in)
		p := Read(&in, "")
		for version, want := range map[Version]string{V21: c.v21, V30: c.v30, V40: c.v40} {
			lines := p.Lines(version, "")
			if got := string(lines[0].Text()); got != want {
				t.Errorf("%s in %s: %s, want %s", c.in, version, got, want)
			}
			if again := Read(&lines[0], ""); again.Canon() != p.Canon() {
				t.Errorf("%s in %s means %q, want %q", c.in, version, again.Canon(), p.Canon())
			}
		}
	}
}

func TestLabel(t *testing.T) {
	in := contentline.New("item1.TEL:1")
	p := Read(&in, "_$!<Boat>!$")
	lines := p.Lines(V40, "item7")
	if len(lines) != 2 || string(lines[0].Text()) != "item7.TEL:1" || string(lines[1].Text()) != "item7.X-ABLabel:_$!<Boat>!$" {
		t.Errorf("written as %v", lines)
	}
	if !strings.Contains(p.Canon(), "LABEL=Boat") {
		t.Errorf("means %q", p.Canon())
	}
}

func TestCanonSaysNothing(t *testing.T) {
	for _, text := range []string{"NOTE:", "KIND:individual", "CLASS:PUBLIC", "N:;;;;", "ADR;HOME:;;;;;;", "CATEGORIES:,", "BDAY:"} {
		l := contentline.New(text)
		if p := Read(&l, ""); p.Canon() != "" {
			t.Errorf("%s means %q", text, p.Canon())
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"TEL;HOME:1", "PHOTO;ENCODING=b:/9j/", "BDAY:--0415", "N:a;b\\;c;d,e", "KEY:data:x;base64,AA=="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := contentline.New(s)
		if l.Name() == "" {
			return
		}
		p := Read(&l, "")
		for _, version := range []Version{V21, V30, V40} {
			for _, l := range p.Lines(version, "") {
				if l.Name() == "" {
					t.Fatalf("%q in %s is no line: %q", s, version, l.Text())
				}
				if again := Read(&l, ""); again.Canon() != p.Canon() {
					t.Fatalf("%q means %q, in %s %q means %q", s, p.Canon(), version, l.Text(), again.Canon())
				}
			}
		}
	})
}
