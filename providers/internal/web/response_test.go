package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

func packed(text []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text)
	z.Close()
	return b.Bytes()
}

func TestBodies(t *testing.T) {
	text := []byte(strings.Repeat("<D:response/>", 5000))
	whole := packed(text)
	random := make([]byte, 3<<20) // of low ratio
	for i := range random {
		random[i] = byte(i * i >> 7)
	}
	for _, c := range []struct {
		name   string
		body   []byte
		coding string
		more   int // announced and not sent
		want   []byte
		class  providers.Class
		says   string
	}{
		{"as it is", text, "", 0, text, providers.Done, ""},
		{"identity", text, "identity", 0, text, providers.Done, ""},
		{"packed", whole, "gzip", 0, text, providers.Done, ""},
		{"packed as of old", whole, "x-gzip", 0, text, providers.Done, ""},
		{"packed and large", packed(random), "GZIP", 0, random, providers.Done, ""},
		{"nothing", nil, "", 0, nil, providers.Done, ""},
		{"nothing, packed", nil, "gzip", 0, nil, providers.Done, ""},
		{"ends early", text[:100], "", 1, nil, providers.Transient, "ends early"},
		{"ends before it begins", nil, "", 1, nil, providers.Transient, "ends early"},
		{"packed, ends early", whole[:len(whole)/2], "gzip", 1, nil, providers.Transient, "ends early"},
		{"packed, a part", whole[:len(whole)/2], "gzip", 0, nil, providers.Transient, "ends early"},
		{"packed, a part of its head", whole[:4], "gzip", 0, nil, providers.Transient, "ends early"},
		{"packed, damaged", append(bytes.Clone(whole[:len(whole)-8]), "damaged!"...), "gzip", 0, nil, providers.Transient, "cannot be unpacked"},
		{"not packed", text, "gzip", 0, nil, providers.Transient, "cannot be unpacked"},
		{"packed in another way", text, "br", 0, nil, providers.Refused, `"br"`},
		{"a bomb", packed(make([]byte, 64<<20)), "gzip", 0, nil, providers.Refused, "more than 200 times"},
	} {
		s := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Accept-Encoding") != "gzip" {
				t.Errorf("%s: it accepts %q", c.name, r.Header.Get("Accept-Encoding"))
			}
			w.Header().Set("Content-Length", fmt.Sprint(len(c.body)+c.more))
			if c.coding != "" {
				w.Header().Set("Content-Encoding", c.coding)
			}
			w.WriteHeader(http.StatusMultiStatus)
			w.Write(c.body)
		})
		status, got, err := ask(t, client(t, s.URL, nil, Options{}), "REPORT", s.URL, "")
		wants(t, c.name, err, c.class, c.says)
		if status != 207 || c.class == providers.Done && got != string(c.want) {
			t.Errorf("%s: %d, %d octets, want %d", c.name, status, len(got), len(c.want))
		}
		if len(got) > 2<<20 && c.class != providers.Done {
			t.Errorf("%s: %d octets were unpacked", c.name, len(got))
		}
		if c.says == "ends early" && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v is no unexpected end", c.name, err)
		}
	}
}

// A listing that takes long is read to its end while it moves, and given up when it stops.
func TestABodyThatStalls(t *testing.T) {
	moves := make(chan bool)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for <-moves {
			io.WriteString(w, "part")
			w.(http.Flusher).Flush()
		}
		if r.URL.Path == "/stalls" {
			<-r.Context().Done()
		}
	})
	for _, path := range []string{"/ends", "/stalls"} {
		c := client(t, s.URL, providers.Attributes{"timeout": "100ms"}, Options{})
		go func() { moves <- true }()
		resp, err := c.Do(t.Context(), Request{Method: "REPORT", URL: parse(t, s.URL+path)})
		if err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 4)
		for began := time.Now(); time.Since(began) < 150*time.Millisecond; moves <- true { // longer than the timeout, and never as long between parts
			if _, err := io.ReadFull(resp.Body, part); err != nil {
				t.Fatal(err)
			}
		}
		moves <- false
		_, err = io.ReadAll(resp.Body)
		if path == "/ends" && err != nil {
			t.Errorf("a slow answer: %v", err)
		}
		if path == "/stalls" {
			wants(t, path, err, providers.Transient, "no answer within 100ms")
			if err != nil && strings.Contains(err.Error(), "read") {
				t.Errorf("%v says more than that", err)
			}
		}
		resp.Body.Close()
	}
}

