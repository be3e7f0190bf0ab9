package main

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/schema/pim"
)

// folder is one as clients see it that know nothing of Accord.
type folder interface {
	items() ([]item, error)
	put(item) error // a new one, or another version
	remove(item) error
}

// item is an event or a contact. Its name is its title, without what Accord writes before it.
type item struct {
	place  string // file name or href; "" when it is new
	fields map[string]string
	text   string // of what is there already
}

// marked is what the title of an item begins with whose original or replica was deleted.
const marked = "Deleted: "

// newItem is one that says what a cell of a table says.
func newItem(name, uid, cell string) item {
	return item{fields: map[string]string{"title": name, "uid": uid}}.saying(cell)
}

// saying is the item after a change.
func (it item) saying(cell string) item {
	category, _, _ := strings.Cut(it.name(), "/")
	cell = strings.TrimPrefix(cell, "=")
	if c, rest, ok := strings.Cut(cell, ":"); ok {
		category, cell = c, rest
	}
	cell, day, _ := strings.Cut(cell, "@")
	place, note, _ := strings.Cut(cell, "+")
	it.fields = map[string]string{"title": it.fields["title"], "uid": it.fields["uid"], "category": category, "place": place, "note": note, "day": day}
	return it
}

func (it item) name() string { return strings.TrimPrefix(it.fields["title"], marked) }

// nothingSaid is the cell of an item that says nothing but its title.
const nothingSaid = "."

// says is what a cell says of the item.
func (it item) says() string {
	text := it.fields["place"]
	if it.fields["note"] != "" {
		text += "+" + it.fields["note"]
	}
	if category, _, _ := strings.Cut(it.name(), "/"); it.fields["category"] != category && it.fields["category"] != "" {
		text = it.fields["category"] + ":" + text
	}
	if it.fields["title"] != it.name() {
		text = "Deleted:" + text
	}
	if text == "" {
		return nothingSaid
	}
	return text
}

// properties are those that hold an item's fields.
var properties = map[pim.Kind]map[string]string{
	pim.Calendar: {"title": "SUMMARY", "uid": "UID", "category": "CATEGORIES", "place": "LOCATION", "note": "DESCRIPTION", "day": "LAST-MODIFIED"},
	pim.Contacts: {"title": "FN", "uid": "UID", "category": "CATEGORIES", "place": "TITLE", "note": "NOTE", "day": "REV"},
}

// parse reads what a file or a server says of an item.
func parse(kind pim.Kind, place, text string) item {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n ", "")
	it := item{place: place, fields: map[string]string{}, text: text}
	for line := range strings.Lines(text) {
		head, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		head, _, _ = strings.Cut(head, ";")
		for field, name := range properties[kind] {
			if head == name {
				it.fields[field] = value
			}
		}
	}
	return it
}

// print is the item as a client writes it: what was there stays, but for the fields.
func (it item) print(kind pim.Kind) string {
	text := it.text
	switch {
	case text != "":
	case kind == pim.Calendar:
		text = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nBEGIN:VEVENT\nDTSTAMP:20260101T000000Z\nDTSTART:20270104T100000Z\nDTEND:20270104T110000Z\nEND:VEVENT\nEND:VCALENDAR\n"
	default:
		text = "BEGIN:VCARD\nVERSION:3.0\nN:Table;;;;\nEND:VCARD\n"
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		head, _, _ := strings.Cut(line, ":")
		head, _, _ = strings.Cut(head, ";")
		ours := false
		for field, name := range properties[kind] {
			ours = ours || head == name && (field != "day" || it.fields["day"] != "")
		}
		if line == "END:VEVENT\n" || line == "END:VCARD\n" {
			it.printFields(kind, &b)
		}
		if !ours {
			b.WriteString(strings.TrimSuffix(line, "\n") + "\r\n")
		}
	}
	return b.String()
}

func (it item) printFields(kind pim.Kind, b *strings.Builder) {
	for _, field := range slices.Sorted(maps.Keys(properties[kind])) {
		name := properties[kind][field]
		switch value := it.fields[field]; {
		case value == "":
		case field == "day":
			fmt.Fprintf(b, "%s:2027010%sT000000Z\r\n", name, value)
		default:
			fmt.Fprintf(b, "%s:%s\r\n", name, value)
		}
	}
}

