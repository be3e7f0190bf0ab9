package pim

import (
	"slices"
	"testing"
)

func TestInvited(t *testing.T) {
	for body, want := range map[string][]string{
		"SUMMARY:s": nil,
		"SUMMARY:s\nORGANIZER:mailto:jane@x\nATTENDEE:MAILTO:Jane@x\nATTENDEE;CN=B:mailto:b@x\nATTENDEE:mailto:A@x\nATTENDEE:mailto:a@x":           {"a@x", "b@x"},
		"SUMMARY:s\nATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:a@x\nATTENDEE;SCHEDULE-AGENT=none:mailto:b@x\nATTENDEE;SCHEDULE-AGENT=server:mailto:c@x": {"c@x"},
		"SUMMARY:s\nATTENDEE:mailto:a@x\nBEGIN:VALARM\nACTION:EMAIL\nTRIGGER:-PT15M\nATTENDEE:mailto:me@x\nEND:VALARM\nATTENDEE:urn:uuid:1":        {"a@x", "urn:uuid:1"},
	} {
		it := parse(t, Calendar, frame(Calendar, body))
		if got := it.Invited(); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", body, got, want)
		}
		if got := it.WithScheduleAgent("CLIENT").Invited(); len(got) > 0 {
			t.Errorf("%q: a client tells all, and the server %q", body, got)
		}
	}
	card, err := Parse(Contacts, []byte("BEGIN:VCARD\r\nVERSION:4.0\r\nUID:1\r\nFN:A\r\nEND:VCARD\r\n"))
	if err != nil || card.Invited() != nil {
		t.Errorf("a contact invites %v, %v", card.Invited(), err)
	}
}
