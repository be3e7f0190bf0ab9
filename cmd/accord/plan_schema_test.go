package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
)

var schemaFile = filepath.Join(root, "docs", "plan.schema.json")

func planSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	s, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance is a document as the schema sees it.
func instance(t *testing.T, document []byte) map[string]any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := v.(map[string]any)
	return m
}

// TestPlanSchemaHolds validates the plan of every example, every document in a testdata directory, and one that holds everything.
func TestPlanSchemaHolds(t *testing.T) {
	schema := planSchema(t)
	holds := func(t *testing.T, document []byte) {
		t.Helper()
		if err := schema.Validate(instance(t, document)); err != nil {
			t.Error(err)
		}
	}
	for name, doc := range map[string]*plan.Document{"everything": sample.Everything(), "university": sample.University(60)} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := view.Document(&out, doc); err != nil {
				t.Fatal(err)
			}
			holds(t, out.Bytes())
		})
	}
	examples, err := filepath.Glob(filepath.Join(root, "examples", "*", "main.hcl"))
	if err != nil || len(examples) < 5 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	for _, main := range examples {
		t.Run(filepath.Base(filepath.Dir(main)), func(t *testing.T) {
			text, err := os.ReadFile(main)
			switch {
			case err != nil:
				t.Fatal(err)
			case rowsOfServer.Match(text):
				t.Skip("it has rows of a server, without which nothing is planned")
			}
			holds(t, planned(t, filepath.Dir(main)))
		})
	}
	golden := 0
	for path, document := range goldenDocuments(t) {
		golden++
		t.Run(filepath.Base(path), func(t *testing.T) { holds(t, document) })
	}
	if golden == 0 {
		t.Error("no golden document was found")
	}
}

// rowsOfServer are of a configuration whose people a server knows.
var rowsOfServer = regexp.MustCompile(`(?m)^data "ldap"|^  driver += "postgres"`)

