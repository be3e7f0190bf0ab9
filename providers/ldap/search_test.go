package ldap_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// read gives the column uid of all rows.
func read(t *testing.T, p providers.Source, attributes providers.Attributes) ([]string, error) {
	t.Helper()
	a := providers.Attributes{"filter": "(uid=*)", "attributes": []string{"uid"}}
	for name, v := range attributes {
		a[name] = v
	}
	var uids []string
	err := p.Rows(t.Context(), providers.DataConfig{Address: "data.ldap.people", Attributes: a}, func(r providers.Row) error {
		uid, _ := r["uid"].(string)
		uids = append(uids, uid)
		return nil
	})
	return uids, err
}

func TestPages(t *testing.T) {
	for _, n := range []int{0, 1, 6, 7, 13} {
		f := &fake{search: func(q asked) reply { return paged(people(n), q) }}
		uids, err := read(t, f.directory(t, providers.Attributes{"page_size": 3.0}), nil)
		if err != nil || len(uids) != n {
			t.Errorf("of %d entries %d were read (%v)", n, len(uids), err)
		}
		if want := max(1, (n+2)/3); len(f.asked) != want+1 {
			t.Errorf("%d entries took %d requests, want %d and one for what the directory is", n, len(f.asked), want+1)
		}
	}
}

// TestColumns: whoever has rows knows the columns before the first, also when there is none.
func TestColumns(t *testing.T) {
	f := &fake{search: func(q asked) reply { return paged(nil, q) }}
	var columns []string
	err := f.directory(t, nil).Rows(t.Context(), providers.DataConfig{
		Attributes: providers.Attributes{"filter": "(uid=*)", "attributes": []string{"uid", "dn"}, "lists": []string{"mail"}},
		Columns:    func(names []string) { columns = names },
	}, func(providers.Row) error { return nil })
	if err != nil || strings.Join(columns, " ") != "dn uid mail" {
		t.Errorf("the columns are %q (%v)", columns, err)
	}
}

func TestServerWithoutPages(t *testing.T) {
	f := &fake{search: func(asked) reply { return reply{entries: people(5), unpaged: true} }}
	if uids, err := read(t, f.directory(t, nil), nil); err != nil || len(uids) != 5 {
		t.Errorf("%d were read (%v)", len(uids), err)
	}
}

// TestCutShort: whatever keeps a directory from giving all entries is an error, which says of what class it is and what to do.
func TestCutShort(t *testing.T) {
	onSecond := func(r reply) func(asked) reply {
		return func(q asked) reply {
			if q.cookie == "" {
				return paged(people(5), q)
			}
			return r
		}
	}
	for _, test := range []struct {
		name   string
		search func(asked) reply
		class  providers.Class
		want   string
	}{
		{"connection ends", onSecond(reply{entries: people(2), cut: true}), providers.Transient, "search"},
		{"connection ends at once", func(asked) reply { return reply{cut: true} }, providers.Transient, "search"},
		{"size limit", onSecond(reply{entries: people(2), code: goldap.LDAPResultSizeLimitExceeded}), providers.Refused, "size.prtotal=unlimited"},
		{"administrative limit", onSecond(reply{code: goldap.LDAPResultAdminLimitExceeded}), providers.Refused, "no more entries"},
		{"time limit", onSecond(reply{code: goldap.LDAPResultTimeLimitExceeded}), providers.Transient, "indexed"},
		{"busy", onSecond(reply{code: goldap.LDAPResultBusy}), providers.Transient, "busy"},
		{"unavailable", onSecond(reply{code: goldap.LDAPResultUnavailable}), providers.Transient, "unavailable"},
		{"not there", onSecond(reply{code: goldap.LDAPResultNoSuchObject}), providers.Missing, "correct the base"},
		{"not allowed", onSecond(reply{code: goldap.LDAPResultInsufficientAccessRights}), providers.Unauthorized, "ask for access"},
		{"not encrypted", onSecond(reply{code: goldap.LDAPResultConfidentialityRequired}), providers.Refused, "start_tls"},
		{"nobody has signed in", onSecond(reply{code: goldap.LDAPResultOperationsError, words: "bind first"}), providers.Unauthorized, "operations error (bind first): write bind_dn and bind_password"},
		{"elsewhere", onSecond(reply{code: goldap.LDAPResultReferral}), providers.Refused, "another server"},
		{"unknown code", onSecond(reply{code: 4711, words: "who\x00 knows"}), providers.Refused, "result 4711 (who knows)"},
		{"no word on further pages", onSecond(reply{entries: people(2), unpaged: true}), providers.Transient, "more pages"},
		{"the same page for ever", onSecond(reply{cookie: "2"}), providers.Transient, "again and again"},
		{"a part is elsewhere", onSecond(reply{referrals: []string{"ldap://child.example/dc=child,dc=example??sub"}}), providers.Refused, "ldap://child.example/dc=child"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &fake{search: func(q asked) reply {
				if q.base == "dc=example" && q.size == 0 {
					return reply{entries: []*goldap.Entry{goldap.NewEntry(q.base, map[string][]string{"entryUUID": {"root"}})}}
				}
				return test.search(q)
			}}
			p := f.directory(t, providers.Attributes{"page_size": 2.0})
			_, err := read(t, p, nil)
			if providers.ClassOf(err) != test.class || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the error is %v (%s), want one of class %s that says %q", err, providers.ClassOf(err), test.class, test.want)
			}
			folder, err := p.Folder(t.Context(), contacts(nil))
			if err != nil {
				t.Fatal(err)
			}
			got, err := folder.Changes(t.Context(), "", func(providers.Change) error { return nil })
			if providers.ClassOf(err) != test.class || got.Complete {
				t.Errorf("the folder was read as %+v, %v", got, err)
			}
		})
	}
}

