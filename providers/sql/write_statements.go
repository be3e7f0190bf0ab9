package sql

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/schema/pim"
)

// writing is how a folder is written.
type writing struct {
	dialect *dialect
	kind    pim.Kind
	zone    *time.Location // which times are written in; nil: no statement has a time
	keys    []string       // columns
	extra   map[string]string
	params  map[string]any
	part    *string

	statements map[providers.WriteKind]named.Statement
}

// attributeOf names the attribute that a kind of write has its statement in.
func attributeOf(k providers.WriteKind) string {
	return [...]string{"insert", "update", "delete"}[k]
}

var writeKinds = [...]providers.WriteKind{providers.Create, providers.Update, providers.Delete}

// writingOf reads the statements of a folder; nil: it has none, and is only read. The error is of class Refused.
func (d *dialect) writingOf(cfg providers.FolderConfig) (*writing, error) {
	var lacks []string
	for _, k := range writeKinds {
		if strings.TrimSpace(cfg.Attributes.String(attributeOf(k))) == "" {
			lacks = append(lacks, attributeOf(k))
		}
	}
	switch len(lacks) {
	case len(writeKinds):
		return nil, nil
	case 0:
	default:
		return nil, refusedWriting(cfg, fmt.Errorf("%s: the statement is missing: a folder is written with insert, update and delete, or read without any of them", strings.Join(lacks, " and ")))
	}
	w := &writing{
		dialect: d, kind: cfg.Kind, zone: cfg.Zone, keys: cfg.Attributes.List("key"), part: cfg.Partition,
		extra: map[string]string{}, statements: map[providers.WriteKind]named.Statement{},
	}
	w.params, _ = cfg.Attributes["params"].(map[string]any)
	for _, name := range cfg.Attributes.Mapping("extra").Names {
		if field, err := rows.ExtraField(name); err == nil {
			w.extra[name] = field
		}
	}
	if len(cfg.Attributes.Tables()) > 0 {
		return nil, refusedWriting(cfg, errors.New("a folder over table blocks is only read: leave insert, update and delete out"))
	}
	for _, k := range writeKinds {
		if err := w.read(k, cfg); err != nil {
			return nil, refusedWriting(cfg, fmt.Errorf("%s: %w", attributeOf(k), err))
		}
	}
	return w, w.checkParams(cfg)
}

// checkParams looks for what params gives to nobody.
func (w *writing) checkParams(cfg providers.FolderConfig) error {
	query, err := named.Parse(cfg.Attributes.String("query"), w.dialect.syntax)
	if err != nil {
		return nil // who reads the query says so
	}
	for _, name := range slices.Sorted(maps.Keys(w.params)) {
		if !query.Uses(name) && !slices.ContainsFunc(writeKinds[:], func(k providers.WriteKind) bool { return w.statements[k].Uses(name) }) {
			return refusedWriting(cfg, fmt.Errorf("params gives %q, and neither the query nor a statement has :%s", name, name))
		}
	}
	return nil
}

func refusedWriting(cfg providers.FolderConfig, err error) error {
	return providers.Classed(providers.Refused, fmt.Errorf("sql: %s: %w", cfg.Address, err))
}

// read reads one statement.
func (w *writing) read(k providers.WriteKind, cfg providers.FolderConfig) error {
	s, err := named.Parse(cfg.Attributes.String(attributeOf(k)), w.dialect.syntax)
	if err != nil {
		return err
	}
	known := w.names(k, cfg)
	byColumn := k != providers.Create && !(len(w.keys) == 1 && s.Uses("key")) // which row is said by columns of the key
	for _, name := range s.Names() {
		switch other := w.meaning(k, name, cfg); {
		case byColumn && slices.Contains(w.keys, name) && other != "":
			return fmt.Errorf("%s: :%s is %s, and a column of key as well: %s", s.Place(name), name, other, w.instead())
		case name == "version" && k != providers.Create && cfg.Attributes.String("version") == "":
			return fmt.Errorf("%s: :version is the value of a column: say which, in version", s.Place(name))
		case !slices.Contains(known, name):
			return fmt.Errorf("%s: there is no parameter :%s; there are :%s", s.Place(name), name, strings.Join(known, ", :"))
		case w.zone == nil && isMoment(strings.TrimSuffix(name, utcSuffix)):
			return fmt.Errorf("%s: times cannot be written without knowing where: say timezone, of the folder or of its provider", s.Place(name))
		}
	}
	w.statements[k] = s
	switch {
	case k != providers.Create && !w.hasKey(s):
		return fmt.Errorf("it does not say which row: add where %s", w.condition())
	case k == providers.Create && !s.Gives() && !w.hasKey(s) && !(w.dialect.lastID && len(w.keys) == 1):
		return fmt.Errorf("it does not tell the key of the new row: %s", w.telling())
	}
	return nil
}

