package pim

import "time"

func (it *Item) Attributes(floating *time.Location) map[string]any { return nil }
func FieldValue(kind Kind, field string, v any) (Value, error)     { return Value{}, nil }

type Name struct {
	Name, Type, Doc string
	Fields          []string
	Settable        bool
}

func Names(kind Kind) []Name                          { return nil }
func FieldName(kind Kind, name string) (string, bool) { return name, true }
func alarmText(s string) string                       { return s }
func splitAddress(s string) []string                  { return nil }
