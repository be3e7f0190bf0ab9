package pim

import (
	"slices"
	"strings"
	"testing"
)

// TestRenamed: what refers to other items names others, and says all else as before.
func TestRenamed(t *testing.T) {
	for _, test := range []struct {
		kind          Kind
		field         string
		line, renamed string
	}{
		{Calendar, "related_to", "RELATED-TO;RELTYPE=SIBLING;X-A=\"b;c\":a", "RELATED-TO;RELTYPE=SIBLING;X-A=\"b;c\":new\\,a"},
		{Tasks, "related_to", "RELATED-TO;RELTYPE=CHILD:a", "RELATED-TO;RELTYPE=CHILD:new\\,a"},
		{Tasks, "parent", "RELATED-TO:a", "RELATED-TO:new\\,a"},
		{Contacts, "members", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:new,a"},
	} {
		lines := []string{"UID:x", test.line, strings.Replace(test.line, ":a", ":b", 1)}
		if test.field == "parent" {
			lines = lines[:2]
		}
		it := matchable(t, test.kind, lines...)
		value := it.Fields()[test.field]
		if got := value.UIDs(); got[0] != "a" {
			t.Fatalf("%s names %v", test.line, got)
		}
		same, changed := value.Renamed(func(uid string) string { return uid })
		if changed || !same.Equal(value) {
			t.Errorf("%s: nothing is renamed, and it changes", test.line)
		}
		renamed, changed := value.Renamed(func(uid string) string { return strings.Replace(uid, "a", "new,a", 1) })
		after := it.WithFields(Fields{test.field: renamed})
		if !changed || !strings.Contains(string(after.Bytes()), test.renamed+"\r\n") || !after.Fields()[test.field].Equal(renamed) {
			t.Errorf("%s becomes\n%s", test.line, after.Bytes())
		}
		if !slices.Contains(after.Fields()[test.field].UIDs(), "new,a") || value.UIDs()[0] != "a" {
			t.Errorf("%s names %v, and before %v", test.line, after.Fields()[test.field].UIDs(), value.UIDs())
		}
	}
}
