package view

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/state"
)

// facts is a record of the state as names and values, in the order in which they are shown.
type facts []fact

type fact struct {
	name  string
	value any
}

// MarshalJSON writes an object with the facts in their order.
func (f facts) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, fact := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(fact.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(fact.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// record shows one record of the state, without what it does not say.
func (v *View) record(typ string, f facts) error {
	f = slices.DeleteFunc(f, func(f fact) bool { return f.value == nil || f.value == "" || f.value == time.Time{} })
	if v.opts.JSON {
		return v.Line(typ, f)
	}
	for _, fact := range f {
		text := fmt.Sprint(fact.value)
		switch value := fact.value.(type) {
		case time.Time:
			text = clock(value)
		case []string:
			text = words.List(value...)
		case json.RawMessage:
			text = string(value)
		}
		if _, err := fmt.Fprintf(v.out, "%-14s %s\n", fact.name, Clean(text)); err != nil {
			return err
		}
	}
	return nil
}

// Folder shows what is recorded of a folder that holds a number of items.
func (v *View) Folder(f state.Folder, items int) error {
	var block any
	if len(f.Block) > 0 {
		block = json.RawMessage(f.Block)
	}
	return v.record("folder", facts{
		{"address", f.Address}, {"kind", string(f.Kind)}, {"location", f.Location}, {"identity", f.Identity}, {"cursor", f.Cursor},
		{"items", items}, {"configuration", block},
	})
}

// Relationship shows what is recorded of a relationship that has a number of pairs.
func (v *View) Relationship(r state.Relationship, pairs int) error {
	return v.record("relationship", facts{
		{"address", r.Address}, {"source", r.Source}, {"destination", r.Destination}, {"pairs", pairs}, {"on_remove", r.OnRemove},
		{"since", r.Since}, {"block", r.Block}, {"key", r.Key},
	})
}

// Item shows what is recorded of an item in a folder.
func (v *View) Item(folder string, it state.Item) error {
	return v.record("item", facts{
		{"folder", folder}, {"ref", it.Ref}, {"uid", it.UID}, {"key", it.Key}, {"version", it.Version}, {"unreadable", it.Unreadable},
	})
}

// Pair shows what is recorded of a pair.
func (v *View) Pair(p state.Pair) error {
	return v.record("pair", pairFacts(p))
}

func pairFacts(p state.Pair) facts {
	var apart any
	if names := differing(p); len(names) > 0 {
		apart = names
	}
	return facts{
		{"relationship", p.Relationship}, {"status", string(p.Status)}, {"original", p.Original}, {"original_ref", p.OriginalRef},
		{"replica", p.Replica}, {"replica_ref", p.ReplicaRef}, {"generation", p.Generation}, {"adopted", p.Adopted}, {"refused", p.Refused != 0},
		{"fields_apart", apart}, {"from", p.From}, {"to", p.To},
	}
}

// differing lists the fields that the two sides held differently when they were last settled.
func differing(p state.Pair) []string {
	var names []string
	for name, digest := range p.BaseOriginal {
		if !digest.Equal(p.BaseReplica[name]) {
			names = append(names, name)
		}
	}
	for name := range p.BaseReplica {
		if _, both := p.BaseOriginal[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Listed shows that the state knows an address.
func (v *View) Listed(typ, address string) error {
	if v.opts.JSON {
		return v.Line(typ, facts{{"address", address}})
	}
	_, err := io.WriteString(v.out, Clean(address)+"\n")
	return err
}

// ListedPair shows a pair as one of many.
func (v *View) ListedPair(p state.Pair) error {
	if v.opts.JSON {
		return v.Pair(p)
	}
	replica := "no replica"
	if p.ReplicaRef != "" {
		replica = words.Title(p.ReplicaRef)
	}
	_, err := fmt.Fprintf(v.out, "%s %s → %s, %s\n", Clean(p.Relationship), words.Title(p.Original), replica, p.Status)
	return err
}
