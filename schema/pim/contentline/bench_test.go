package contentline

import (
	"strings"
	"testing"
)

func BenchmarkRead(b *testing.B) {
	var text strings.Builder
	text.WriteString("BEGIN:VCARD\r\n")
	for text.Len() < 10_000 {
		text.WriteString("TEL;TYPE=home,work:+1-555-0100\r\nNOTE:" + strings.Repeat("word ", 13) + "\r\n " + strings.Repeat("more ", 5) + "\r\n")
	}
	data := []byte(text.String() + "END:VCARD\r\n")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
