package pim

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/parts"
)

// Marker is what a replica carries to be known as one: one X-ACCORD-MARKER line. It is not part of Fields.
type Marker struct {
	Workspace, Relationship, Original string
	Source                            string // address of the folder that the original lies in
	Generation                        int
	Status                            MarkerStatus
	Adopted                           bool
	UID                               string // of the item it was written on: another UID means that a person copied it
	Written                           uint64 // Fields.Digest of what was written
}

// MarkerStatus is how far a replica is still one.
type MarkerStatus string

// The three states of a marker.
const (
	Live     MarkerStatus = "live"
	Retired  MarkerStatus = "retired"
	Released MarkerStatus = "released"
)

const markerVersion = "1"

// text is the marker in the form of a query with "~" in place of "%", which no server's escaping of commas, semicolons or quotes touches: there is one (Xandikos) that takes
// %2C, %3B and others for the characters.
func (m *Marker) text() string {
	v := url.Values{
		"v": {markerVersion}, "workspace": {m.Workspace}, "relationship": {m.Relationship}, "original": {m.Original}, "source": {m.Source},
		"generation": {strconv.Itoa(m.Generation)}, "status": {string(m.Status)}, "uid": {m.UID},
		"written": {strconv.FormatUint(m.Written, 16)},
	}
	if m.Adopted {
		v.Set("adopted", "true")
	}
	return strings.NewReplacer("~", "~7E", "%", "~").Replace(v.Encode())
}

func parseMarker(text string) (Marker, bool) {
	v, err := url.ParseQuery(strings.ReplaceAll(strings.TrimSpace(text), "~", "%"))
	if err != nil || v.Get("v") != markerVersion || v.Get("workspace") == "" {
		return Marker{}, false
	}
	m := Marker{
		Workspace: v.Get("workspace"), Relationship: v.Get("relationship"), Original: v.Get("original"), Source: v.Get("source"),
		Status: MarkerStatus(v.Get("status")), Adopted: v.Get("adopted") == "true", UID: v.Get("uid"),
	}
	var err2 error
	m.Generation, err = strconv.Atoi(v.Get("generation"))
	m.Written, err2 = strconv.ParseUint(v.Get("written"), 16, 64)
	known := m.Status == Live || m.Status == Retired || m.Status == Released
	if err != nil || err2 != nil || !known || m.Generation < 0 {
		return Marker{}, false
	}
	return m, true
}

// Marker is the marker that the item carries; one that is malformed is none.
func (it *Item) Marker() (Marker, bool) { return markerOf(it.document()) }

func markerOf(d *parts.Document) (Marker, bool) {
	for _, c := range d.Components {
		if l := d.Find(c, parts.MarkerName); l != nil {
			return parseMarker(string(l.Value()))
		}
	}
	return Marker{}, false
}

// WithMarker returns a copy that carries m; nil: without.
func (it *Item) WithMarker(m *Marker) *Item {
	d := it.document()
	e := parts.NewEdit(d)
	for i, c := range d.Components {
		var lines []contentline.Line
		if m != nil && i == 0 {
			lines = []contentline.Line{contentline.New(parts.MarkerName + ":" + m.text())}
		}
		if lines != nil || d.Find(c, parts.MarkerName) != nil {
			e.Property(c, parts.MarkerName, lines)
		}
	}
	return it.keepFields(printed(it.kind, it.uid, e))
}
