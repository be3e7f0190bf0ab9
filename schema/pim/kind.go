package pim

import "bytes"

// Kind is what a folder holds.
type Kind string

// The four kinds. A relationship joins folders of one kind.
const (
	Calendar Kind = "calendar" // VEVENT
	Contacts Kind = "contacts" // vCard
	Tasks    Kind = "tasks"    // VTODO
	Notes    Kind = "notes"    // VJOURNAL
)

// Kinds lists every kind, in the order in which documentation shows them.
func Kinds() []Kind { return []Kind{Calendar, Contacts, Tasks, Notes} }

// Valid reports whether k is one of Kinds.
func (k Kind) Valid() bool {
	switch k {
	case Calendar, Contacts, Tasks, Notes:
		return true
	}
	return false
}

// Extension is the file name extension of an item of this kind, with its dot: ".ics" or ".vcf".
func (k Kind) Extension() string {
	if k == Contacts {
		return ".vcf"
	}
	return ".ics"
}

// Component is what an item of this kind is in its format: VEVENT, VTODO, VJOURNAL (RFC 5545 section 3.6) or VCARD (RFC 6350).
func (k Kind) Component() string { return string(component(k)) }

// KindOf guesses by its first component what a text holds; "" when it holds none.
func KindOf(data []byte) Kind {
	kind, first := Kind(""), len(data)
	for _, k := range Kinds() {
		if at := bytes.Index(data, begin(k)); at >= 0 && at < first {
			kind, first = k, at
		}
	}
	return kind
}

// HasKind reports whether a text seems to hold an item of a kind.
func HasKind(data []byte, k Kind) bool { return bytes.Contains(data, begin(k)) }

func begin(k Kind) []byte { return []byte("BEGIN:" + k.Component()) }
