// Package rows makes items of rows: what drivers share whose stores hold tables and entries instead of items.
package rows

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/recur"
)

// uidField is the name in a mapping that is no field of an item's.
const uidField = "uid"

// Config is what a Maker needs to know of a folder.
type Config struct {
	Kind   pim.Kind
	Zone   *time.Location // of times that have none; nil: they float
	Origin string         // what a key is unique in: UIDs that nothing maps are made of it and the key
	Fields providers.Mapping
	Extra  providers.Mapping // its Of may be nil
}

// Maker makes the items of one folder. It is safe for concurrent use.
type Maker struct {
	cfg      Config
	identity string
	reads    []reading // that fields does, in order of the fields
}

// reading is a column that a field is made of.
type reading struct{ field, column string }

// New checks that what is mapped can make items. The error is of class Refused.
func New(cfg Config) (*Maker, error) {
	if cfg.Fields.Of == nil {
		return nil, providers.Classed(providers.Refused, errors.New("fields is missing: it says what an item is made of"))
	}
	if need := needed(cfg.Kind); need != "" && !slices.Contains(cfg.Fields.Names, need) {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("fields says no %s, which every item of kind %s needs", need, cfg.Kind))
	}
	for _, name := range cfg.Extra.Names {
		if _, err := ExtraField(name); err != nil {
			return nil, providers.Classed(providers.Refused, err)
		}
	}
	m := &Maker{cfg: cfg, identity: identify(cfg)}
	for _, field := range slices.Sorted(maps.Keys(cfg.Fields.Columns)) {
		for _, column := range cfg.Fields.Columns[field] {
			m.reads = append(m.reads, reading{field, column})
		}
	}
	return m, nil
}

// Fits reports that rows of these columns lack one that something is made of: every item would be without it. The error is of class Refused.
func (m *Maker) Fits(columns []string) error {
	if fits := m.cfg.Fields.Fits; fits != nil {
		if err := fits(columns); err != nil {
			return providers.Classed(providers.Refused, fmt.Errorf("fields: %w", err))
		}
	}
	if fits := m.cfg.Extra.Fits; fits != nil {
		if err := fits(columns); err != nil {
			return providers.Classed(providers.Refused, fmt.Errorf("extra: %w", err))
		}
	}
	return nil
}

// needed is the field without which stores refuse an item; "": there is none.
func needed(kind pim.Kind) string {
	switch kind {
	case pim.Calendar:
		return "start"
	case pim.Contacts:
		return "name"
	}
	return ""
}

// Item makes the item of a key from its rows, of which there is at least one, in an order that depends on what they say alone: see [Compare]. The error is of class
// Refused and names the row by its key, the field, the columns where that can be told, and what is wrong.
func (m *Maker) Item(key string, rows []providers.Row) (*pim.Item, error) {
	it, err := m.item(key, rows)
	if err != nil {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("row %q: %w", key, err))
	}
	return it, nil
}

func (m *Maker) item(key string, rows []providers.Row) (*pim.Item, error) {
	if err := m.contradiction(rows); err != nil {
		return nil, err
	}
	said, err := m.cfg.Fields.Of(rows)
	if err != nil {
		return nil, err
	}
	uid := m.UID(key)
	if v, mapped := said[uidField]; mapped {
		if uid, _ = Text(v); uid == "" {
			return nil, fmt.Errorf("uid%s is null or empty: leave it out of fields, and it is made of the key", m.columns(uidField))
		}
	}
	changes := make(pim.Fields, len(said))
	for _, field := range slices.Sorted(maps.Keys(said)) {
		if field == uidField {
			continue
		}
		if changes[field], err = pim.FieldValue(m.cfg.Kind, field, plain(field, said[field])); err != nil {
			return nil, fmt.Errorf("%w%s", err, m.columns(field))
		}
	}
	if err := m.extra(rows, changes); err != nil {
		return nil, err
	}
	if need := needed(m.cfg.Kind); need != "" && changes[need].IsZero() {
		return nil, fmt.Errorf("%s%s is null or empty, and every item of kind %s needs one", need, m.columns(need), m.cfg.Kind)
	}
	it := pim.New(m.cfg.Kind, uid).WithFields(changes)
	if m.cfg.Zone != nil {
		it = it.Grounded(m.cfg.Zone)
	}
	if flaw := it.Fields().Flaw(m.cfg.Kind); flaw != "" {
		return nil, fmt.Errorf("%s%s", flaw, m.columns("start", "end", "due"))
	}
	if changes[recurrence].IsZero() {
		return it, nil
	}
	for _, err := range it.Spans(time.Time{}, m.cfg.Zone) { // the first tells whether the rule is one
		if err != nil && !errors.Is(err, recur.ErrBudget) {
			return nil, fmt.Errorf("%w%s", err, m.columns(recurrence))
		}
		break
	}
	return it, nil
}

