package faults_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/schema/pim"
)

// What a store says in other words means the same, and is not the same text.
func TestRestyled(t *testing.T) {
	for kind, text := range map[pim.Kind]string{
		pim.Calendar: "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nBEGIN:VEVENT\nUID:one\nDTSTAMP:20260101T000000Z\nSEQUENCE:1\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\n" +
			"SUMMARY:A title that is folded be\n cause it is long\nATTENDEE;CN=Ann:mailto:ann@example.com\nATTENDEE;CN=Ben:mailto:ben@example.com\n" +
			"BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nEND:VALARM\nEND:VEVENT\n" +
			"BEGIN:VEVENT\nUID:one\nRECURRENCE-ID:20260303T090000Z\nDTSTAMP:20260101T000000Z\nDTSTART:20260303T100000Z\nSUMMARY:Later\nEND:VEVENT\nEND:VCALENDAR\n",
		pim.Contacts: "BEGIN:VCARD\nVERSION:4.0\nUID:one\nFN:Ann\nN:Lee;Ann;;;\nitem1.TEL;TYPE=work:+1 2\nitem1.X-ABLABEL:Desk\nTEL;TYPE=home:+1 3\nREV:20260101T000000Z\nEND:VCARD\n",
		pim.Tasks:    "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nBEGIN:VTODO\nUID:one\nDTSTAMP:20260101T000000Z\nDUE:20260302T090000Z\nSUMMARY:Call\nEND:VTODO\nEND:VCALENDAR\n",
	} {
		it, err := pim.Parse(kind, []byte(strings.ReplaceAll(text, "\n", "\r\n")))
		if err != nil {
			t.Fatal(err)
		}
		it = it.WithMarker(&pim.Marker{Workspace: "office", Relationship: "relationship.x", Original: "one", Status: pim.Live, UID: "one"})
		other := faults.Restyled(it)
		was, _ := it.Marker()
		is, _ := other.Marker()
		if !other.Fields().Equal(it.Fields()) || other.UID() != it.UID() || is != was || bytes.Equal(other.Bytes(), it.Bytes()) {
			t.Errorf("%s was\n%s\nand is\n%s", kind, it.Bytes(), other.Bytes())
		}
	}
}

// A store that says that a write failed, and did it, did it.
func TestFailAfter(t *testing.T) {
	x := newFixture(t, faults.Always(faults.Fault{Effect: faults.FailAfter, Class: providers.Transient}, faults.Create))
	out := x.folder.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: event(t, "new", "New")}})
	if out[0].Class != providers.Transient || len(x.person.Items()) != 4 {
		t.Errorf("the outcome is %+v, and the folder holds %d items", out[0], len(x.person.Items()))
	}
}