func TestReferrals(t *testing.T) {
	own := []string{"ldap://example/CN=Configuration,DC=example", "ldap://example/DC=DomainDnsZones,DC=example", "ldap://example/DC=ForestDnsZones,DC=example"}
	f := &fake{search: func(asked) reply { return reply{entries: people(1), referrals: own} }}
	if uids, err := read(t, f.directory(t, nil), nil); err != nil || len(uids) != 1 {
		t.Errorf("with Active Directory's own bookkeeping, %d were read: %v", len(uids), err)
	}
	f = &fake{search: func(asked) reply {
		return reply{entries: people(1), referrals: []string{"ldap://child.example/dc=child,dc=example"}}
	}}
	if uids, err := read(t, f.directory(t, providers.Attributes{"ignore_referrals": true}), nil); err != nil || len(uids) != 1 {
		t.Errorf("with ignore_referrals, %d were read: %v", len(uids), err)
	}
}

// TestRanges: Active Directory gives 1,500 values at a time.
func TestRanges(t *testing.T) {
	var members []string
	for i := range 4000 {
		members = append(members, fmt.Sprintf("uid=p%d,dc=example", i))
	}
	const most = 1500
	shrinks := false
	f := &fake{search: func(q asked) reply {
		if q.base != "cn=staff,dc=example" {
			if strings.Contains(q.filter, "groupOfNames") {
				return paged(nil, q)
			}
			return paged(people(4500), q)
		}
		from := 0
		if !slices.Contains(q.attributes, "member") {
			if _, err := fmt.Sscanf(q.attributes[0], "member;range=%d-*", &from); err != nil {
				t.Error(err)
			}
		}
		if from > 0 && shrinks {
			return reply{entries: []*goldap.Entry{goldap.NewEntry(q.base, nil)}}
		}
		name, to := fmt.Sprintf("member;range=%d-%d", from, from+most-1), from+most
		if to >= len(members) {
			name, to = fmt.Sprintf("member;range=%d-*", from), len(members)
		}
		return reply{entries: []*goldap.Entry{goldap.NewEntry(q.base, map[string][]string{"member": nil, name: members[from:to]})}}
	}}
	p := f.directory(t, nil)
	in := providers.Attributes{"member_of": []string{"CN=staff, DC=example"}}
	f.search = normalized(f.search)
	if uids, err := read(t, p, in); err != nil || len(uids) != 4000 {
		t.Errorf("%d of 4000 members were read: %v", len(uids), err)
	}
	shrinks = true
	if _, err := read(t, p, in); providers.ClassOf(err) != providers.Transient || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("a group that shrinks while it is read gives %v", err)
	}
}

