package davtest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
)

// token is the sync token of a revision of a collection.
func (c *collection) token(b *Behaviour, rev int) string { return fmt.Sprintf(b.Token, c.made, rev) }

// sync answers sync-collection (RFC 6578 section 3.2).
func (x *exchange) sync(asked []xml.Name) {
	given, level := x.root.child(nsDAV, "sync-token"), x.root.child(nsDAV, "sync-level").value()
	depth := x.r.Header.Get("Depth")
	if given == nil || level != "1" && level != "infinite" || depth != "" && depth != "0" {
		http.Error(x.w, "a sync-collection has DAV:sync-token, DAV:sync-level and Depth 0", http.StatusBadRequest)
		return
	}
	limit, ok := x.limit()
	if !ok {
		http.Error(x.w, "a DAV:limit has DAV:nresults", http.StatusBadRequest)
		return
	}
	after, answer := x.after(given.value())
	switch {
	case answer == nil:
	case answer.Status != http.StatusMultiStatus:
		status, condition := answer.Status, inDAV("valid-sync-token")
		if status == 0 {
			status = http.StatusForbidden
		}
		if answer.Bare {
			condition = xml.Name{}
		}
		x.refuse(status, condition, "this token cannot be used")
		return
	}
	x.changes(after, given.value() != "", limit, asked)
}

// limit is how many items an answer has at most; 0: all.
func (x *exchange) limit() (int, bool) {
	limit := x.b.Page
	if l := x.root.child(nsDAV, "limit"); l != nil {
		n, err := strconv.Atoi(l.child(nsDAV, "nresults").value())
		if err != nil || n < 1 {
			return 0, false
		}
		if !x.b.IgnoreLimit && (limit == 0 || n < limit) {
			limit = n
		}
	}
	return limit, true
}

// after is the revision that a token stands for, and how the server answers if it stands for none.
func (x *exchange) after(token string) (int, *Answer) {
	if token == "" && !x.met.ExpireToken {
		return 0, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	c := x.at.collection
	var made, rev int
	answer := x.b.ExpiredToken
	if _, err := fmt.Sscanf(token, x.b.Token, &made, &rev); err != nil || made > x.made || made == c.made && rev > c.rev {
		answer = x.b.ForeignToken
	} else if made != c.made {
		answer = x.b.RemadeToken
	} else if rev > c.expired && !x.met.ExpireToken {
		return max(0, rev-x.b.SyncRepeats), nil
	}
	switch answer.Lists {
	case Nothing:
		rev = c.rev
	case Newest:
		rev = max(0, c.rev-1)
	case Everything:
		rev = 0
	}
	return rev, &answer
}

// changes lists what changed after a revision.
func (x *exchange) changes(after int, gone bool, limit int, asked []xml.Name) {
	c := x.at.collection
	m := x.multistatus()
	if x.b.SyncSelf {
		m.response(c.path, x.props(x.at, asked))
	}
	x.mu.Lock()
	reached := c.rev
	x.mu.Unlock()
	n, last := 0, after
	x.each(c, after, func(it item) bool {
		if it.gone && (!gone || after == 0 || x.b.QuietShort && it.made > after) {
			return true
		}
		if limit > 0 && n == limit {
			reached = last
			m.status(c.path, http.StatusInsufficientStorage)
			return false
		}
		n, last = n+1, it.rev
		x.item(m, c, it.name, asked, x.b.SyncData)
		return true
	})
	m.end(c.token(&x.b, reached))
}
