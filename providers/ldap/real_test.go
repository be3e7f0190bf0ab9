package ldap_test

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/ldap"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/providertest/running"
)

// real is a part of a real directory, which the test has for itself.
type real struct {
	running.Directory
	t      *testing.T
	people *goldap.Conn
}

// each runs a test against every directory that runs.
func each(t *testing.T, test func(t *testing.T, d *real)) {
	running.Each(t, running.Directories(), func(t *testing.T, server string) {
		d := running.NewSubtree(t, server)
		test(t, &real{d, t, d.Connect(t)})
	})
}

func (d *real) active() bool { return d.Server == "samba" }

// key is the attribute that a directory tells entries apart by.
func (d *real) key() string {
	if d.active() {
		return "objectGUID"
	}
	return "entryUUID"
}

// photo is the attribute that contacts have theirs in.
func (d *real) photo() string {
	if d.active() {
		return "thumbnailPhoto"
	}
	return "jpegPhoto"
}

func (d *real) add(rdn string, values map[string][]string) (dn string) {
	d.t.Helper()
	dn = rdn + "," + d.Base
	add := goldap.NewAddRequest(dn, nil)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		add.Attribute(name, values[name])
	}
	if err := d.people.Add(add); err != nil {
		d.t.Fatal(err)
	}
	return dn
}

// person adds one, as contacts are in Active Directory and people elsewhere.
func (d *real) person(name string, more map[string][]string) (dn string) {
	d.t.Helper()
	values := map[string][]string{"objectClass": {"inetOrgPerson"}, "cn": {name}, "sn": {name}, "mail": {name + "@example.com"}}
	if d.active() {
		values["objectClass"] = []string{"contact"}
	}
	maps.Copy(values, more)
	return d.add("cn="+name, values)
}

func (d *real) group(name string, members ...string) (dn string) {
	d.t.Helper()
	class := "groupOfNames"
	if d.active() {
		class = "group"
	}
	return d.add("cn="+name, map[string][]string{"objectClass": {class}, "cn": {name}, "member": members})
}

// change replaces the values of an attribute.
func (d *real) change(dn, attribute string, values ...string) {
	d.t.Helper()
	m := goldap.NewModifyRequest(dn, nil)
	m.Replace(attribute, values)
	if err := d.people.Modify(m); err != nil {
		d.t.Fatal(err)
	}
}

func (d *real) rename(dn, rdn string) {
	d.t.Helper()
	if err := d.people.ModifyDN(goldap.NewModifyDNRequest(dn, rdn, true, "")); err != nil {
		d.t.Fatal(err)
	}
}

// account is what a provider block says.
func (d *real) account(more providers.Attributes) providers.Config {
	a := providers.Attributes{"url": d.LDAPS, "ca_file": d.CAFile, "bind_dn": d.Bind, "bind_password": d.Password, "base": d.Base}
	maps.Copy(a, more)
	return providers.Config{Address: "provider.ldap.real", Attributes: a, Secrets: &providers.Secrets{}}
}

func (d *real) open(more providers.Attributes) providers.Source {
	d.t.Helper()
	return providertest.Open(d.t, ldap.Driver{}, d.account(more)).(providers.Source)
}

