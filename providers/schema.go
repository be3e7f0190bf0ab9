package providers

// Schema describes the attributes of a driver's blocks. The configuration is checked against it, and the reference is generated from it.
type Schema struct {
	Doc      string // one sentence: what the driver reads and writes
	Provider []Attribute
	Folder   []Attribute
	Data     []Attribute // of data blocks of the driver's name; nil: it has no rows to give
	Tables   bool        // a folder may have table blocks, with the Data of the provider that each names
	ReadOnly bool        // no folder of this driver can be written

	// Snapshot: what a provider reads is as it was at one instant, soon after it was opened, until [Settle]. The engine opens it anew for each plan.
	Snapshot bool

	// ReadOnlyWith names attributes of a provider block: no folder of a provider that has one of them can be written.
	ReadOnlyWith []string

	// WritableWith names attributes of a folder block: a folder that lacks one of them can only be read.
	WritableWith []string
}

// Attribute is one attribute of a provider or folder block.
type Attribute struct {
	Name      string
	Type      Type
	Required  bool
	Sensitive bool // never in a log, plan, state, journal or error
	Address   bool // folder: a null value makes the folder unresolved
	Doc       string
}

// Type is the type of an attribute's value.
type Type string

const (
	String Type = "string" // Go: string
	Number Type = "number" // float64
	Bool   Type = "bool"   // bool
	List   Type = "list"   // of strings: []string
	Map    Type = "map"    // of strings: map[string]string
	Params Type = "params" // of strings, numbers and bools: map[string]any of string, float64, bool and nil

	// Expressions over the rows that are about one item: a Mapping. Mapped is an attribute that is an object, MappedBlock a block of attributes, whose
	// names are those of the folder's kind, as in a template's set.
	Mapped      Type = "mapped"
	MappedBlock Type = "mapped block"
)

// OfRows reports whether an attribute holds expressions over rows.
func (a Attribute) OfRows() bool { return a.Type == Mapped || a.Type == MappedBlock }

// Attributes are evaluated values by name, in the Go types that Type names. What was not written is absent.
type Attributes map[string]any

// String is the named string, or "" when absent.
func (a Attributes) String(name string) string { s, _ := a[name].(string); return s }

// List is the named list, or nil when absent.
func (a Attributes) List(name string) []string { l, _ := a[name].([]string); return l }

// Mapping is the named mapping; its Of is nil when absent.
func (a Attributes) Mapping(name string) Mapping { m, _ := a[name].(Mapping); return m }

// Tables are the table blocks of a folder.
func (a Attributes) Tables() []Table { t, _ := a[Tables].([]Table); return t }

// Tables is the name that Attributes have the table blocks of a folder under.
const Tables = "table"

// Bool is the named bool, or false when absent.
func (a Attributes) Bool(name string) bool { b, _ := a[name].(bool); return b }
