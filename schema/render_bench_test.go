package schema

import (
	"testing"

	"github.com/accord-sync/accord/schema/pim"
)

// benchmarked is a relationship with a filter and a template such as an office has, and an item for it.
func benchmarked(b *testing.B) (*Relationship, *pim.Item) {
	w, _, diags := newLoader(b.TempDir(), testOptions()).load([]file{{"main.hcl", []byte(frame + `
template "t" {
  kind    = "calendar"
  privacy = item.private ? "busy" : "full"
  set { summary = "[${var.word}] ${item.summary}" }
}
relationship "r" {
  source      = folder.a
  destination = folder.b["x"]
  profile     = "one_way"
  template    = template.t
  filter      = !item.private && contains(item.categories, "Company")
}`)}})
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	it, err := pim.Parse(pim.Calendar, []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART;TZID=Europe/Paris:20260301T090000\r\nDTEND;TZID=Europe/Paris:20260301T100000\r\nSUMMARY:Standup\r\nCATEGORIES:Company,Weekly\r\n"+
		"LOCATION:Room 1\r\nDESCRIPTION:What we did\\, and what is next.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"))
	if err != nil {
		b.Fatal(err)
	}
	return w.Relations[0], it
}

func BenchmarkMatch(b *testing.B) {
	rel, it := benchmarked(b)
	b.ReportAllocs()
	for b.Loop() {
		if in, err := rel.Filter.Match(it, rel); err != nil || !in {
			b.Fatal(in, err)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	rel, it := benchmarked(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rel.Template.Render(it, rel); err != nil {
			b.Fatal(err)
		}
	}
}