// normalized has a search asked by base as a directory understands it.
func normalized(search func(asked) reply) func(asked) reply {
	return func(q asked) reply {
		q.base = strings.ToLower(strings.ReplaceAll(q.base, ", ", ","))
		return search(q)
	}
}

func TestSignIn(t *testing.T) {
	f := &fake{bind: goldap.LDAPResultInvalidCredentials}
	p := f.directory(t, providers.Attributes{"bind_dn": "cn=reader", "bind_password": "secret"})
	err := p.Check(t.Context())
	if providers.ClassOf(err) != providers.Unauthorized || !strings.Contains(err.Error(), "the account is locked): correct bind_dn and bind_password") {
		t.Errorf("the error is %v", err)
	}
	f.words = "who says secret-word?"
	p = f.directory(t, providers.Attributes{"bind_dn": "cn=reader", "bind_password": "secret-word"})
	if err := p.Check(t.Context()); err == nil || strings.Contains(err.Error(), "secret-word") || !strings.Contains(err.Error(), "who says (sensitive)?") {
		t.Errorf("a server that repeats the password gives %v", err)
	}
	f.bind = 0
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestEnded(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	f := &fake{search: func(asked) reply { cancel(errors.New("enough")); return reply{silent: true} }}
	err := f.directory(t, nil).Rows(ctx, providers.DataConfig{Attributes: providers.Attributes{"filter": "(uid=*)"}}, func(providers.Row) error { return nil })
	if providers.ClassOf(err) != providers.Transient || !strings.Contains(err.Error(), "enough") {
		t.Errorf("the error is %v", err)
	}
}

func TestSilence(t *testing.T) {
	f := &fake{search: func(asked) reply { return reply{entries: people(1), silent: true} }}
	began := time.Now()
	_, err := read(t, f.directory(t, providers.Attributes{"timeout": "50ms"}), nil)
	if providers.ClassOf(err) != providers.Transient || !strings.Contains(err.Error(), "within 50ms: raise timeout") || time.Since(began) > 10*time.Second {
		t.Errorf("after %s the error is %v", time.Since(began), err)
	}
}

func TestUnreachable(t *testing.T) {
	f := &fake{search: func(q asked) reply { return paged(people(1), q) }}
	p := f.directory(t, providers.Attributes{"url": "ldap://127.0.0.1:1"})
	if err := p.Check(t.Context()); providers.ClassOf(err) != providers.Unreachable {
		t.Errorf("the error is %v", err)
	}
}

// gate counts what passes it.
type gate struct {
	passed, done atomic.Int32
	hosts        sync.Map
}

func (g *gate) Pass(_ context.Context, host string) (func(), error) {
	g.passed.Add(1)
	g.hosts.Store(host, true)
	return func() { g.done.Add(1) }, nil
}
func (g *gate) Hold(time.Duration) {}

// TestEachRequestPassesTheGate: to connect, to sign in, to ask what the directory is, and for each page.
func TestEachRequestPassesTheGate(t *testing.T) {
	g := &gate{}
	f := &fake{gate: g, search: func(q asked) reply { return paged(people(5), q) }}
	p := f.directory(t, providers.Attributes{"page_size": 2.0, "bind_dn": "cn=reader", "bind_password": "secret"})
	for run, want := range []int32{6, 9} {
		if _, err := read(t, p, nil); err != nil {
			t.Fatal(err)
		}
		if g.passed.Load() != want || g.done.Load() != want {
			t.Errorf("run %d: %d requests passed the gate and %d came back, want %d", run, g.passed.Load(), g.done.Load(), want)
		}
	}
	shut := &fake{gate: closedGate{}, search: f.search}
	if _, err := read(t, shut.directory(t, nil), nil); providers.ClassOf(err) != providers.Throttled {
		t.Errorf("a gate that is shut gives %v", err)
	}
	if len(shut.asked) != 0 {
		t.Errorf("through a gate that is shut came %v", shut.asked)
	}
}

type closedGate struct{}

func (closedGate) Pass(context.Context, string) (func(), error) {
	return nil, providers.Classed(providers.Throttled, errors.New("later"))
}
func (closedGate) Hold(time.Duration) {}
