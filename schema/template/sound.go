package template

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim"
)

// naming is an item as errors name it: by its title, unless that is private.
func naming(it *pim.Item) string {
	title := []rune(strings.Join(strings.Fields(it.Title()), " "))
	switch {
	case it.Private():
		return "a private item"
	case len(title) == 0:
		return "an item without a title"
	case len(title) > mostOfTitle:
		title = append(title[:mostOfTitle-1], '…')
	}
	return fmt.Sprintf("item %q", string(title))
}

const mostOfTitle = 80

// unwritable is the error of a value that the field cannot hold. It quotes the value only where the item is public.
func (s setField) unwritable(it *pim.Item, err error) error {
	if it.Private() {
		return s.Errorf("%s: the field cannot hold the value, which is not shown, as the item is private", s.Name)
	}
	return s.Errorf("%s: %w", s.Name, err)
}

// sound refuses what the template made invalid. An original that was odd by itself is not refused for it.
func (t *Template) sound(original, made *pim.Item, changes pim.Fields) error {
	shaping := []string{"start", "end", "due", "name"}
	if !slices.ContainsFunc(shaping, func(field string) bool { _, changed := changes[field]; return changed }) {
		return nil
	}
	flaw := made.Fields().Flaw(made.Kind())
	if flaw == "" && movesExceptions(original, made) {
		flaw = "the series has exceptions, which are known by the times that they have"
	}
	if flaw == "" || original.Fields().Flaw(original.Kind()) != "" {
		return nil
	}
	if original.Private() && strings.Contains(flaw, "(") {
		flaw = "its times do not fit each other; they are not shown, as the item is private"
	}
	for _, s := range t.set {
		if slices.Contains(shaping, s.field) {
			return s.Errorf("%s makes the item invalid: %s", s.Name, flaw)
		}
	}
	return fmt.Errorf("the template makes the item invalid: %s", flaw)
}

// untitled is the error of a title that set makes empty; nil when it is wanted, by null, or something stands before or after it.
func (t *Template) untitled(s setField, it *pim.Item, made pim.Value) error {
	if s.field != "summary" || !made.IsZero() || it.Fields()[s.field].IsZero() || t.prefix[s.field]+t.suffix[s.field] != "" {
		return nil
	}
	return s.Errorf("%s makes the item invalid: its title is empty; null leaves it out on purpose", s.Name)
}
