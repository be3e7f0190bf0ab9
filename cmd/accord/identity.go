package main

import (
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/schema/encrypt"
)

// identityVariable names the file with private keys for those who give no -identity: CI does not.
const identityVariable = "ACCORD_IDENTITY"

// identityFlags are the flags of the verbs that read what may be encrypted.
type identityFlags struct{ file string }

func (f *identityFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.file, "identity", "", "read what is encrypted with the private keys of age in `FILE`; otherwise "+identityVariable+" names it")
}

// identities are the private keys that a person gave; nil: none.
func (p *program) identities(f identityFlags) (encrypt.Identities, error) {
	file := f.file
	if file == "" {
		file, _ = p.env(identityVariable)
	}
	if file == "" {
		return nil, nil
	}
	return encrypt.ReadIdentities(p.path(file))
}
