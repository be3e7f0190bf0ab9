package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// testProgram is a program whose streams are buffers, in an empty environment.
func testProgram() *program {
	return &program{
		in: strings.NewReader(""), out: new(bytes.Buffer), err: new(bytes.Buffer),
		env: func(string) (string, bool) { return "", false }, now: func() time.Time { return time.Unix(0, 0) }, drivers: drivers(nil), openState: state.Open, dir: ".",
	}
}

func TestNormalise(t *testing.T) {
	takes := valueFlags(testProgram().command())
	for _, c := range []struct{ written, want string }{
		{"", ""},
		{"plan", "plan"},
		{"-chdir examples plan -json", "--chdir examples plan --json"},
		{"--chdir=examples plan", "--chdir=examples plan"},
		{"plan -out=FILE -detailed-exitcode", "plan --out=FILE --detailed-exitcode"},
		{"plan -out FILE", "plan --out FILE"},
		{"apply FILE -input=false", "apply FILE --input=false"},
		{"plan -var x=y -var=-z=1", "plan --var x=y --var=-z=1"},
		{"plan -var -x=y", "plan --var -x=y"},
		{"plan --var -x=y", "plan --var -x=y"},
		{"plan -out -file", "plan --out -file"},
		{"-h", "-h"},
		{"-help", "--help"},
		{"-version", "--version"},
		{"-unknown -json", "--unknown --json"},
		{"state show -- -address -json", "state show -- -address -json"},
		{"state show -", "state show -"},
		{"plan -out", "plan --out"},
	} {
		got := normalise(strings.Fields(c.written), takes)
		if want := strings.Fields(c.want); !slices.Equal(got, want) {
			t.Errorf("%q became %q, want %q", c.written, got, want)
		}
	}
}

func TestAllowances(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       plan.Allowance
		bad        bool
	}{
		{"deletes", "relationship.x:120", plan.Allowance{Kind: "deletes", Address: "relationship.x", Count: 120}, false},
		{"edits", `relationship.x["a:b"]:0`, plan.Allowance{Kind: "edits", Address: `relationship.x["a:b"]`}, false},
		{"adds", `mesh.m["a/b"]:3`, plan.Allowance{Kind: "adds", Address: `mesh.m["a/b"]`, Count: 3}, false},
		{"deletes", `relationship.x[alice]:3`, plan.Allowance{Kind: "deletes", Address: `relationship.x["alice"]`, Count: 3}, false},
		{"leavers", "5", plan.Allowance{Kind: "leavers", Count: 5}, false},
		{"leavers", "relationship.x:5", plan.Allowance{}, true},
		{"deletes", "120", plan.Allowance{}, true},
		{"deletes", ":120", plan.Allowance{}, true},
		{"deletes", "relationship.x:many", plan.Allowance{}, true},
		{"deletes", "relationship.x:-1", plan.Allowance{}, true},
		{"deletes", "relationship.x:", plan.Allowance{}, true},
	} {
		var got []plan.Allowance
		err := allowFlag{c.kind, &got}.Set(c.text)
		switch {
		case (err != nil) != c.bad:
			t.Errorf("-allow-%s=%s: error %v", c.kind, c.text, err)
		case !c.bad && (len(got) != 1 || got[0] != c.want):
			t.Errorf("-allow-%s=%s: %+v, want %+v", c.kind, c.text, got, c.want)
		}
	}
}

func TestVariablesKeepTheirOrder(t *testing.T) {
	var got variables
	for _, set := range []func() error{
		func() error { return varFlag{&got}.Set("region=north") },
		func() error { return varFileFlag{&got}.Set("more.hcl") },
		func() error { return varFlag{&got}.Set("url=https://x.example/?a=b") },
		func() error { return varFlag{&got}.Set("empty=") },
	} {
		if err := set(); err != nil {
			t.Fatal(err)
		}
	}
	want := variables{{Name: "region", Value: "north"}, {File: "more.hcl"}, {Name: "url", Value: "https://x.example/?a=b"}, {Name: "empty"}}
	if !slices.EqualFunc(got, want, func(a, b schema.VarAssignment) bool { return a == b }) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, bad := range []string{"region", "=north", ""} {
		if err := (varFlag{&got}).Set(bad); err == nil {
			t.Errorf("-var %q is accepted", bad)
		}
	}
}
