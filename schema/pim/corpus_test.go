package pim

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
)

// corpusFiles are real files of other projects, which are not part of this one.
func corpusFiles(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("ACCORD_CORPUS")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	if _, err := os.Stat(root); err != nil {
		t.Skip("no corpus: set ACCORD_CORPUS to a directory of .ics and .vcf files")
	}
	var files []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".ics", ".vcf", ".vcs":
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestCorpusIsReadWithoutLoss: every file reads and prints back with the same content lines in the same order, or is refused
// with line and reason.
func TestCorpusIsReadWithoutLoss(t *testing.T) {
	read, refused, items := 0, 0, 0
	unreadable := map[string]int{}
	for _, path := range corpusFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := contentline.Read(data, contentline.Limits{})
		var bad *contentline.Error
		switch {
		case errors.As(err, &bad):
			if bad.Line == 0 || bad.Reason == "" {
				t.Errorf("%s: refused without line or reason: %v", path, err)
			}
			t.Logf("%s: %v", path, err)
			refused++
			continue
		case err != nil:
			t.Fatalf("%s: %v", path, err)
		}
		read++
		sameLines(t, path, lines)
		for _, component := range split(lines) {
			it, err := Parse(component.kind, component.data)
			if err != nil {
				t.Logf("%s: %v", path, err)
				unreadable[path]++
				continue
			}
			items++
			checkItem(t, path, it)
		}
	}
	t.Logf("%d files read, %d refused; %d items read, in %d files some are unreadable", read, refused, items, len(unreadable))
	if read == 0 {
		t.Error("no file was read")
	}
}

// sameLines prints lines anew and compares what is read back.
func sameLines(t *testing.T, path string, lines []contentline.Line) {
	t.Helper()
	var printed []byte
	for i := range lines {
		printed = lines[i].AppendFolded(printed)
	}
	again, err := contentline.Read(printed, contentline.Limits{})
	if err != nil {
		t.Errorf("%s: printed anew: %v", path, err)
		return
	}
	if len(again) != len(lines) {
		t.Errorf("%s: %d lines, printed anew %d", path, len(lines), len(again))
		return
	}
	for i := range lines {
		if !bytes.Equal(lines[i].Text(), again[i].Text()) {
			t.Errorf("%s: %q became %q", path, lines[i].Text(), again[i].Text())
		}
	}
}

type piece struct {
	kind Kind
	data []byte
}

// split cuts a file that holds many items into one input per UID, each with all VTIMEZONEs.
func split(lines []contentline.Line) []piece {
	var pieces []piece
	for i := 0; i < len(lines); i++ {
		n, _ := lines[i].Begins()
		whole := lines[i : i+n+1]
		switch strings.ToUpper(lines[i].Component()) {
		case "VCARD":
			pieces = append(pieces, piece{Contacts, contentline.Append(nil, whole)})
		case "VCALENDAR":
			pieces = append(pieces, splitCalendar(whole)...)
		}
		i += n
	}
	return pieces
}

func splitCalendar(lines []contentline.Line) []piece {
	kinds := map[string]Kind{"VEVENT": Calendar, "VTODO": Tasks, "VJOURNAL": Notes}
	var head, keys []string
	bodies := map[string][]byte{}
	for i := 1; i < len(lines)-1; i++ {
		n, _ := lines[i].Begins()
		text := string(contentline.Append(nil, lines[i:i+n+1]))
		name := strings.ToUpper(lines[i].Component())
		if _, isItem := kinds[name]; n > 0 && isItem {
			uid := ""
			for j := i; j < i+n; j++ {
				if lines[j].Is("UID") {
					uid = string(lines[j].Value())
				}
			}
			key := name + "\x00" + uid
			if uid == "" {
				key = text
			}
			if bodies[key] == nil {
				keys = append(keys, key)
				bodies[key] = append(bodies[key], name+"\x00"...)
			}
			bodies[key] = append(bodies[key], text...)
		} else {
			head = append(head, text)
		}
		i += n
	}
	var pieces []piece
	for _, key := range keys {
		name, body, _ := strings.Cut(string(bodies[key]), "\x00")
		pieces = append(pieces, piece{kinds[name], []byte("BEGIN:VCALENDAR\r\n" + strings.Join(head, "") + body + "END:VCALENDAR\r\n")})
	}
	return pieces
}

