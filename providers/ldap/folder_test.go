package ldap_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// contacts is a folder block.
func contacts(attributes providers.Attributes) providers.FolderConfig {
	if attributes == nil {
		attributes = providers.Attributes{}
	}
	return providers.FolderConfig{Address: "folder.people", Kind: pim.Contacts, ReadOnly: true, Attributes: attributes}
}

func open(t *testing.T, p providers.Provider, cfg providers.FolderConfig) providers.Folder {
	t.Helper()
	f, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// list is the versions of a folder, by ref.
func list(t *testing.T, f providers.Folder) (map[string]string, providers.Read) {
	t.Helper()
	versions := map[string]string{}
	read, err := f.Changes(t.Context(), "", func(c providers.Change) error {
		if _, twice := versions[c.Ref]; twice || c.Ref == "" {
			t.Errorf("%q is listed twice, or is no ref", c.Ref)
		}
		versions[c.Ref] = c.Version
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return versions, read
}

func fetch(t *testing.T, f providers.Folder, refs ...string) map[string]providers.Fetched {
	t.Helper()
	found := map[string]providers.Fetched{}
	if err := f.Fetch(t.Context(), refs, func(a providers.Fetched) error { found[a.Ref] = a; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(found) != len(refs) {
		t.Errorf("%d answers for %d refs", len(found), len(refs))
	}
	return found
}

// entries is a fake directory of entries, of which it finds those whose key a filter names, or all.
func entries(all *[]*goldap.Entry) *fake {
	return &fake{search: func(q asked) reply {
		if q.base == "dc=example" && q.size == 0 {
			return reply{entries: []*goldap.Entry{goldap.NewEntry(q.base, map[string][]string{"entryUUID": {"root"}})}}
		}
		var found []*goldap.Entry
		for _, e := range *all {
			if !strings.Contains(q.filter, "entryUUID=") || strings.Contains(q.filter, "(entryUUID="+e.GetAttributeValue("entryUUID")+")") {
				found = append(found, e)
			}
		}
		return paged(found, q)
	}}
}

func TestUsualContact(t *testing.T) {
	all := []*goldap.Entry{goldap.NewEntry("uid=ann,dc=example", map[string][]string{
		"entryUUID": {"1"}, "cn": {"Ann Doe"}, "givenName": {"Ann"}, "sn": {"Doe"}, "mail": {"ann@example.com", "doe@example.com"}, "telephoneNumber": {"+44 1"},
		"mobile": {"+44 2"}, "homePhone": {"+44 3"}, "title": {"Chair"}, "o": {"Example"}, "ou": {"Board"}, "street": {"1 Road"}, "l": {"Town"}, "postalCode": {"AB1"},
		"labeledURI": {"https://example.com/ann her page"}, "jpegPhoto": {"\xff\xd8\xff\xe0 a picture"}, "description": {"earns too much"},
	})}
	f := open(t, entries(&all).directory(t, nil), contacts(nil))
	a := fetch(t, f, "1")["1"]
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	got := strings.ReplaceAll(string(a.Item.Bytes()), "\r\n ", "")
	for _, want := range []string{
		"FN:Ann Doe", "N:Doe;Ann;;;", "EMAIL;TYPE=work:ann@example.com", "EMAIL;TYPE=work:doe@example.com", "TEL;TYPE=work:+44 1", "TEL;TYPE=cell:+44 2", "TITLE:Chair",
		"ORG:Example;Board", "ADR;TYPE=work:;;1 Road;Town;;AB1;", "URL;TYPE=work:https://example.com/ann\r\n", "PHOTO;ENCODING=b",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
	for _, no := range []string{"+44 3", "earns"} {
		if strings.Contains(got, no) {
			t.Errorf("%q is there:\n%s", no, got)
		}
	}
	if can := f.Capabilities(); !can.ReadOnly || can.Feed || !can.Holds("photo") || can.Holds("note") {
		t.Errorf("it can %+v", can)
	}
	if f.Identity() != "root" {
		t.Errorf("it is %q", f.Identity())
	}
}

// TestVersions: what each kind of directory keeps for it tells that an entry changed, and where that is not enough, the content does.
func TestVersions(t *testing.T) {
	const old, recent = "20200101000000Z", "20990101000000Z"
	type values = map[string][]string
	for _, test := range []struct {
		name          string
		attributes    providers.Attributes
		before, after values
		same          bool
	}{
		{"time of long ago", nil, values{"modifyTimestamp": {old}, "cn": {"A"}}, values{"modifyTimestamp": {old}, "cn": {"B"}}, true},
		{"another time", nil, values{"modifyTimestamp": {old}}, values{"modifyTimestamp": {"20200101000001Z"}}, false},
		{"time of just now, other content", nil, values{"modifyTimestamp": {recent}, "cn": {"A"}}, values{"modifyTimestamp": {recent}, "cn": {"B"}}, false},
		{"time of just now", nil, values{"modifyTimestamp": {recent}, "cn": {"A"}}, values{"modifyTimestamp": {recent}, "cn": {"A"}}, true},
		{"no time, other content", nil, values{"cn": {"A"}}, values{"cn": {"B"}}, false},
		{"no time", nil, values{"cn": {"A"}}, values{"cn": {"A"}}, true},
		{"CSN within a second", nil, values{"modifyTimestamp": {old}, "entryCSN": {"20200101000000.000001Z#000000#000#000000"}}, values{"modifyTimestamp": {old}, "entryCSN": {"20200101000000.000002Z#000000#000#000000"}}, false},
		{"number without a copy to count in", nil, values{"uSNChanged": {"7"}, "cn": {"A"}}, values{"uSNChanged": {"7"}, "cn": {"B"}}, false},
		{"content compared", providers.Attributes{"version": "content"}, values{"modifyTimestamp": {old}, "cn": {"A"}}, values{"modifyTimestamp": {old}, "cn": {"B"}}, false},
		{"membership", providers.Attributes{"lists": []string{"memberOf"}}, values{"modifyTimestamp": {old}, "memberOf": {"cn=a"}}, values{"modifyTimestamp": {old}, "memberOf": {"cn=b"}}, false},
		{"order of values", providers.Attributes{"lists": []string{"memberOf"}}, values{"memberOf": {"cn=a", "cn=b"}}, values{"memberOf": {"cn=b", "cn=a"}}, true},
		{"named attribute", providers.Attributes{"version": "revision"}, values{"revision": {"1"}, "modifyTimestamp": {old}}, values{"revision": {"2"}, "modifyTimestamp": {old}}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var all []*goldap.Entry
			p := entries(&all).directory(t, nil)
			version := func(v values) string {
				v = maps.Clone(v)
				v["entryUUID"] = []string{"1"}
				all = []*goldap.Entry{goldap.NewEntry("uid=ann,dc=example", v)}
				f := open(t, p, contacts(test.attributes))
				versions, _ := list(t, f)
				if v["cn"] != nil {
					if got := fetch(t, f, "1")["1"].Version; got != versions["1"] {
						t.Errorf("it is fetched at version %q and listed at %q", got, versions["1"])
					}
				}
				return versions["1"]
			}
			before, after := version(test.before), version(test.after)
			if before == "" || (before == after) != test.same {
				t.Errorf("versions are %q and %q, and are to be the same: %v", before, after, test.same)
			}
		})
	}
}

// TestOtherFieldsOtherVersions: whoever changes what contacts are made of has them read again.
func TestOtherFieldsOtherVersions(t *testing.T) {
	all := people(1)
	p := entries(&all).directory(t, nil)
	seen := map[string]string{}
	for name, a := range map[string]providers.Attributes{"usual": nil, "another": {"attributes": []string{"employeeType"}}, "mapped": {"fields": fields("a")}, "mapped otherwise": {"fields": fields("b")}} {
		versions, _ := list(t, open(t, p, contacts(a)))
		if other := seen[versions["p0"]]; other != "" {
			t.Errorf("%s has the version of %s", name, other)
		}
		seen[versions["p0"]] = name
	}
}

// fields makes the name of uid and mail.
func fields(identity string) providers.Mapping {
	return providers.Mapping{Names: []string{"name"}, Columns: map[string][]string{"name": {"uid", "mail"}}, Identity: identity, Of: func(rows []providers.Row) (map[string]any, error) {
		return map[string]any{"name": fmt.Sprint(rows[0]["uid"], " ", rows[0]["mail"])}, nil
	}}
}

// TestFieldsAskForTheirColumns: what expressions name need not be listed.
func TestFieldsAskForTheirColumns(t *testing.T) {
	all := people(1)
	d := entries(&all)
	f := open(t, d.directory(t, nil), contacts(providers.Attributes{"fields": fields("")}))
	if a := fetch(t, f, "p0")["p0"]; a.Err != nil || a.Item.Title() != "p0 p0@example.com" {
		t.Errorf("the contact is %v (%v)", a.Item, a.Err)
	}
	last := d.asked[len(d.asked)-1].attributes
	if !slices.Contains(last, "uid") || !slices.Contains(last, "mail") || slices.Contains(last, "jpegPhoto") {
		t.Errorf("asked for are %q", last)
	}
	if can := f.Capabilities(); can.Holds("emails") || !can.Holds("name") {
		t.Errorf("it can %+v", can)
	}
}

func TestDuplicateKey(t *testing.T) {
	all := people(3)
	twin := map[string][]string{"entryUUID": {"p1"}, "cn": {"Twin"}} // without a stamp
	all[2] = goldap.NewEntry("uid=other,dc=example", twin)
	f := open(t, entries(&all).directory(t, nil), contacts(nil))
	versions, got := list(t, f)
	if len(versions) != 2 || !got.Complete {
		t.Errorf("listed are %v, %+v", versions, got)
	}
	a := fetch(t, f, "p0", "p1")
	if a["p0"].Err != nil || providers.ClassOf(a["p1"].Err) != providers.Refused || !strings.Contains(a["p1"].Err.Error(), `"uid=other,dc=example" and "uid=p1,dc=example"`) {
		t.Errorf("fetched are %v and %v", a["p0"].Err, a["p1"].Err)
	}
	if a["p1"].Version != versions["p1"] {
		t.Errorf("the one that is two has version %q and %q", a["p1"].Version, versions["p1"])
	}
}

// TestNoKey: an entry that cannot be told from others makes the listing partial, so that nothing is deleted.
func TestNoKey(t *testing.T) {
	all := append(people(2), goldap.NewEntry("cn=nameless,dc=example", map[string][]string{"cn": {"Nameless"}}))
	versions, got := list(t, open(t, entries(&all).directory(t, nil), contacts(nil)))
	if len(versions) != 2 || got.Complete || !strings.Contains(got.Reason, `1 entries have no entryUUID`) || !strings.Contains(got.Reason, "cn=nameless,dc=example") {
		t.Errorf("listed are %v, %+v", versions, got)
	}
}

func TestGone(t *testing.T) {
	all := people(1)
	p := entries(&all).directory(t, nil)
	if a := fetch(t, open(t, p, contacts(nil)), "p0", "p9", ""); a["p0"].Err != nil || providers.ClassOf(a["p9"].Err) != providers.Missing || providers.ClassOf(a[""].Err) != providers.Missing {
		t.Errorf("fetched are %v", a)
	}
	f := &fake{search: func(asked) reply { return reply{code: goldap.LDAPResultNoSuchObject} }}
	if _, err := f.directory(t, nil).Folder(t.Context(), contacts(nil)); providers.ClassOf(err) != providers.Missing {
		t.Errorf("a base that is not there is %v", err)
	}
}

func TestUnfitEntry(t *testing.T) {
	all := []*goldap.Entry{goldap.NewEntry("uid=ann,dc=example", map[string][]string{"entryUUID": {"1"}, "uid": {"ann"}})}
	a := fetch(t, open(t, entries(&all).directory(t, nil), contacts(nil)), "1")["1"]
	if providers.ClassOf(a.Err) != providers.Refused || !strings.Contains(a.Err.Error(), `"uid=ann,dc=example"`) || !strings.Contains(a.Err.Error(), "name") {
		t.Errorf("an entry without a name is %v", a.Err)
	}
}

func TestWritesNothing(t *testing.T) {
	all := people(1)
	p := entries(&all).directory(t, nil)
	out := open(t, p, contacts(nil)).Write(t.Context(), []providers.Write{{Kind: providers.Delete, Ref: "p0"}})
	if len(out) != 1 || out[0].Class != providers.Refused || out[0].Err == nil {
		t.Errorf("the outcome is %+v", out)
	}
	if err := p.CreateFolder(t.Context(), contacts(nil)); providers.ClassOf(err) != providers.Refused {
		t.Errorf("making a folder gives %v", err)
	}
}