// meaning is what a parameter of a statement means that is no column of the key; "": nothing.
func (w *writing) meaning(k providers.WriteKind, name string, cfg providers.FolderConfig) string {
	base, utc := strings.CutSuffix(name, utcSuffix)
	_, extra := w.extra[name]
	switch {
	case name == "version" && cfg.Attributes.String("version") != "":
		return "the version"
	case name == "partition" && cfg.Attributes.String("partition") != "":
		return "the partition"
	case k == providers.Delete:
	case extra, slices.ContainsFunc(pim.Names(w.kind), func(n pim.Name) bool { return n.Name == name || utc && n.Name == base && isMoment(base) }):
		return "what the item says"
	}
	return ""
}

// instead says how a row is named whose key is called like something else, for a message.
func (w *writing) instead() string {
	if len(w.keys) == 1 {
		return "say which row by :key"
	}
	return "let the query call the column something else, with as, and write that in key"
}

// hasKey reports whether a statement has the whole key.
func (w *writing) hasKey(s named.Statement) bool {
	if len(w.keys) == 1 && s.Uses("key") {
		return true
	}
	return !slices.ContainsFunc(w.keys, func(column string) bool { return !s.Uses(column) })
}

// condition says which row is meant, for a message.
func (w *writing) condition() string {
	if len(w.keys) == 1 {
		return w.keys[0] + " = :key"
	}
	var parts []string
	for _, column := range w.keys {
		parts = append(parts, column+" = :"+column)
	}
	return strings.Join(parts, " and ")
}

// telling says how an insert tells the key, for a message.
func (w *writing) telling() string {
	columns := strings.Join(w.keys, ", ")
	switch w.dialect.syntax.Giving {
	case "returning":
		return "end it with returning " + columns
	case "output":
		return "write output inserted." + strings.Join(w.keys, ", inserted.") + " before values"
	}
	return "write :key into " + columns + ", which Accord makes then"
}

// names are the parameters that a statement may have.
func (w *writing) names(k providers.WriteKind, cfg providers.FolderConfig) []string {
	var names []string
	if len(w.keys) == 1 {
		names = append(names, "key")
	}
	if k != providers.Create {
		names = append(names, w.keys...)
		names = append(names, "version")
	}
	if cfg.Attributes.String("partition") != "" {
		names = append(names, "partition")
	}
	for name := range w.params {
		names = append(names, name)
	}
	if k != providers.Delete {
		for _, n := range pim.Names(w.kind) {
			if n.Name == "extra" {
				continue
			}
			names = append(names, n.Name)
			if isMoment(n.Name) {
				names = append(names, n.Name+utcSuffix)
			}
		}
		for name := range w.extra {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// conditional reports whether updates and deletes leave alone what has another version.
func (w *writing) conditional() bool {
	return w.statements[providers.Update].Uses("version") && w.statements[providers.Delete].Uses("version")
}

// writesInOne is how many writes one transaction takes.
const writesInOne = 500

// capabilities adds what a folder that is written can do.
func (w *writing) capabilities(c *providers.Capabilities) {
	c.ReadOnly, c.Batch, c.Zoned = false, writesInOne, w.zone != nil
	c.Conditional, c.Creates = w.conditional(), providers.NotIdempotent
	if c.UIDs {
		c.Creates = providers.ByUID
	}
}
