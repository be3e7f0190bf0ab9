package davtest

import (
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
)

// collection is a calendar or an address book. Every change of an item takes the next revision; the items that Fill made have the first ones.
type collection struct {
	path, owner string
	cards       bool
	made        int // which one of the server it is, counted from 1
	props       map[xml.Name]string
	components  []string

	items  map[string]item // those that are not as Fill made them
	filled int
	log    []string // the names of the changes after those of Fill
	rev    int

	expired  int // tokens of this revision and older are expired; -1: none is
	readOnly bool
	spoilt   map[string]int // status of items that cannot be had
}

// item is one calendar object or vCard; the zero text of one that Fill made is written when it is asked for.
type item struct {
	name      string
	text, uid string
	n         int // of one that Fill made
	made, rev int // when it came, and when it changed last
	version   int // edits since it came
	gone      bool
}

// at is an item, and whether it is there or was.
func (c *collection) at(name string) (item, bool) {
	if it, ok := c.items[name]; ok {
		return it, true
	}
	if n, ok := numberOf(name, c.cards); ok && n < c.filled {
		return item{name: name, uid: uidOf(n), n: n, made: n + 1, rev: n + 1}, true
	}
	return item{}, false
}

// live is an item that is there.
func (c *collection) live(name string) (item, bool) {
	it, ok := c.at(name)
	return it, ok && !it.gone
}

// changed is the item of a revision, unless it changed again later.
func (c *collection) changed(rev int) (item, bool) {
	name := ""
	if rev <= c.filled {
		name = nameOf(rev-1, c.cards)
	} else {
		name = c.log[rev-c.filled-1]
	}
	it, ok := c.at(name)
	return it, ok && it.rev == rev
}

func (c *collection) put(name, text string) item {
	it, ok := c.live(name)
	c.rev++
	if ok {
		it.version++
	} else {
		it = item{name: name, made: c.rev}
	}
	it.rev, it.text, it.uid = c.rev, text, lineValue(text, "UID")
	c.items[name], c.log = it, append(c.log, name)
	return it
}

func (c *collection) remove(name string) bool {
	it, ok := c.live(name)
	if !ok {
		return false
	}
	c.rev++
	it.gone, it.rev, it.text = true, c.rev, ""
	c.items[name], c.log = it, append(c.log, name)
	return true
}

// taken reports whether an item of another name has a UID.
func (c *collection) taken(uid, name string) bool {
	if n, ok := numberOfUID(uid); ok && n < c.filled {
		if it, ok := c.live(nameOf(n, c.cards)); ok && it.uid == uid && it.name != name {
			return true
		}
	}
	for _, it := range c.items {
		if !it.gone && it.uid == uid && it.name != name {
			return true
		}
	}
	return false
}

// bytes is the size of what was put into the collection.
func (c *collection) bytes() int {
	sum := 0
	for _, it := range c.items {
		sum += len(it.text)
	}
	return sum
}

func (c *collection) content(it item) string {
	if it.text == "" && !it.gone {
		return generated(it.n, c.cards)
	}
	return it.text
}

// etag is what the server calls a state of an item; "": nothing.
func (c *collection) etag(b *Behaviour, it item) string {
	sum := fmt.Sprintf("g%d", it.n)
	if it.text != "" {
		h := fnv.New64a()
		h.Write([]byte(it.text))
		sum = fmt.Sprintf("%016x", h.Sum64())
	}
	switch b.ETag {
	case ETagNone:
		return ""
	case ETagWeak:
		return `W/"` + sum + `"`
	case ETagCounter:
		return fmt.Sprintf(`"gcs%08d"`, it.version)
	case ETagUnquoted:
		return sum
	}
	return `"` + sum + `"`
}

// segments are the decoded parts of a path.
func segments(escaped string) ([]string, error) {
	var parts []string
	for part := range strings.SplitSeq(strings.Trim(escaped, "/"), "/") {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return nil, err
		}
		if plain != "" {
			parts = append(parts, plain)
		}
	}
	return parts, nil
}

// join is the path of a collection: encoded, with a slash at both ends.
func join(parts []string) string {
	var b strings.Builder
	b.WriteByte('/')
	for _, part := range parts {
		b.WriteString(url.PathEscape(part) + "/")
	}
	return b.String()
}

// lineValue is the value of the first property of a name.
func lineValue(text, name string) string {
	for line := range strings.Lines(strings.NewReplacer("\r\n ", "", "\n ", "", "\r", "").Replace(text)) {
		head, value, ok := strings.Cut(strings.TrimRight(line, "\n"), ":")
		head, _, _ = strings.Cut(head, ";")
		if ok && strings.EqualFold(head, name) {
			return value
		}
	}
	return ""
}
