package main

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
)

// hostileWords want to be more than text: to a terminal, to Markdown, to a page, or to those who read them. A line break stands as it does in iCalendar.
var hostileWords = []string{
	"\x1b[2J\x1b[31mred\x1b]0;title\x07", "\u202egnp.exe\u202c", "c1\u009b31m", `one\nPlan: 0 to add`, "<script>alert(1)</script><img src=x onerror=alert(1)>", "**bold** [x](javascript:alert(1)) @everyone",
	`" onmouseover="alert(1)`, "--> ]]> <svg onload=alert(1)>", "hidden\u200b\u2060", "`code` | a |",
}

// TestHostileTextsStayTexts puts hostile titles, UIDs, places, refs, folder names and words of a server before every verb, in every form of output: nothing that is
// said moves a terminal, every line of JSON is one, and a page or picture holds no element that Accord did not put there.
func TestHostileTextsStayTexts(t *testing.T) {
	p := newAviaryPlace(t)
	for i, word := range hostileWords {
		p.put(fmt.Sprintf("data/here/%d.ics", i), eventOf("uid"+word, "Title "+word, "Place "+word))
		p.server.dav.Put(fmt.Sprintf("/dav/calendars/alice/one/%d.ics", i), eventOf("there"+word, "There "+word, word))
		p.put("data/cards/"+fmt.Sprint(i)+".vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c"+word+"\r\nFN:"+word+"\r\nN:"+word+";;;;\r\nEND:VCARD\r\n")
		if name := strings.Map(func(r rune) rune {
			if r == '/' {
				return '|'
			}
			return r
		}, word); runtime.GOOS == "linux" {
			p.put("data/here/"+name+".ics", eventOf(fmt.Sprint("named", i), "Named", "x"))
			p.put("data/here/torn"+name+".ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:"+word+"\r\nSUMMARY:"+word)
			p.check(os.MkdirAll(filepath.Join(p.dir, "data", name), 0o777))
		}
	}
	runs := 0
	look := func(line string, _ int, said string) {
		runs++
		said = strings.ReplaceAll(said, "\t", " ")
		if strings.HasPrefix(line, "completion") || strings.HasPrefix(line, "man") || strings.HasPrefix(line, "fmt") || strings.HasPrefix(line, "help") {
			return // they show nothing from outside
		}
		for _, r := range said {
			if r != '\n' && !words.Harmless(r) {
				t.Errorf("accord %s: it says %q", line, r)
				break
			}
		}
		switch {
		case strings.Contains(line, "-html"), strings.Contains(line, "-format=svg"):
			for _, evil := range []string{"<script>alert", "<img", "<svg onload", "onerror=alert(1)>", `" onmouseover="`} {
				if strings.Contains(said, evil) {
					t.Errorf("accord %s: it holds %q", line, evil)
				}
			}
			if strings.Contains(line, "svg") {
				d := xml.NewDecoder(strings.NewReader(said[max(0, strings.Index(said, "<svg")):]))
				for err := error(nil); err == nil; {
					if _, err = d.Token(); err != nil && !errors.Is(err, io.EOF) && !strings.Contains(said, "level=INFO") {
						t.Errorf("accord %s: %v", line, err)
					}
				}
			}
		case strings.Contains(line, "-markdown"):
			if strings.Contains(said, "<script>") || strings.Contains(said, "<img") {
				t.Errorf("accord %s: Markdown that is more than text:\n%s", line, said)
			}
		case strings.Contains(line, "-json") && !strings.Contains(line, "-json-into"):
			for l := range strings.Lines(said) {
				if !strings.HasPrefix(l, "time=") && !json.Valid([]byte(l)) {
					t.Errorf("accord %s: %q is no JSON", line, l)
				}
			}
		}
	}
	every := func(lines func(verb string) bool) {
		for _, r := range canaryRuns {
			cmd, _, err := testProgram().command().Find(strings.Fields(r.verb))
			p.check(err)
			for _, line := range r.lines {
				if lines(r.verb) {
					p.everyWay(cmd, p.filled(line), r.before, look)
				}
			}
		}
	}
	every(func(string) bool { return true })
	var echoing []failure
	for _, word := range hostileWords {
		echoing = append(echoing, failure{403, map[string]string{"Content-Type": "text/plain"}, word}, failure{207, map[string]string{"Content-Type": "application/xml"},
			`<D:multistatus xmlns:D="DAV:"><D:response><D:href>/&#x202e;</D:href><D:status>HTTP/1.1 403 &#x9b;</D:status><D:responsedescription>` + strings.NewReplacer("&", "&amp;", "<", "&lt;", "\x1b", "", "\x07", "").Replace(word) + `</D:responsedescription></D:response></D:multistatus>`})
	}
	p.server.fail(echoing)
	every(func(verb string) bool {
		return slices.Contains([]string{"check", "plan", "discover", "status", "explain", "conflicts"}, verb)
	})
	if runs < 100 {
		t.Errorf("%d runs", runs)
	}
}

// everyWay runs a line in every form of output.
func (p *aviaryPlace) everyWay(cmd *cobra.Command, line string, before func(*aviaryPlace), each func(line string, code int, said string)) {
	p.t.Helper()
	for _, args := range ways(cmd, line) {
		if before != nil {
			before(p)
		}
		code, said := p.run(args...)
		each(strings.Join(withoutGiven(args), " "), code, said)
	}
}
