package ldap_test

import (
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// BenchmarkContacts reads 200 entries as contacts: what one request brings.
func BenchmarkContacts(b *testing.B) {
	all := people(200)
	f := entries(&all)
	p := f.directory(b, nil)
	folder, err := p.Folder(b.Context(), contacts(nil))
	if err != nil {
		b.Fatal(err)
	}
	var refs []string
	for _, e := range all {
		refs = append(refs, e.GetAttributeValue("entryUUID"))
	}
	f.search = func(q asked) reply { return reply{entries: []*goldap.Entry(all)} }
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if err := folder.Fetch(b.Context(), refs, func(a providers.Fetched) error { n++; return a.Err }); err != nil || n != len(all) {
			b.Fatal(n, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "µs/contact")
}
