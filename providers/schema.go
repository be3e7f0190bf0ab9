package providers

// Schema describes the attributes of a driver's blocks. The configuration is checked against it, and the reference is generated from it.
type Schema struct {
	Doc      string // one sentence: what the driver reads and writes
	Provider []Attribute
	Folder   []Attribute
	ReadOnly bool // no folder of this driver can be written

	// ReadOnlyWith names attributes of a provider block: no folder of a provider that has one of them can be written.
	ReadOnlyWith []string
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
)

// Attributes are evaluated values by name, in the Go types that Type names. What was not written is absent.
type Attributes map[string]any

// String is the named string, or "" when absent.
func (a Attributes) String(name string) string { s, _ := a[name].(string); return s }

// Bool is the named bool, or false when absent.
func (a Attributes) Bool(name string) bool { b, _ := a[name].(bool); return b }
