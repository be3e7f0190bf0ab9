package main

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/go-ldap/ldap/v3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/schema/pim"
)

// TestMembershipDecides has people come, go, move and change their names in real directories, and looks at each plan. Its script speaks of a directory by
// these commands:
//
//	group NAME MEMBER…    makes a group of people and groups
//	joins NAME GROUP      a person is new, and in a group
//	leaves NAME           the person's entry is deleted
//	moves NAME FROM TO    the person goes from one group to another
//	renames NAME TO       the entry and the person have another name
//	called NAME TITLE     the person has a title
//	book DIR NAME…        an address book holds these contacts and no others
func TestMembershipDecides(t *testing.T) {
	running.Each(t, running.Directories(), func(t *testing.T, server string) {
		var d *company
		command := func(do func(args []string) error) func(*testscript.TestScript, bool, []string) {
			return func(ts *testscript.TestScript, _ bool, args []string) { ts.Check(do(args)) }
		}
		found := running.NewSubtree(t, server)
		d = &company{found, found.Connect(t)}
		testscript.Run(t, testscript.Params{
			Files: []string{filepath.Join(realScripts, "directory.txtar")},
			Setup: func(env *testscript.Env) error {
				env.Setenv("ACCORD_VAR_url", d.LDAPS)
				env.Setenv("ACCORD_VAR_ca_file", d.CAFile)
				env.Setenv("ACCORD_VAR_bind", d.Bind)
				env.Setenv("ACCORD_VAR_password", d.Password)
				env.Setenv("ACCORD_VAR_base", d.Base)
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"exits":   exitsWith,
				"book":    book,
				"group":   command(func(args []string) error { return d.group(args[0], args[1:]) }),
				"joins":   command(func(args []string) error { return d.joins(args[0], args[1]) }),
				"leaves":  command(func(args []string) error { return d.leaves(args[0]) }),
				"moves":   command(func(args []string) error { return d.moves(args[0], args[1], args[2]) }),
				"renames": command(func(args []string) error { return d.renames(args[0], args[1]) }),
				"called":  command(func(args []string) error { return d.replace(d.dn(args[0]), "title", args[1]) }),
			},
		})
	})
}

func book(ts *testscript.TestScript, _ bool, args []string) {
	files, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*.vcf"))
	ts.Check(err)
	var names []string
	for _, name := range files {
		it, err := pim.Parse(pim.Contacts, []byte(ts.ReadFile(name)))
		ts.Check(err)
		names = append(names, it.Title())
	}
	slices.Sort(names)
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(names, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], names, want)
	}
}

// company is what the directory holds.
type company struct {
	running.Directory
	conn *ldap.Conn
}

func (d *company) dn(name string) string { return "cn=" + name + "," + d.Base }

// class is what people, or groups, are called in the directory.
func (d *company) class(active, other string) []string {
	if d.Server == "samba" {
		return []string{active}
	}
	return []string{other}
}

func (d *company) group(name string, members []string) error {
	add := ldap.NewAddRequest(d.dn(name), nil)
	add.Attribute("objectClass", d.class("group", "groupOfNames"))
	for i, m := range members {
		members[i] = d.dn(m)
	}
	add.Attribute("member", members)
	return d.conn.Add(add)
}

func (d *company) joins(name, group string) error {
	add := ldap.NewAddRequest(d.dn(name), nil)
	add.Attribute("objectClass", d.class("contact", "inetOrgPerson"))
	add.Attribute("sn", []string{name})
	add.Attribute("mail", []string{name + "@example.com"})
	if err := d.conn.Add(add); err != nil || group == "-" {
		return err
	}
	return d.member(name, group, (*ldap.ModifyRequest).Add)
}

func (d *company) leaves(name string) error {
	return d.conn.Del(ldap.NewDelRequest(d.dn(name), nil))
}

func (d *company) moves(name, from, to string) error {
	if err := d.member(name, from, (*ldap.ModifyRequest).Delete); err != nil {
		return err
	}
	return d.member(name, to, (*ldap.ModifyRequest).Add)
}

func (d *company) member(name, group string, change func(*ldap.ModifyRequest, string, []string)) error {
	m := ldap.NewModifyRequest(d.dn(group), nil)
	change(m, "member", []string{d.dn(name)})
	return d.conn.Modify(m)
}

func (d *company) renames(name, to string) error {
	if err := d.conn.ModifyDN(ldap.NewModifyDNRequest(d.dn(name), "cn="+to, true, "")); err != nil {
		return err
	}
	return d.replace(d.dn(to), "sn", to)
}

func (d *company) replace(dn, attribute, value string) error {
	m := ldap.NewModifyRequest(dn, nil)
	m.Replace(attribute, []string{value})
	return d.conn.Modify(m)
}
