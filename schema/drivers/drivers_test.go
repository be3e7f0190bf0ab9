package drivers

import (
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

var attributes = []providers.Attribute{
	{Name: "path", Type: providers.String, Required: true, Address: true},
	{Name: "password", Type: providers.String, Sensitive: true},
	{Name: "tags", Type: providers.List},
	{Name: "kind", Type: providers.String},
}

func TestBodySchema(t *testing.T) {
	common := scope.BodySchema([]string{"kind"}, []string{"kind"})
	var names []string
	for _, a := range BodySchema(common, attributes).Attributes {
		names = append(names, a.Name)
	}
	if !slices.Equal(names, []string{"kind", "path", "password", "tags"}) || len(common.Attributes) != 1 {
		t.Errorf("attributes %q", names)
	}
}

// TestConfigure: what a driver gets, what is shown of it, and when a folder is not resolved yet.
func TestConfigure(t *testing.T) {
	for _, c := range []struct {
		source         string
		values, shown  int
		unresolved, ok bool
	}{
		{`path = "p"` + "\n" + `password = "x"` + "\n" + `tags = ["a"]`, 3, 2, false, true},
		{`path = null`, 0, 0, true, true},
		{`path = []`, 0, 0, false, false},
		{`path = timestamp()`, 0, 0, false, false},
	} {
		file, diags := hclsyntax.ParseConfig([]byte(c.source), "main.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		attrs, _ := file.Body.JustAttributes()
		sc := scope.New(functions.Surroundings{}, cty.EmptyObject)
		got, ok := Configure(sc, sc.CompileAll(attrs, 0), attributes, &scope.Instance{})
		if len(got.Values) != c.values || len(got.Shown) != c.shown || got.Unresolved != c.unresolved || ok != c.ok || sc.HasErrors() == ok {
			t.Errorf("%s: %+v, %t, %v", c.source, got, ok, sc.Diagnostics())
		}
		if _, leaked := got.Shown["password"]; leaked {
			t.Errorf("%s: the password is shown", c.source)
		}
	}
}
