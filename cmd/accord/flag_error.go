package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/schema/diagnose"
)

// flagError is an error about a flag: the flag that was meant, or what its value may be.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		detail := fmt.Sprintf("See %s -help", cmd.CommandPath())
		if near := diagnose.Nearest(unknown.GetSpecifiedName(), names); near != "" {
			detail = fmt.Sprintf("Did you mean -%s?", near)
		}
		err = fmt.Errorf("there is no flag -%s. %s", unknown.GetSpecifiedName(), detail)
	case errors.As(err, &missing):
		word, _ := pflag.UnquoteUsage(missing.GetFlag())
		err = fmt.Errorf("-%s needs a value: write -%[1]s=%s", missing.GetSpecifiedName(), word)
	case errors.As(err, &invalid):
		err = fmt.Errorf("-%s=%s: %s", invalid.GetFlag().Name, invalid.GetValue(), remedy(invalid))
	}
	return usageError{err}
}

// remedy is what to write for a value that a flag does not take.
func remedy(e *pflag.InvalidValueError) string {
	switch e.GetFlag().Value.Type() {
	case "bool":
		return "write true or false"
	case "int":
		return "write a whole number, such as 4"
	case "duration":
		return "write a number with h, m or s, such as 30s or 5m"
	}
	return e.Unwrap().Error()
}
