package words

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/reconcile/plan"
)

func TestRequests(t *testing.T) {
	many := []plan.Requests{{Provider: "provider.caldav.few", AtMost: 1}}
	var sent []plan.Sent
	for i := range 6 {
		many = append(many, plan.Requests{Provider: fmt.Sprintf("provider.caldav.x[%q]", fmt.Sprint(i)), AtMost: 10 + i})
		sent = append(sent, plan.Sent{Provider: fmt.Sprint("provider.caldav.", i), Requests: 7})
	}
	for _, c := range []struct{ got, want string }{
		{Requests(nil), ""},
		{Requests([]plan.Requests{{Provider: "provider.caldav.office", Writes: 46, AtMost: 48, PerMinute: 120, Seconds: 24}, {Provider: "provider.carddav.x", AtMost: 1}}),
			"Requests: at most 48 to provider.caldav.office (24 s at 120 a minute), at most 1 to provider.carddav.x."},
		{Requests(many), `Requests: at most 15 to provider.caldav.x["5"], at most 14 to provider.caldav.x["4"], at most 13 to provider.caldav.x["3"], at most 34 to 4 other providers.`},
		{Sent(nil), ""},
		{Sent(sent[:4]), "Requests sent: 7 to provider.caldav.0, 7 to provider.caldav.1, 7 to provider.caldav.2, 7 to provider.caldav.3."},
		{Sent(sent), "Requests sent: 7 to provider.caldav.0, 7 to provider.caldav.1, 7 to provider.caldav.2, 21 to 3 other providers."},
		{span(90), "90 s"}, {span(91), "2 min"}, {span(5401), "2 h"},
	} {
		if c.got != c.want {
			t.Errorf("%q\nwant\n%q", c.got, c.want)
		}
	}
}