// checkItem holds an item to what every item promises.
func checkItem(t *testing.T, name string, it *Item) {
	t.Helper()
	f := it.Fields()
	again, err := Parse(it.Kind(), it.Bytes())
	if err != nil || !again.Fields().Equal(f) {
		t.Errorf("%s: reads differently the second time: %v", name, err)
	}
	if diff := it.WithFields(f).Fields().Diff(f); diff != nil {
		t.Errorf("%s: with its own fields, differs in %q", name, diff)
	}
	touched := it.WithMarker(&Marker{Workspace: "w", Status: Live, UID: "x"}).Touch(it.Modified()).WithUID("other")
	if diff := touched.Fields().Diff(f); diff != nil && f["override:"].IsZero() {
		t.Errorf("%s: touched and marked, differs in %q", name, diff)
	}
	if _, err := Parse(it.Kind(), touched.Bytes()); err != nil {
		t.Errorf("%s: touched and marked, cannot be read: %v", name, err)
	}
	if m, ok := touched.Marker(); !ok || m.UID != "x" {
		t.Errorf("%s: the marker is lost", name)
	}
	empty := New(it.Kind(), "fresh").WithFields(f)
	if _, err := Parse(it.Kind(), empty.Bytes()); err != nil {
		t.Errorf("%s: carried into an empty item, cannot be read: %v\n%s", name, err, empty.Bytes())
	} else if diff := empty.Fields().Diff(f); diff != nil {
		t.Errorf("%s: carried into an empty item, differs in %q: %v, %v\n%s\n%s", name, diff, f[diff[0]].elements, empty.Fields()[diff[0]].elements, it.Bytes(), empty.Bytes())
	}
	back := empty.WithFields(absent(f))
	if left := back.Fields(); len(left) > 0 {
		t.Errorf("%s: emptied, still has %v", name, left)
	}
	b, _ := f.Digests().AppendBinary(nil)
	var d Digests
	if err := d.UnmarshalBinary(b); err != nil || len(d.Edited(f)) > 0 {
		t.Errorf("%s: digests do not survive: %v", name, err)
	}
	attributes := it.Attributes(nil)
	for _, n := range Names(it.Kind()) {
		if _, ok := attributes[n.Name]; !ok {
			t.Errorf("%s: no attribute %s", name, n.Name)
		}
	}
	if len(attributes) != len(Names(it.Kind())) {
		t.Errorf("%s: attributes that are no names: %d", name, len(attributes))
	}
	if attributes["private"] != it.Private() {
		t.Errorf("%s: private is %v, and Private %v", name, attributes["private"], it.Private())
	}
	takesItsTime(t, name, it)
	Describe(it)
	for field, v := range f {
		if v.Plain() == nil {
			t.Errorf("%s: %s shows nothing", name, field)
		}
	}
}

func absent(f Fields) Fields {
	g := Fields{}
	for name := range f {
		g[name] = Value{}
	}
	return g
}

// takesItsTime: when an item takes place can be told, or it is said why not, and so with its floating times in a zone.
func takesItsTime(t *testing.T, name string, it *Item) {
	t.Helper()
	zone := time.FixedZone("", -3*3600)
	from, to := it.Extent(zone)
	n := 0
	for span, err := range it.Spans(time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), zone) { // RFC 5545 has a year 0
		switch n++; {
		case err != nil:
			t.Logf("%s: %v", name, err)
		case !from.IsZero() && span.Start.Before(from) || span.End.Before(span.Start) || !to.IsZero() && span.End.After(to):
			t.Errorf("%s: %v, between %s and %s", name, span, from, to)
		}
		if n == 100 {
			break
		}
	}
	if n == 0 && it.Timed() && !it.Recurring() {
		t.Errorf("%s: takes place, and nobody knows when", name)
	}
	grounded := it.Grounded(time.UTC)
	if _, err := Parse(it.Kind(), grounded.Bytes()); err != nil || grounded.Floats() {
		t.Errorf("%s: grounded: %v\n%s", name, err, grounded.Bytes())
	}
}