// rows gives the rows of a data block by cn.
func (d *real) rows(a providers.Attributes) map[string]providers.Row {
	d.t.Helper()
	rows := map[string]providers.Row{}
	err := d.open(providers.Attributes{"page_size": 3.0}).Rows(d.t.Context(), providers.DataConfig{Address: "data.ldap.x", Attributes: a}, func(r providers.Row) error {
		rows[r["cn"].(string)] = r
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

func (d *real) names(a providers.Attributes) string {
	d.t.Helper()
	whole := providers.Attributes{"filter": "(mail=*)", "attributes": []string{"cn"}}
	maps.Copy(whole, a)
	return strings.Join(slices.Sorted(maps.Keys(d.rows(whole))), " ")
}

func TestRealRows(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		for _, name := range []string{"b", "c", "d", "e", "f", "g", "h"} {
			d.person(name, nil)
		}
		dn := d.person("a", map[string][]string{"telephoneNumber": {"+44 1"}, d.photo(): {"\xff\xd8\xff"}})
		rows := d.rows(providers.Attributes{"filter": "(mail=*)", "attributes": []string{"cn", "mail", "title", d.key(), d.photo()}, "lists": []string{"objectClass", "telephoneNumber"}})
		if len(rows) != 8 {
			t.Errorf("%d of 8 people were read", len(rows))
		}
		a := rows["a"]
		if !strings.EqualFold(a["dn"].(string), dn) || a["mail"] != "a@example.com" || a["title"] != nil || a[d.photo()] != base64.StdEncoding.EncodeToString([]byte("\xff\xd8\xff")) {
			t.Errorf("the row is %v", a)
		}
		if id := a[d.key()].(string); len(id) != 36 || strings.Count(id, "-") != 4 {
			t.Errorf("%s is %q", d.key(), id)
		}
		if !slices.Equal(a["telephoneNumber"].([]string), []string{"+44 1"}) || len(rows["b"]["telephoneNumber"].([]string)) != 0 || len(a["objectClass"].([]string)) < 1 {
			t.Errorf("the lists are %v and %v", a["telephoneNumber"], rows["b"]["telephoneNumber"])
		}
		if got := d.names(providers.Attributes{"scope": "base"}); got != "" {
			t.Errorf("the base alone is %q", got)
		}
		if got := d.names(providers.Attributes{"scope": "one"}); got != "a b c d e f g h" {
			t.Errorf("right below the base are %q", got)
		}
	})
}

// TestRealGroups: groups in groups, of which one is in itself.
func TestRealGroups(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		a, b, c := d.person("a", nil), d.person("b", nil), d.person("c", nil)
		d.person("d", nil)
		inner := d.group("inner", b)
		outer := d.group("outer", a, inner)
		d.change(inner, "member", b, c, outer)
		for groups, want := range map[string]string{inner: "a b c", outer: "a b c", strings.ToUpper(outer): "a b c"} {
			if got := d.names(providers.Attributes{"member_of": []string{groups}}); got != want {
				t.Errorf("in %s are %q, want %q", groups, got, want)
			}
		}
		d.change(inner, "member", c)
		if got := d.names(providers.Attributes{"member_of": []string{outer}}); got != "a c" {
			t.Errorf("without the loop, in outer are %q", got)
		}
		if d.active() {
			if got := d.names(providers.Attributes{"filter": "(&(mail=*)(memberOf:1.2.840.113556.1.4.1941:=" + outer + "))"}); got != "a c" {
				t.Errorf("by Active Directory's own rule, in outer are %q", got)
			}
		}
		if got := d.names(providers.Attributes{"member_of": []string{outer}, "exclude": []string{"(cn=a)"}}); got != "c" {
			t.Errorf("without a, in outer are %q", got)
		}
		err := d.open(nil).Rows(t.Context(), providers.DataConfig{Attributes: providers.Attributes{"filter": "(mail=*)", "member_of": []string{"cn=none," + d.Base}}}, func(providers.Row) error { return nil })
		if providers.ClassOf(err) != providers.Missing || !strings.Contains(err.Error(), "cn=none,") {
			t.Errorf("a group that is not there is %v", err)
		}
	})
}

// TestRealExclusions: what a directory does not know excludes nobody, and hides nobody.
func TestRealExclusions(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		d.person("a", nil)
		d.person("b", map[string][]string{"title": {"Robot"}})
		if got := d.names(providers.Attributes{"exclude": []string{"(title=robot)", "(unheardOf=TRUE)"}}); got != "a" {
			t.Errorf("left are %q, want a", got)
		}
	})
}

// TestRealContacts: a contact is what its entry is, under one name for as long as the entry is there.
func TestRealContacts(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		dn := d.person("a", map[string][]string{"telephoneNumber": {"+44 1"}, d.photo(): {"\xff\xd8\xff\xe0 picture"}})
		p := d.open(nil)
		first := d.only(p, contacts(nil))
		if text := string(first.Item.Bytes()); !strings.Contains(text, "FN:a") || !strings.Contains(text, "+44 1") || !strings.Contains(text, "PHOTO;") || first.Item.UID() == "" {
			t.Errorf("the contact is\n%s", text)
		}
		if again := d.only(p, contacts(nil)); again.Version != first.Version {
			t.Errorf("nothing changed, and its version is %q and %q", first.Version, again.Version)
		}
		versions := map[string]string{first.Version: "the first"}
		for _, number := range []string{"+44 2", "+44 3", "+44 4"} { // all within a second
			d.change(dn, "telephoneNumber", number)
			got := d.only(p, contacts(nil))
			if other := versions[got.Version]; other != "" || !strings.Contains(string(got.Item.Bytes()), number) {
				t.Errorf("with %s, the version is that of %s:\n%s", number, other, got.Item.Bytes())
			}
			versions[got.Version] = number
		}
		d.rename(dn, "cn=b")
		got := d.only(p, contacts(nil))
		if got.Ref != first.Ref || got.Item.UID() != first.Item.UID() || got.Item.Title() != "b" || versions[got.Version] != "" {
			t.Errorf("renamed, it is %q (%s) with the version of %q, and was %q (%s)", got.Ref, got.Item.Title(), versions[got.Version], first.Ref, first.Item.Title())
		}
	})
}

