package parts

import (
	"strings"
)

// The lines between which the description of an event tells its attendees. A description that has both holds the field
// attendees_described between them, and the field description is what stands around.
const (
	AttendeesBegin = "-- Attendees --"
	AttendeesEnd   = "-- End of attendees --"
)

// CutFence takes the fenced block out of a text.
func CutFence(text string) (body, block string, found bool) {
	begin := fenceLine(text, AttendeesBegin)
	if begin < 0 {
		return text, "", false
	}
	rest := text[begin+len(AttendeesBegin):]
	end := fenceLine(rest, AttendeesEnd)
	if end < 0 {
		return text, "", false
	}
	body = strings.TrimSuffix(strings.TrimSuffix(text[:begin], "\n"), "\n")
	block = strings.Trim(rest[:end], "\n")
	if after := strings.Trim(rest[end+len(AttendeesEnd):], "\n \r"); after != "" {
		body += "\n" + after
	}
	return body, block, true
}

// fenceLine is where a line that is just this begins in a text, or -1.
func fenceLine(text, line string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], line)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(line)
		if (i == 0 || text[i-1] == '\n') && (from == len(text) || text[from] == '\n' || text[from] == '\r' || text[from] == ' ') {
			return i
		}
	}
}

// AddFence is the text that CutFence takes apart again.
func AddFence(body, block string) string {
	if block == "" {
		return body
	}
	if body != "" {
		body += "\n\n"
	}
	return body + AttendeesBegin + "\n" + block + "\n" + AttendeesEnd
}
