package davtest

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// AddCalendar makes a calendar of events and tasks, or of the components given, and gives its path.
func (s *Server) AddCalendar(user, name string, components ...string) string {
	if len(components) == 0 {
		components = []string{"VEVENT", "VTODO", "VJOURNAL"}
	}
	return s.add(user, name, false, components)
}

// AddAddressbook makes an address book and gives its path.
func (s *Server) AddAddressbook(user, name string) string { return s.add(user, name, true, nil) }

func (s *Server) add(user, name string, cards bool, components []string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	home := s.behaviour.Paths.Calendars
	if cards {
		home = s.behaviour.Paths.Contacts
	}
	path := strings.ReplaceAll(home, "USER", user) + url.PathEscape(name) + "/"
	c := s.make(path, user, cards, components)
	c.props[inDAV("displayname")] = escape(name)
	return path
}

func (s *Server) make(path, user string, cards bool, components []string) *collection {
	s.made++
	c := &collection{path: path, owner: user, cards: cards, made: s.made, components: components, expired: -1,
		props: map[xml.Name]string{}, items: map[string]item{}, spoilt: map[string]int{}}
	s.collections[path] = c
	return c
}

// with is a collection or an item that a test names; a test that names none is wrong.
func (s *Server) with(path string, do func(c *collection, name string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	dir, name := path[:strings.LastIndexByte(path, '/')+1], path[strings.LastIndexByte(path, '/')+1:]
	plain, err := url.PathUnescape(name)
	c := s.collections[dir]
	if c == nil || err != nil {
		panic(fmt.Sprintf("davtest: there is no collection %q", dir))
	}
	do(c, plain)
}

// Put stores an item as it is, whatever is there, at a path like /dav/calendars/alice/work/a.ics.
func (s *Server) Put(path, text string) {
	s.with(path, func(c *collection, name string) { c.put(name, text) })
}

// Delete removes an item, or a collection (its path ends in a slash).
func (s *Server) Delete(path string) {
	s.with(path, func(c *collection, name string) {
		if name == "" {
			delete(s.collections, c.path)
		}
		c.remove(name)
	})
}

// Remake replaces a collection by another one of the same path and kind that is empty.
func (s *Server) Remake(path string) {
	s.with(path, func(c *collection, _ string) {
		n := s.make(c.path, c.owner, c.cards, c.components)
		n.props = maps.Clone(c.props)
	})
}

// Fill makes n items in a collection that never had one. They take no memory until they are changed.
func (s *Server) Fill(path string, n int) {
	s.with(path, func(c *collection, _ string) {
		if c.rev > 0 {
			panic(fmt.Sprintf("davtest: %s had items already", path))
		}
		c.filled, c.rev = n, n
	})
}

// Expire makes all tokens expired that were given for a collection.
func (s *Server) Expire(path string) {
	s.with(path, func(c *collection, _ string) { c.expired = c.rev })
}

// ReadOnly takes the rights to write into a collection, or gives them back.
func (s *Server) ReadOnly(path string, only bool) {
	s.with(path, func(c *collection, _ string) { c.readOnly = only })
}

// Spoil makes an item one that cannot be had: inside a 207, and to GET, it has this status. 0 mends it.
func (s *Server) Spoil(path string, status int) {
	s.with(path, func(c *collection, name string) {
		if c.spoilt[name] = status; status == 0 {
			delete(c.spoilt, name)
		}
	})
}

// Items are the texts of a collection by the names of the items.
func (s *Server) Items(path string) map[string]string {
	texts := map[string]string{}
	s.with(path, func(c *collection, _ string) {
		for rev := 1; rev <= c.rev; rev++ {
			if it, ok := c.changed(rev); ok && !it.gone {
				texts[it.name] = c.content(it)
			}
		}
	})
	return texts
}

// Collections are the paths of all collections.
func (s *Server) Collections() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.collections))
}

// statusText is a status with the words for it.
func statusText(status int) string { return fmt.Sprintf("%d %s", status, http.StatusText(status)) }
