package state

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// appendLine adds a record as a line of JSON: its type, and every field that says something.
func appendLine(b []byte, typ string, record any) ([]byte, error) {
	b = fmt.Appendf(b, `{"type":%q`, typ)
	b, err := appendFields(b, reflect.ValueOf(record), true)
	return append(b, "}\n"...), err
}

// appendFields adds the fields of a struct that are not zero; those of an embedded one are its own.
func appendFields(b []byte, v reflect.Value, follows bool) ([]byte, error) {
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		if value.IsZero() {
			continue
		}
		if follows {
			b = append(b, ',')
		}
		follows = true
		var err error
		if field.Anonymous {
			b, err = appendFields(b, value, false)
		} else {
			b, err = appendValue(fmt.Appendf(b, "%q:", snake(field.Name)), value)
		}
		if err != nil {
			return b, fmt.Errorf("%s: %w", snake(field.Name), err)
		}
	}
	return b, nil
}

func appendValue(b []byte, v reflect.Value) (_ []byte, err error) {
	switch v.Kind() {
	case reflect.String:
		if text := v.String(); !utf8.ValidString(text) {
			return fmt.Appendf(b, `{"base64":%q}`, base64.StdEncoding.EncodeToString([]byte(text))), nil
		}
	case reflect.Pointer:
		return appendValue(b, v.Elem())
	case reflect.Struct:
		if at, ok := v.Interface().(time.Time); ok {
			if at.Year() < 0 || at.Year() > 9999 {
				return fmt.Appendf(b, `{"seconds":%d,"nanoseconds":%d}`, at.Unix(), at.Nanosecond()), nil
			}
			break
		}
		b, err = appendFields(append(b, '{'), v, false)
		return append(b, '}'), err
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendValue(b, v.Index(i)); err != nil {
				return b, err
			}
		}
		return append(b, ']'), nil
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(x, y reflect.Value) int { return strings.Compare(x.String(), y.String()) })
		b = append(b, '{')
		for i, key := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			name, err := json.Marshal(key.String())
			if err != nil {
				return b, err
			}
			if b, err = appendValue(append(append(b, name...), ':'), v.MapIndex(key)); err != nil {
				return b, err
			}
		}
		return append(b, '}'), nil
	}
	text, err := json.Marshal(v.Interface())
	return append(b, text...), err
}

// readLine reads what appendLine wrote. A field that the record does not have is an error: it would be lost.
func readLine[T any](line []byte) (T, error) {
	var record T
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(line, &fields); err != nil {
		return record, err
	}
	delete(fields, "type")
	return record, readFields(fields, reflect.ValueOf(&record).Elem())
}

func readFields(fields map[string]json.RawMessage, v reflect.Value) error {
	if err := takeFields(fields, v); err != nil {
		return err
	}
	for name := range fields {
		return fmt.Errorf("the field %q is unknown: it was written by a newer version of accord, or by something else", name)
	}
	return nil
}

// takeFields reads the fields that a struct has, and takes them off the list.
func takeFields(fields map[string]json.RawMessage, v reflect.Value) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.Anonymous {
			if err := takeFields(fields, v.Field(i)); err != nil {
				return err
			}
			continue
		}
		name := snake(field.Name)
		if text, there := fields[name]; there {
			if err := readValue(text, v.Field(i)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			delete(fields, name)
		}
	}
	return nil
}

func readValue(text json.RawMessage, v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		if isObject(text) {
			var packed struct{ Base64 []byte }
			if err := json.Unmarshal(text, &packed); err != nil {
				return err
			}
			v.SetString(string(packed.Base64))
			return nil
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return readValue(text, v.Elem())
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			return readTime(text, v)
		}
		fields := map[string]json.RawMessage{}
		if err := json.Unmarshal(text, &fields); err != nil {
			return err
		}
		return readFields(fields, v)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		var list []json.RawMessage
		if err := json.Unmarshal(text, &list); err != nil {
			return err
		}
		v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
		for i, one := range list {
			if err := readValue(one, v.Index(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		var values map[string]json.RawMessage
		if err := json.Unmarshal(text, &values); err != nil {
			return err
		}
		v.Set(reflect.MakeMap(v.Type()))
		for name, one := range values {
			value := reflect.New(v.Type().Elem()).Elem()
			if err := readValue(one, value); err != nil {
				return err
			}
			v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), value)
		}
		return nil
	}
	return json.Unmarshal(text, v.Addr().Interface())
}

func isObject(text json.RawMessage) bool { return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) }

func readTime(text json.RawMessage, v reflect.Value) error {
	var at time.Time
	var far struct{ Seconds, Nanoseconds int64 }
	if isObject(text) {
		if err := json.Unmarshal(text, &far); err != nil {
			return err
		}
		at = time.Unix(far.Seconds, far.Nanoseconds)
	} else if err := json.Unmarshal(text, &at); err != nil {
		return err
	}
	v.Set(reflect.ValueOf(at.UTC()))
	return nil
}

// snake is a Go name in small letters with underscores: OriginalRef is original_ref, UID is uid.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