// planned is the document of an example's first plan.
func planned(t *testing.T, example string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(example)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, ".accord")); err != nil {
		t.Fatal(err)
	}
	p := testProgram()
	if code := p.run(t.Context(), []string{"plan", "-chdir", dir, "-json-into", "plan.json"}); code != 0 {
		t.Fatalf("exit code %d: %s", code, p.err)
	}
	document, err := os.ReadFile(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// goldenDocuments are the documents of plans in testdata directories, by path.
func goldenDocuments(t *testing.T) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".json" || !strings.Contains(filepath.ToSlash(path), "/testdata/") {
			return err
		}
		text, err := os.ReadFile(path)
		var head struct {
			FormatVersion string `json:"format_version"`
			PlanID        string `json:"plan_id"`
		}
		if json.Unmarshal(text, &head) == nil && head.FormatVersion != "" && head.PlanID != "" {
			found[path] = text
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A reader that holds on to the schema takes reasons and fields of later versions, and nothing that lacks what is promised.
func TestPlanSchemaTellsPlansApart(t *testing.T) {
	schema := planSchema(t)
	relationship := func(doc map[string]any) map[string]any { return doc["relationships"].([]any)[0].(map[string]any) }
	operation := func(doc map[string]any) map[string]any {
		return relationship(doc)["operations"].([]any)[1].(map[string]any)
	}
	field := func(doc map[string]any) map[string]any { return operation(doc)["fields"].([]any)[0].(map[string]any) }
	for name, c := range map[string]struct {
		change func(doc map[string]any)
		fits   bool
	}{
		"as it is":                 {func(map[string]any) {}, true},
		"another reason":           {func(d map[string]any) { operation(d)["reason"] = "a_code_of_tomorrow" }, true},
		"another field":            {func(d map[string]any) { d["tomorrow"] = true; operation(d)["tomorrow"] = 1 }, true},
		"a later version":          {func(d map[string]any) { d["format_version"] = "1.7" }, true},
		"another format":           {func(d map[string]any) { d["format_version"] = "2.0" }, false},
		"no reason":                {func(d map[string]any) { delete(operation(d), "reason") }, false},
		"an empty reason":          {func(d map[string]any) { operation(d)["reason"] = "" }, false},
		"an unknown action":        {func(d map[string]any) { operation(d)["action"] = "move" }, false},
		"an unknown status":        {func(d map[string]any) { relationship(d)["status"] = "fine" }, false},
		"no operations":            {func(d map[string]any) { delete(relationship(d), "operations") }, false},
		"operations that are null": {func(d map[string]any) { relationship(d)["operations"] = nil }, false},
		"fields that are null":     {func(d map[string]any) { operation(d)["fields"] = nil }, false},
		"no after":                 {func(d map[string]any) { delete(field(d), "after") }, false},
		"a count that is a text":   {func(d map[string]any) { d["summary"].(map[string]any)["add"] = "3" }, false},
		"a count below zero":       {func(d map[string]any) { d["summary"].(map[string]any)["add"] = -1 }, false},
		"a time that is none":      {func(d map[string]any) { d["created_at"] = "yesterday" }, false},
		"no diagnostics":           {func(d map[string]any) { delete(d, "diagnostics") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := view.Document(&out, sample.Everything()); err != nil {
				t.Fatal(err)
			}
			doc := instance(t, out.Bytes())
			c.change(doc)
			if err := schema.Validate(doc); (err == nil) != c.fits {
				t.Errorf("%v", err)
			}
		})
	}
}

// schemaObject is an object of the schema file.
type schemaObject struct {
	Description string
	Required    []string
	Properties  map[string]struct{ Description, Ref string }
}

// TestPlanSchemaIsTheDocument holds the schema to the Go types: the same properties, required unless they may be absent, each described.
func TestPlanSchemaIsTheDocument(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		schemaObject
		Defs map[string]schemaObject `json:"$defs"`
	}
	if err := json.Unmarshal(bytes.ReplaceAll(text, []byte(`"$ref"`), []byte(`"ref"`)), &file); err != nil {
		t.Fatal(err)
	}
	file.Defs["document"] = file.schemaObject
	for name, typ := range map[string]reflect.Type{
		"document": reflect.TypeFor[plan.Document](), "summary": reflect.TypeFor[plan.Summary](), "relationship": reflect.TypeFor[plan.Relationship](),
		"operation": reflect.TypeFor[plan.Operation](), "field": reflect.TypeFor[plan.Field](), "diagnostic": reflect.TypeFor[plan.Diagnostic](),
		"allowance": reflect.TypeFor[plan.Allowance](), "requests": reflect.TypeFor[plan.Requests](),
		"fault": reflect.TypeFor[plan.Fault](), "version": reflect.TypeFor[plan.Version](),
		"people": reflect.TypeFor[plan.People](), "share": reflect.TypeFor[plan.Share](), "change": reflect.TypeFor[plan.Change](),
	} {
		object, ok := file.Defs[name]
		if !ok || object.Description == "" {
			t.Errorf("%s is not described", name)
		}
		delete(file.Defs, name)
		var names []string
		for i := range typ.NumField() {
			if !typ.Field(i).IsExported() {
				continue
			}
			property, option, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			names = append(names, property)
			if required := slices.Contains(object.Required, property); required != (option == "") {
				t.Errorf("%s.%s is required: %v", name, property, required)
			}
		}
		for property, about := range object.Properties {
			if !slices.Contains(names, property) {
				t.Errorf("%s.%s is not in the document", name, property)
			}
			if about.Description == "" && about.Ref == "" {
				t.Errorf("%s.%s is not described", name, property)
			}
		}
		for _, property := range names {
			if _, ok := object.Properties[property]; !ok {
				t.Errorf("%s.%s is not in the schema", name, property)
			}
		}
	}
	for name := range file.Defs {
		t.Errorf("$defs/%s is no part of the document", name)
	}
}
