package davtest

import (
	"strings"
	"testing"
)

// TestPersonalities asks of each what testbed measurements say of the server it is modelled on.
func TestPersonalities(t *testing.T) {
	for name, p := range map[string]struct {
		behaviour                                                     Behaviour
		again, edit, noMatch, wrongDelete, create, uid, foreign, make int // statuses
	}{
		"radicale": {Radicale(), 412, 201, 412, 412, 412, 409, 403, 409},
		"xandikos": {Xandikos(), 412, 204, 412, 412, 412, 207, 500, 207},
		"davical":  {DAViCal(), 412, 204, 412, 412, 412, 201, 207, 405},
		"cyrus":    {Cyrus(), 412, 204, 412, 412, 412, 403, 403, 403},
		"sogo":     {SOGo(), 204, 204, 412, 204, 201, 409, 207, 405},
	} {
		t.Run(name, func(t *testing.T) {
			c := start(t, p.behaviour)
			work := c.s.AddCalendar("alice", "work")
			long := event("a", "DTEND:20270104T110000Z\r\n")
			c.do("PUT", work+"a.ics", long).says(t, 201)
			c.do("PUT", work+"a.ics", long, "If-None-Match: *").says(t, p.again)
			c.do("PUT", work+"a.ics", long).says(t, p.edit)
			c.do("PUT", work+"a.ics", long, `If-Match: "x"`).says(t, p.noMatch)
			c.do("PUT", work+"none.ics", strings.ReplaceAll(long, "UID:a", "UID:none"), `If-Match: "x"`).says(t, p.create)
			c.do("PUT", work+"b.ics", long).says(t, p.uid)
			c.do("DELETE", work+"a.ics", "", `If-Match: "x"`).says(t, p.wrongDelete)
			c.s.Put(work+"a.ics", long)
			c.do("REPORT", work, syncBody("junk")).says(t, p.foreign)
			c.s.Change(func(b *Behaviour) { b.SyncRepeats = 0 })
			token := tokenOf(c.do("REPORT", work, syncBody("")).says(t, 207, "a.ics"))
			c.s.Put(work+"new.ics", event("new", ""))
			c.do("REPORT", work, syncBody(token)).says(t, 207, "new.ics", "!a.ics")
			c.do("MKCALENDAR", work, "").says(t, p.make)
			home := strings.TrimSuffix(work, "work/")
			c.do("PROPFIND", home, propfindBody("<resourcetype/>"), "Depth: 1").says(t, 207, work, "calendar/>")
		})
	}
}

// TestABehaviourIsAValue changes one server, and looks at the next of the same personality.
func TestABehaviourIsAValue(t *testing.T) {
	s := New(Radicale())
	s.Change(func(b *Behaviour) { b.Rewrite[0], b.Hidden[0] = "other", "other" })
	if b := Radicale(); b.Rewrite[0] == "other" || b.Hidden[0] == "other" {
		t.Error("the personality was changed")
	}
}
