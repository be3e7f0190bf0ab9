package web

import (
	"bytes"
	"io"
	"net/http"
	"testing"
)

// BenchmarkListing reads a packed listing of 10,000 entries as it arrives.
func BenchmarkListing(b *testing.B) {
	listing := bytes.Repeat([]byte(`<D:response><D:href>/calendars/anna/2f1c.ics</D:href><D:propstat><D:prop><D:getetag>"17"</D:getetag></D:prop></D:propstat></D:response>`), 10_000)
	small := packed(listing)
	s := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(small)
	})
	c := client(b, s.URL, anna, Options{})
	u := parse(b, s.URL)
	b.ReportAllocs()
	b.SetBytes(int64(len(listing)))
	for b.Loop() {
		resp, err := c.Do(b.Context(), Request{Method: "PROPFIND", URL: u})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err == nil {
			b.Fatal("repetition without end is read")
		}
		resp.Body.Close()
	}
}
