package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// place is a workspace on disk whose folders are directories of events below data.
type place struct {
	t   *testing.T
	dir string
}

// blocks begins a configuration: the provider, and a folder block for each name.
func blocks(folders ...string) string {
	text := "accord { workspace = \"crash\" }\nprovider \"vdir\" \"local\" { path = \"data\" }\n"
	for _, name := range folders {
		text += fmt.Sprintf("folder %q {\n  provider = provider.vdir.local\n  kind = \"calendar\"\n  path = %[1]q\n  create = true\n}\n", name)
	}
	return text
}

func newPlace(t *testing.T, config string) place {
	t.Helper()
	p := place{t, t.TempDir()}
	p.configure(config)
	return p
}

func (p place) configure(text string) { p.put("main.hcl", text) }

func (p place) put(name, text string) {
	p.t.Helper()
	name = filepath.Join(p.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

// add puts new events into a folder, named after their titles.
func (p place) add(folder string, titles ...string) {
	p.t.Helper()
	for _, title := range titles {
		p.put(filepath.Join("data", folder, title+".ics"), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:"+title+
			"\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270104T100000Z\r\nSUMMARY:"+title+"\r\nLOCATION:Paris\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	}
}

// find is the file that holds an event.
func (p place) find(folder, title string) string {
	p.t.Helper()
	for name, text := range p.held() {
		if strings.HasPrefix(name, folder+"/") && strings.Contains(text.content, "\nSUMMARY:"+title+"\n") {
			return filepath.Join(p.dir, "data", name)
		}
	}
	p.t.Fatalf("%s holds no %q", folder, title)
	return ""
}

// edit changes text in an event, as a person does.
func (p place) edit(folder, title, before, after string) {
	p.t.Helper()
	name := p.find(folder, title)
	text, err := os.ReadFile(name)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(string(text), before, after)), 0o666); err != nil {
		p.t.Fatal(err)
	}
}

func (p place) remove(folder, title string) {
	p.t.Helper()
	if err := os.Remove(p.find(folder, title)); err != nil {
		p.t.Fatal(err)
	}
}

// held is an item file: what it says, without the times of the last write, and which file it is.
type held struct {
	content string
	info    fs.FileInfo
}

// held are the item files of all folders, by folder and name.
func (p place) held() map[string]held {
	p.t.Helper()
	files := map[string]held{}
	names, err := filepath.Glob(filepath.Join(p.dir, "data", "*", "[^.]*.ics"))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			p.t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil {
			p.t.Fatal(err)
		}
		var content strings.Builder
		for line := range strings.Lines(strings.NewReplacer("\r\n ", "", "\r", "").Replace(string(text))) {
			if !strings.HasPrefix(line, "DTSTAMP:") && !strings.HasPrefix(line, "LAST-MODIFIED:") {
				content.WriteString(line)
			}
		}
		short, err := filepath.Rel(filepath.Join(p.dir, "data"), name)
		if err != nil {
			p.t.Fatal(err)
		}
		files[filepath.ToSlash(short)] = held{content.String(), info}
	}
	return files
}
