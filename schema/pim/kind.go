package pim

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
