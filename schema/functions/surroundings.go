package functions

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Surroundings is what functions see of the world.
type Surroundings struct {
	Dir string                                    // where relative paths start
	Env func(name string) (value string, ok bool) // nil: nothing is set
	Now func() time.Time                          // nil: timestamp() is refused
}

// Outside are the functions that expressions may call which are not about an item: Everywhere, and timestamp.
func (s Surroundings) Outside() map[string]function.Function {
	all := s.Everywhere()
	all["timestamp"] = s.timestamp()
	return all
}

// maxFile bounds what file reads: a roster, not a disk.
const maxFile = 64 << 20

// env reads an environment variable: an error when it is not set and no default is given.
func (s Surroundings) env() function.Function {
	return function.New(&function.Spec{
		Params:   []function.Parameter{{Name: "name", Type: cty.String}},
		VarParam: &function.Parameter{Name: "default", Type: cty.String, AllowNull: true},
		Type:     function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			name := args[0].AsString()
			if s.Env != nil {
				if v, ok := s.Env(name); ok {
					return cty.StringVal(v), nil
				}
			}
			if len(args) > 1 {
				return args[1], nil
			}
			return cty.NilVal, function.NewArgErrorf(0, "the environment variable %s is not set; env(%q, \"…\") gives a default", name, name)
		},
	})
}

// Resolve is a path as functions and the state understand it: relative to Dir.
func (s Surroundings) Resolve(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(s.Dir, path)
}

// file reads a text file. Relative paths start at the workspace.
func (s Surroundings) file() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := ReadText(s.Resolve(args[0].AsString()))
			if err != nil {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.StringVal(string(text)), nil
		},
	})
}

func (s Surroundings) fileExists() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			info, err := os.Stat(s.Resolve(args[0].AsString()))
			return cty.BoolVal(err == nil && info.Mode().IsRegular()), nil
		},
	})
}

// ReadText reads a regular file of at most maxFile bytes; a device or pipe is refused, as it may never end.
func ReadText(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("%s is larger than %d MiB", path, maxFile>>20)
	}
	return text, err
}

// timestamp is the time of this run. It is ephemeral: a plan made with one is applied with another.
func (s Surroundings) timestamp() function.Function {
	return function.New(&function.Spec{
		Type: function.StaticReturnType(cty.String),
		Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
			if s.Now == nil {
				return cty.NilVal, fmt.Errorf("the time is not known here")
			}
			return cty.StringVal(s.Now().UTC().Format(time.RFC3339)).Mark(Ephemeral), nil
		},
	})
}