// only is the one contact of a folder, which is listed and fetched at one version.
func (d *real) only(p providers.Provider, cfg providers.FolderConfig) providers.Fetched {
	d.t.Helper()
	f := open(d.t, p, cfg)
	versions, read := list(d.t, f)
	if len(versions) != 1 || !read.Complete || !read.Full {
		d.t.Fatalf("listed are %v, %+v", versions, read)
	}
	for ref, version := range versions {
		a := fetch(d.t, f, ref)[ref]
		if a.Err != nil || a.Version != version {
			d.t.Fatalf("it is listed at version %q and fetched at %q: %v", version, a.Version, a.Err)
		}
		return a
	}
	return providers.Fetched{}
}

// TestRealMembership: directories note a change of membership at the group alone.
func TestRealMembership(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		a, b := d.person("a", nil), d.person("b", nil)
		group := d.group("g", a)
		p := d.open(nil)
		cfg := contacts(providers.Attributes{"search_filter": "(cn=b)", "lists": []string{"memberOf"}})
		before := d.only(p, cfg)
		d.change(group, "member", a, b)
		if after := d.only(p, cfg); after.Version == before.Version {
			t.Error("b is in a group now, and its version is the same")
		}
		in := contacts(providers.Attributes{"member_of": []string{group}})
		if versions, _ := list(t, open(t, p, in)); len(versions) != 2 {
			t.Errorf("in the group are %v", versions)
		}
		d.change(group, "member", b)
		f := open(t, p, in)
		versions, _ := list(t, f)
		var gone string
		all, _ := list(t, open(t, p, contacts(nil)))
		for ref := range all {
			if versions[ref] == "" && fetch(t, open(t, p, contacts(nil)), ref)[ref].Item.Title() == "a" {
				gone = ref
			}
		}
		if got := fetch(t, f, gone)[gone]; providers.ClassOf(got.Err) != providers.Missing {
			t.Errorf("who left the group is %v", got.Err)
		}
	})
}

func TestRealConnections(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		plain := providers.Attributes{"url": d.URL, "start_tls": true}
		for name, test := range map[string]struct {
			attributes providers.Attributes
			class      providers.Class
			want       string
		}{
			"LDAPS":                  {nil, providers.Done, ""},
			"StartTLS":               {plain, providers.Done, ""},
			"wrong password":         {providers.Attributes{"bind_password": "Wrong.pw1"}, providers.Unauthorized, "correct bind_dn and bind_password"},
			"LDAPS, unknown signer":  {providers.Attributes{"ca_file": ""}, providers.Unreachable, "name the certificate of whoever has in ca_file"},
			"StartTLS, unknown":      {providers.Attributes{"url": d.URL, "start_tls": true, "ca_file": ""}, providers.Unreachable, "name the certificate of whoever has in ca_file"},
			"LDAPS where LDAP is":    {providers.Attributes{"url": "ldaps" + strings.TrimPrefix(d.URL, "ldap") + portOf(d.URL)}, providers.Unreachable, ""},
			"nobody, in the open":    {providers.Attributes{"url": d.URL, "bind_dn": nil, "bind_password": nil}, "", ""},
			"base that is not there": {providers.Attributes{"base": "ou=none," + d.Base}, providers.Missing, "correct the base"},
		} {
			t.Run(name, func(t *testing.T) {
				cfg := d.account(test.attributes)
				maps.DeleteFunc(cfg.Attributes, func(_ string, v any) bool { return v == nil })
				p := providertest.Open(t, ldap.Driver{}, cfg)
				err := p.Check(t.Context())
				if err == nil {
					_, err = p.Folder(t.Context(), contacts(nil))
				}
				class := providers.ClassOf(err)
				if test.class == "" {
					if class != providers.Unauthorized && class != providers.Missing {
						t.Errorf("the error is %v (%s)", err, class)
					}
					return
				}
				if class != test.class || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("the error is %v (%s), want one of class %s that says %q", err, class, test.class, test.want)
				}
				if err != nil && strings.Contains(err.Error(), "Wrong.pw1") {
					t.Errorf("the error shows the password: %v", err)
				}
			})
		}
	})
}

// portOf is the port of plain LDAP where an address says none.
func portOf(url string) string {
	if strings.Count(url, ":") > 1 {
		return ""
	}
	return ":389"
}

func TestRealDiscovery(t *testing.T) {
	each(t, func(t *testing.T, d *real) {
		d.person("a", nil)
		d.person("b", nil)
		d.add("ou=more", map[string][]string{"objectClass": {"organizationalUnit"}, "ou": {"more"}})
		found, err := d.open(nil).Discover(t.Context())
		if err != nil || len(found) != 1 || found[0].Items != 2 || !strings.EqualFold(found[0].Attributes.String("search_base"), d.Base) {
			t.Fatalf("found are %+v (%v)", found, err)
		}
		cfg := contacts(found[0].Attributes)
		if versions, _ := list(t, open(t, d.open(nil), cfg)); len(versions) != 2 {
			t.Errorf("in what was found are %v", versions)
		}
	})
}
