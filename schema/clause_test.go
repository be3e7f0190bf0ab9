package schema

import (
	"fmt"
	"strings"
	"testing"
)

// TestFilterExplained: each condition on its own, with what it reads of the item and of the rest; nothing sensitive is among it.
func TestFilterExplained(t *testing.T) {
	tests := []struct {
		filter, event, want string
	}{
		{`contains(item.categories, "Company")`, "CATEGORIES:Private",
			`contains(item.categories, "Company") = false [item.categories=[Private]]`},
		{`contains(item.categories, "Company") && (item.minutes >= 60 && !item.all_day)`, "CATEGORIES:Company",
			`contains(item.categories, "Company") = true [item.categories=[Company]] | item.minutes >= 60 = true [item.minutes=60] | !item.all_day = true [item.all_day=false]`},
		{`item.summary == each.key || item.summary == "y"`, "SUMMARY:z",
			`item.summary == each.key || item.summary == "y" = false [item.summary=z each.key=x]`},
		{`source.labels.team == "sales" && item.priority > 1`, "SUMMARY:x",
			`source.labels.team == "sales" = true [source.labels.team=sales] | item.priority > 1 = item.priority > 1?! [item.priority=<nil>]`},
		{`item.summary == var.secret && var.word == "W"`, "SUMMARY:x",
			`item.summary == var.secret = false [item.summary=x var.secret=sensitive] | var.word == "W" = true [var.word=W]`},
		{`anytrue([for a in item.attendees : a.email == "a@example.com"])`, "ATTENDEE:mailto:b@example.com",
			`anytrue([for a in item.attendees : a.email == "a@example.com"]) = false [item.attendees=[map[email:b@example.com name: role:required status:needs-action]]]`},
	}
	for _, test := range tests {
		t.Run(test.filter, func(t *testing.T) {
			rel := down(t, "filter = "+test.filter, "")
			var said []string
			for _, c := range rel.Filter.Explain(event(t, test.event), rel) {
				var names []string
				for _, n := range c.Names {
					shown := fmt.Sprint(n.Value)
					if n.Sensitive {
						shown = "sensitive"
					}
					names = append(names, n.Name+"="+shown)
				}
				value := fmt.Sprint(c.Holds)
				if c.Error != "" {
					value = c.Text + "?!"
				}
				said = append(said, fmt.Sprintf("%s = %s [%s]", c.Text, value, strings.Join(names, " ")))
			}
			if got := strings.Join(said, " | "); got != test.want {
				t.Errorf("it says\n%s\nwant\n%s", got, test.want)
			}
			if r := rel.Filter.Range(); r.Start.Line == 0 || !strings.HasSuffix(r.Filename, "main.hcl") {
				t.Errorf("it is at %v", r)
			}
		})
	}
}