// Whoever has an answer may take as long as they like to read it.
func TestAnAnswerWaits(t *testing.T) {
	answer := strings.Repeat("answer ", 1<<18) // more than any buffer on the way holds
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/silent" {
			<-r.Context().Done()
		}
		io.WriteString(w, answer)
	})
	c := client(t, s.URL, providers.Attributes{"timeout": "50ms"}, Options{})
	resp, err := c.Do(t.Context(), Request{Method: "REPORT", URL: parse(t, s.URL)})
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, _, err := ask(t, c, "REPORT", s.URL+"/silent", ""); err == nil { // as long as that takes
		t.Error("silence is no error")
	}
	if text, err := io.ReadAll(resp.Body); string(text) != answer || err != nil {
		t.Errorf("%d octets, %v", len(text), err)
	}
}

// Packing may change an ETag: only answers whose ETag nobody uses come packed, and others where a driver says so.
func TestWhatIsAskedForPacked(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Header.Get("Accept-Encoding")) })
	for method, want := range map[string]string{"GET": "", "PUT": "", "DELETE": "", "MKCALENDAR": "", "PROPFIND": "gzip", "REPORT": "gzip"} {
		if _, got, err := ask(t, client(t, s.URL, nil, Options{}), method, s.URL, ""); got != want || err != nil {
			t.Errorf("%s accepts %q, want %q (%v)", method, got, want, err)
		}
	}
}

// A connection serves again when little was left unread, and ends when much was.
func TestConnectionsAreKept(t *testing.T) {
	for size, want := range map[int]int{0: 1, 100: 1, 10 << 10: 1, 10 << 20: 3} {
		connections := 0
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, size)) }))
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections++
			}
		}
		s.Start()
		c := client(t, s.URL, nil, Options{})
		for range 3 {
			resp, err := c.Do(t.Context(), Request{Method: "GET", URL: parse(t, s.URL)})
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if _, err := resp.Body.Read(make([]byte, 1)); err == nil {
				t.Error("a closed body can be read")
			}
		}
		s.Close()
		if connections != want {
			t.Errorf("%d octets: %d connections, want %d", size, connections, want)
		}
	}
}

func TestPages(t *testing.T) {
	for text, want := range map[string]bool{
		"<!DOCTYPE html><title>Sign in</title>": true, "\ufeff \r\n<!doctype HTML PUBLIC": true, "<html lang=en>": true, "<HTML>": true,
		"<?xml version='1.0'?><!DOCTYPE html PUBLIC": true, "<!-- login --><html>": true, "<head>": true,
		"": false, "BEGIN:VCALENDAR": false, "<?xml version='1.0'?><D:multistatus xmlns:D='DAV:'/>": false, "<D:multistatus>": false, "<?xml": false, "<!-- ": false, "html": false,
	} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/calendar")
			io.WriteString(w, text)
		})
		resp, err := client(t, s.URL, nil, Options{}).Do(t.Context(), Request{Method: "GET", URL: parse(t, s.URL)})
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.IsPage(); got != want {
			t.Errorf("%q is a page: %v", text, got)
		}
		if all, err := io.ReadAll(resp.Body); string(all) != text || err != nil {
			t.Errorf("%q is read as %q (%v)", text, all, err)
		}
		resp.Body.Close()
	}
}
