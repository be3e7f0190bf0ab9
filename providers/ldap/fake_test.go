package ldap_test

import (
	"cmp"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/ldap"
)

// asked is one search that a fake directory is asked for.
type asked struct {
	base       string
	filter     string
	attributes []string
	size       int
	cookie     string
}

// reply is what it answers.
type reply struct {
	entries   []*goldap.Entry
	referrals []string
	code      uint16
	words     string
	cookie    string
	unpaged   bool // no word on pages
	cut       bool // the connection ends before the answer does
	silent    bool // the answer never ends
}

// fake is a directory that answers as a test says.
type fake struct {
	t      testing.TB
	bind   uint16 // result of signing in
	words  string // with that; "": what Active Directory says
	search func(q asked) reply
	mute   bool           // it says nothing of itself
	socket string         // "": it listens on a port
	gate   providers.Gate // of the provider; nil: none

	mu     sync.Mutex
	asked  []asked
	signed int // in
}

// directory opens a provider of a fake directory.
func (f *fake) directory(t testing.TB, attributes providers.Attributes) providers.Source {
	t.Helper()
	f.t = t
	network, address := "tcp", "127.0.0.1:0"
	if f.socket != "" {
		network, address = "unix", f.socket
	}
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { f.serve(c) })
		}
	})
	a := providers.Attributes{"url": "ldap://" + l.Addr().String(), "base": "dc=example"}
	for name, v := range attributes {
		a[name] = v
	}
	p, err := ldap.Driver{}.Open(t.Context(), providers.Config{Address: "provider.ldap.fake", Attributes: a, Gate: f.gate, Secrets: &providers.Secrets{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p.(providers.Source)
}

func (f *fake) serve(c net.Conn) {
	defer c.Close()
	for {
		p, err := ber.ReadPacket(c)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return // reset by who hung up
			}
			return
		}
		id, op := p.Children[0].Value.(int64), p.Children[1]
		switch op.Tag {
		case goldap.ApplicationBindRequest:
			f.mu.Lock()
			f.signed++
			f.mu.Unlock()
			send(c, id, result(goldap.ApplicationBindResponse, f.bind, cmp.Or(f.words, "80090308: LdapErr: DSID-0C0903A9, comment: AcceptSecurityContext error, data 775, v1db1")))
		case goldap.ApplicationSearchRequest:
			if !f.answer(c, id, op, p) {
				return
			}
		default:
			return
		}
	}
}

func (f *fake) answer(c net.Conn, id int64, op, whole *ber.Packet) bool {
	filter, err := goldap.DecompileFilter(op.Children[6])
	if err != nil {
		f.t.Error(err)
		return false
	}
	q := asked{base: op.Children[0].Value.(string), filter: filter}
	for _, a := range op.Children[7].Children {
		q.attributes = append(q.attributes, a.Value.(string))
	}
	if len(whole.Children) > 2 {
		control, err := goldap.DecodeControl(whole.Children[2].Children[0])
		if err != nil {
			f.t.Error(err)
			return false
		}
		paging := control.(*goldap.ControlPaging)
		q.size, q.cookie = int(paging.PagingSize), string(paging.Cookie)
	}
	f.mu.Lock()
	f.asked = append(f.asked, q)
	f.mu.Unlock()
	var r reply
	if q.base == "" && f.mute {
		r.code = goldap.LDAPResultNoSuchObject
	} else if q.base == "" {
		r.entries = []*goldap.Entry{goldap.NewEntry("", map[string][]string{"namingContexts": {"dc=example"}})}
	} else {
		r = f.search(q)
	}
	for _, e := range r.entries {
		send(c, id, found(e))
	}
	for _, to := range r.referrals {
		p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, goldap.ApplicationSearchResultReference, nil, "")
		p.AppendChild(octets(to))
		send(c, id, p)
	}
	if r.cut || r.silent {
		return r.silent
	}
	done := result(goldap.ApplicationSearchResultDone, r.code, r.words)
	if r.unpaged || q.size == 0 {
		send(c, id, done)
		return true
	}
	paging := goldap.NewControlPaging(0)
	paging.SetCookie([]byte(r.cookie))
	controls := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
	controls.AppendChild(paging.Encode())
	send(c, id, done, controls)
	return true
}

func send(c net.Conn, id int64, parts ...*ber.Packet) {
	p := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	for _, part := range parts {
		p.AppendChild(part)
	}
	_, _ = c.Write(p.Bytes()) // who hung up does not hear it
}

func result(tag ber.Tag, code uint16, words string) *ber.Packet {
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(code), ""))
	p.AppendChild(octets(""))
	p.AppendChild(octets(words))
	return p
}

func found(e *goldap.Entry) *ber.Packet {
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, goldap.ApplicationSearchResultEntry, nil, "")
	p.AppendChild(octets(e.DN))
	attributes := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
	for _, a := range e.Attributes {
		one := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSequence, nil, "")
		one.AppendChild(octets(a.Name))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.Values {
			set.AppendChild(octets(v))
		}
		one.AppendChild(set)
		attributes.AppendChild(one)
	}
	p.AppendChild(attributes)
	return p
}

func octets(text string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, text, "")
}

// paged gives entries in pages of the size that is asked for.
func paged(entries []*goldap.Entry, q asked) reply {
	if q.size == 0 {
		return reply{entries: entries}
	}
	from, _ := strconv.Atoi(q.cookie)
	to := min(len(entries), from+q.size)
	r := reply{entries: entries[from:to]}
	if to < len(entries) {
		r.cookie = strconv.Itoa(to)
	}
	return r
}

// people are as many entries.
func people(n int) []*goldap.Entry {
	var list []*goldap.Entry
	for i := range n {
		name := "p" + strconv.Itoa(i)
		list = append(list, goldap.NewEntry("uid="+name+",dc=example", map[string][]string{
			"uid": {name}, "cn": {"Person " + name}, "mail": {name + "@example.com"}, "entryUUID": {name}, "modifyTimestamp": {"20200101000000Z"},
		}))
	}
	return list
}