// contradiction reports a column that fields reads of the first row alone, and of which the rows of the item say different things.
func (m *Maker) contradiction(rows []providers.Row) error {
	for _, other := range rows[1:] {
		for _, r := range m.reads {
			if Compare(rows[0][r.column], other[r.column]) != 0 {
				return fmt.Errorf("%s: its rows differ in column %s: make the key name one item, or say in fields what is made of all of them, with rows", r.field, r.column)
			}
		}
	}
	return nil
}

const recurrence = "recurrence"

// extra adds what the mapping of that name makes.
func (m *Maker) extra(rows []providers.Row, changes pim.Fields) error {
	if m.cfg.Extra.Of == nil {
		return nil
	}
	said, err := m.cfg.Extra.Of(rows)
	if err != nil {
		return fmt.Errorf("extra: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(said)) {
		field, err := ExtraField(name)
		if err != nil {
			return err
		}
		if changes[field], err = pim.FieldValue(m.cfg.Kind, field, plain(field, said[name])); err != nil {
			return fmt.Errorf("extra: %w", err)
		}
	}
	return nil
}

// columns tells, for a message, which columns fields are made of.
func (m *Maker) columns(fields ...string) string {
	var all []string
	for _, field := range fields {
		all = append(all, m.cfg.Fields.Columns[field]...)
	}
	slices.Sort(all)
	switch all = slices.Compact(all); len(all) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" (column %s)", all[0])
	}
	return fmt.Sprintf(" (columns %s)", strings.Join(all, ", "))
}

// UID is that of a key where nothing maps one: the same in every folder of the origin, and in every run.
func (m *Maker) UID(key string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %s%s", len(m.cfg.Origin), m.cfg.Origin, key)
	b := h.Sum(nil)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// UIDs reports whether items have the UIDs that the rows say.
func (m *Maker) UIDs() bool { return slices.Contains(m.cfg.Fields.Names, uidField) }

// Identity is another one when the same rows make other items: 12 hexadecimal digits.
func (m *Maker) Identity() string { return m.identity }

func identify(cfg Config) string {
	zone := ""
	if cfg.Zone != nil {
		zone = cfg.Zone.String()
	}
	h := sha256.Sum256([]byte(strings.Join([]string{string(cfg.Kind), zone, cfg.Origin, cfg.Fields.Identity, cfg.Extra.Identity}, "\x00")))
	return fmt.Sprintf("%x", h[:6])
}

// Lacks lists the fields that nothing maps, as Capabilities have them.
func (m *Maker) Lacks() []string {
	lacks := []string{parts.OverridePrefix}
	if m.cfg.Extra.Of == nil {
		lacks = append(lacks, parts.ExtraPrefix)
	}
	for _, field := range parts.Fields {
		if of, ok := pim.FieldName(m.cfg.Kind, field); ok && of == field && !slices.Contains(m.cfg.Fields.Names, field) {
			lacks = append(lacks, field)
		}
	}
	slices.Sort(lacks)
	return lacks
}

// ExtraField is the canonical field of a name in extra: that of an X- property, extra.X-GROUP-TYPE for group_type. The error says what is wrong with the name.
func ExtraField(name string) (string, error) {
	property := strings.ToUpper(strings.ReplaceAll(name, "_", "-"))
	for _, r := range property {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' {
			return "", fmt.Errorf("extra: %q is no name for an extra: use letters without accents, digits, _ and -", name)
		}
	}
	if property == "" {
		return "", errors.New("extra: a name is empty")
	}
	if !strings.HasPrefix(property, "X-") {
		property = "X-" + property
	}
	return parts.ExtraPrefix + property, nil
}

// plain is a mapped value as fields take it.
func plain(field string, v any) any {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case string:
		switch field {
		case "start", "end", "due", "completed":
			if t, ok := Time(v); ok {
				return t
			}
			return strings.TrimSpace(v)
		}
		return strings.Map(printed, v)
	}
	return v
}

// printed leaves out what is no part of a text: a calendar cannot hold it (RFC 5545 section 3.3.11, CONTROL).
func printed(r rune) rune {
	if r < ' ' && !strings.ContainsRune("\t\r\n", r) || r == 0x7f {
		return -1
	}
	return r
}