// fileName is one for a new item.
func (it item) fileName(kind pim.Kind) string {
	extension := ".ics"
	if kind == pim.Contacts {
		extension = ".vcf"
	}
	return strings.NewReplacer("/", "-", " ", "-").Replace(it.fields["uid"]) + extension
}

// local is a directory.
type local struct {
	dir   string
	kind  pim.Kind
	whole map[string]string // texts of the files that were cut
}

func (l *local) items() (all []item, err error) {
	entries, err := os.ReadDir(l.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(l.dir, e.Name()))
		if err != nil {
			return nil, err
		}
		all = append(all, parse(l.kind, e.Name(), string(text)))
	}
	return all, nil
}

func (l *local) put(it item) error {
	if it.place == "" {
		it.place = it.fileName(l.kind)
	}
	return os.WriteFile(filepath.Join(l.dir, it.place), []byte(it.print(l.kind)), 0o600)
}

// cut takes the end off a file, so that nobody knows whether more is missing.
func (l *local) cut(ts *testscript.TestScript, name string) {
	all, err := l.items()
	ts.Check(err)
	i := slices.IndexFunc(all, func(it item) bool { return it.name() == name })
	if i < 0 {
		ts.Fatalf("%s holds no %q", l.dir, name)
	}
	file := filepath.Join(l.dir, all[i].place)
	text, err := os.ReadFile(file)
	ts.Check(err)
	if l.whole == nil {
		l.whole = map[string]string{}
	}
	l.whole[file] = string(text)
	ts.Check(os.WriteFile(file, []byte(strings.TrimSuffix(string(text), "END:VCALENDAR\r\n")), 0o600))
}

// mend makes the files whole again that were cut.
func (l *local) mend(ts *testscript.TestScript) {
	for file, text := range l.whole {
		ts.Check(os.WriteFile(file, []byte(text), 0o600))
	}
	l.whole = nil
}

func (l *local) remove(it item) error { return os.Remove(filepath.Join(l.dir, it.place)) }

// remote is a collection of alice's at a server.
type remote struct {
	t      testing.TB
	server servers.Server
	path   string
	kind   pim.Kind
	read   map[string]string // what was read, by href and ETag
}

func (r *remote) items() (all []item, err error) {
	a := r.server.Do(r.t, "alice", "PROPFIND", r.path, `<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>`, "Depth", "1", "Content-Type", "application/xml")
	var list struct {
		Responses []struct {
			Href string `xml:"DAV: href"`
			ETag string `xml:"DAV: propstat>prop>getetag"`
		} `xml:"DAV: response"`
	}
	if err := xml.Unmarshal([]byte(a.Body), &list); err != nil {
		return nil, fmt.Errorf("%s: list %s: status %d: %w", r.server.Name, r.path, a.Status, err)
	}
	read := map[string]string{}
	for _, entry := range list.Responses {
		u, err := url.Parse(entry.Href)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(u.Path, "/") {
			continue
		}
		version := entry.Href + " " + entry.ETag
		text, known := r.read[version]
		if !known {
			text = r.server.Do(r.t, "alice", http.MethodGet, u.EscapedPath(), "").Body
		}
		read[version] = text
		all = append(all, parse(r.kind, u.EscapedPath(), text))
	}
	r.read = read
	return all, nil
}

func (r *remote) put(it item) error {
	contentType := "text/calendar; charset=utf-8"
	if r.kind == pim.Contacts {
		contentType = "text/vcard; charset=utf-8"
	}
	if it.place == "" {
		it.place = r.path + url.PathEscape(it.fileName(r.kind))
	}
	return r.done(http.MethodPut, it.place, it.print(r.kind), "Content-Type", contentType)
}

func (r *remote) remove(it item) error { return r.done(http.MethodDelete, it.place, "") }

func (r *remote) done(method, path, body string, header ...string) error {
	if a := r.server.Do(r.t, "alice", method, path, body, header...); a.Status >= 300 || a.Status == http.StatusMultiStatus {
		return fmt.Errorf("%s: %s %s: status %d: %s", r.server.Name, method, path, a.Status, a.Body)
	}
	return nil
}
