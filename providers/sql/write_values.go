package sql

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/schema/pim"
)

// bind gives the statement of a write its values. The parameters of the query are there too; what the item says goes before them.
func (w *writing) bind(write providers.Write) (named.Bound, error) {
	s := w.statements[write.Kind]
	values := map[string]any{}
	for name, v := range w.params {
		values[name] = v
	}
	if w.part != nil {
		values["partition"] = *w.part
	}
	if write.Kind == providers.Create {
		values["key"] = write.Item.UID()
	} else {
		parts, err := rows.SplitKey(write.Ref, len(w.keys))
		if err != nil {
			return named.Bound{}, providers.Classed(providers.Missing, err)
		}
		values["key"], values["version"] = write.Ref, versionValue(write.Version)
		for i, column := range w.keys {
			values[column] = parts[i]
		}
	}
	if write.Item != nil {
		w.item(write, s.Names(), values)
	}
	b, err := s.Bind(values)
	for i, v := range b.Args {
		b.Args[i] = w.dialect.argument(v)
	}
	return b, providers.Classed(providers.Refused, err)
}

// item adds what an item says to values, by the names that are asked for.
func (w *writing) item(write providers.Write, names []string, values map[string]any) {
	known := map[string]bool{}
	for _, n := range pim.Names(w.kind) {
		known[n.Name] = true
	}
	for _, name := range names {
		base, utc := strings.CutSuffix(name, utcSuffix)
		switch field, extra := w.extra[name]; {
		case isMoment(base) && known[base]:
			values[name] = momentOf(write.Item.Attribute(base, w.zone), w.zone, utc)
		case known[name]:
			values[name] = inColumn(write.Item.Attribute(name, w.zone))
		case extra:
			values[name] = inColumn(write.Item.Fields()[field].Plain())
		}
	}
}

// inColumn is what one column holds of an attribute: of a list its elements with ", " between them, of an object what it is known by.
func inColumn(v any) any {
	switch v := v.(type) {
	case []any:
		var parts []string
		for _, element := range v {
			if part := fmt.Sprint(inColumn(element)); part != "" {
				parts = append(parts, part)
			}
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		for _, name := range []string{"value", "email", "name", "url", "before"} {
			if text, ok := v[name].(string); ok && text != "" {
				return text
			}
		}
		return addressLine(v)
	}
	return v
}

// addressLine is a postal address on one line.
func addressLine(v map[string]any) string {
	var parts []string
	for _, name := range []string{"street", "postcode", "city", "region", "country"} {
		if text, ok := v[name].(string); ok && text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

// given is the ref of a new row whose key was given to the database.
func (w *writing) given(write providers.Write) (string, error) {
	if len(w.keys) == 1 && w.statements[providers.Create].Uses("key") {
		return write.Item.UID(), nil
	}
	values, row := map[string]any{}, providers.Row{}
	w.item(write, w.keys, values)
	for _, column := range w.keys {
		row[column] = values[column]
		if v, ok := w.params[column]; ok && values[column] == nil {
			row[column] = v
		}
	}
	ref, err := rows.Key(row, w.keys)
	return ref, providers.Classed(providers.Refused, err)
}
