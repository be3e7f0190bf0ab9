package web

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
)

// BenchmarkListing reads a packed listing of 10,000 entries as it arrives: what it takes is for the requests, whatever their answers.
func BenchmarkListing(b *testing.B) {
	var listing bytes.Buffer
	for i := range 10_000 {
		fmt.Fprintf(&listing, `<D:response><D:href>/calendars/anna/event-%d.ics</D:href><D:propstat><D:prop><D:getetag>"%[1]d"</D:getetag></D:prop></D:propstat></D:response>`, i)
	}
	small := packed(listing.Bytes())
	s := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(small)
	})
	c := client(b, s.URL, anna, Options{})
	u := parse(b, s.URL)
	b.ReportAllocs()
	b.SetBytes(int64(listing.Len()))
	for b.Loop() {
		resp, err := c.Do(b.Context(), Request{Method: "PROPFIND", URL: u})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			b.Fatal(err)
		}
		resp.Body.Close()
	}
}
