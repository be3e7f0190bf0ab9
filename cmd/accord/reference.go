package main

import (
	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/manual"
)

// handbook describes the commands: the manual pages and the reference are written from it.
func handbook(root *cobra.Command) *manual.Book {
	book := &manual.Book{
		Version: version,
		Exits:   exitsFor(^condition(0)),
		Environment: []manual.Variable{
			{Name: "ACCORD_VAR_name", Doc: "the value of the variable with that name, where neither -var nor -var-file gives one and no saved plan brings one"},
			{Name: "ACCORD_LOG", Doc: "http: every request that is sent is traced on the standard error, one line each, without what is secret and without what items say"},
			{Name: "NO_COLOR", Doc: "with any value: no colours"},
			{Name: "TERM", Doc: "dumb: no colours"},
		},
		Files: []manual.Variable{
			{Name: "*.hcl, *.accord.json, *.accord.yaml", Doc: "the configuration: all of them in the workspace's directory"},
			{Name: ".accord/state", Doc: "what the last apply recorded; a state block of the configuration puts it elsewhere"},
		},
	}
	root.InitDefaultHelpCmd()
	book.Fill(root, func(cmd *cobra.Command) []manual.Exit { return exitsFor(endsOf(cmd)) })
	book.Root.Long = about
	return book
}

// endsOf is every condition in which a command can end.
func endsOf(cmd *cobra.Command) condition {
	ends := failed | misused | interrupted
	if cmd.Flags().Lookup("lock-timeout") != nil {
		ends |= locked
	}
	switch cmd.CommandPath() {
	case "accord plan", "accord status":
		ends |= pending | partly | waits
	case "accord apply":
		ends |= partly | waits | foreign
	case "accord resolve":
		ends |= partly | waits
	case "accord show", "accord graph":
		ends |= foreign
	case "accord check":
		ends |= partly
	case "accord state unlock", "accord pause", "accord resume":
		ends |= locked
	}
	return ends
}

// exitsFor are the exit codes of some conditions, and 0.
func exitsFor(met condition) []manual.Exit {
	var codes []manual.Exit
	for _, e := range exits() {
		if met&e.when != 0 {
			codes = append(codes, manual.Exit{Code: e.code, Doc: e.doc})
		}
	}
	return append(codes, manual.Exit{Code: 0, Doc: doneDoc})
}
