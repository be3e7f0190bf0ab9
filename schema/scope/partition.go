package scope

import (
	"fmt"
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
)

// Partitioned is what a folder block with a partition stands for: a folder for each key, whichever they are. Its value is a capsule of type PartitionedAs.
type Partitioned struct {
	Address string                      // folder.timetable
	Of      func(key *string) cty.Value // the folder of a key; of nil, one that is unresolved
	Mark    string                      // for fingerprints: another one when the block says something else
}

// PartitionedAs is the type of a folder block with a partition.
var PartitionedAs = cty.Capsule("partitioned folder", reflect.TypeOf(Partitioned{}))

// Identity is what fingerprints know the block by.
func (p *Partitioned) Identity() string { return p.Address + " " + p.Mark }

// partition is the name that stands between the block and a key: folder.timetable.partition[KEY].
const partition = "partition"

// oneOf is the function that gives the one partition of a key, in a list of one; nobody can write its name.
const oneOf = "partition of"

var oneOfFunction = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "folder", Type: PartitionedAs}, {Name: "key", Type: cty.String, AllowNull: true}},
	Type: func(args []cty.Value) (cty.Type, error) {
		if !args[0].IsKnown() || !args[1].IsKnown() {
			return cty.DynamicPseudoType, nil
		}
		return cty.List(partitionOf(args).Type()), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		return cty.ListVal([]cty.Value{partitionOf(args)}), nil
	},
})

func partitionOf(args []cty.Value) cty.Value {
	p := args[0].EncapsulatedValue().(*Partitioned)
	if args[1].IsNull() {
		return p.Of(nil)
	}
	key := args[1].AsString()
	return p.Of(&key)
}

// findPartitions makes folder.NAME.partition[KEY] ask the block for that key alone: nobody knows all keys before the rows are read, and a key without rows is an
// empty folder. It changes the expression, once.
func (sc *Scope) findPartitions(e *Expression) {
	expr := nativeOf(e.Expression)
	if expr == nil {
		return
	}
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		index, ok := node.(*hclsyntax.IndexExpr)
		if !ok {
			return nil
		}
		collection, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr)
		if !ok || len(collection.Traversal) != 3 || collection.Traversal.RootName() != "folder" || Step(collection.Traversal[2]) != partition {
			return nil
		}
		n := sc.names["folder."+Step(collection.Traversal[1])]
		switch {
		case n == nil:
			return nil
		case !sc.value(n).IsKnown(): // it was said why
			e.Broken = true
			return nil
		case n.value.Type() != PartitionedAs:
			return nil
		}
		e.names = append(e.names, n)
		at := collection.Range()
		index.Collection = &hclsyntax.FunctionCallExpr{Name: oneOf, NameRange: at, OpenParenRange: at, CloseParenRange: at,
			Args: []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: n.value, SrcRange: at}, index.Key}}
		index.Key = &hclsyntax.LiteralValueExpr{Val: cty.Zero, SrcRange: index.Key.Range()}
		return nil
	})
}

// nativeOf is an expression in native syntax, also of one that a string of JSON or YAML holds; nil: it has none.
func nativeOf(expr hcl.Expression) hclsyntax.Expression {
	if w, ok := expr.(Written); ok {
		inner, _ := w.Inner()
		return inner
	}
	native, _ := expr.(hclsyntax.Expression)
	return native
}

// lookUpPartition is what an expression finds under the name of a block with a partition, when it names a key of it as a text.
func (sc *Scope) lookUpPartition(e *Expression, n *name, t hcl.Traversal, found cty.Value) cty.Value {
	p := n.value.EncapsulatedValue().(*Partitioned)
	if len(t) < 4 || Step(t[2]) != partition || Step(t[3]) == "" {
		e.Broken = true
		sc.Report(diagnose.Mistake(t.SourceRange(), "Not a folder", fmt.Sprintf("%s has a partition: it is as many folders as its column has values.", p.Address),
			fmt.Sprintf("Write %s.partition[KEY], such as %s.partition[each.key].", p.Address, p.Address)))
		return cty.DynamicVal
	}
	keys := map[string]cty.Value{}
	if found != cty.NilVal && found.Type().IsObjectType() {
		keys = found.GetAttr(partition).AsValueMap()
	}
	key := Step(t[3])
	keys[key] = p.Of(&key)
	return cty.ObjectVal(map[string]cty.Value{partition: cty.MapVal(keys)})
}

// hasPartitions reports whether a name is a folder block with a partition.
func (n *name) hasPartitions() bool {
	return n.value.Type() == PartitionedAs && n.value.IsKnown() && !functions.Plain(n.value).IsNull()
}
