package reconcile

import (
	"errors"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/pim"
)

// version is a candidate for an original, where the plan was asked to look closer.
func (dr *draft) version(original, it *decide.Item) []plan.Version {
	if !dr.req.Closer || original == nil || original.Content == nil || it.Content == nil {
		return nil
	}
	v := plan.Version{Ref: it.Ref, Title: hiddenText, Fields: []plan.Field{}}
	if hidden := dr.hidden(original) || dr.hidden(it); !hidden {
		v.Title = it.Content.Title()
		v.Fields = append(v.Fields, fields(original.Content.Fields(), it.Content.Fields(), false)...)
	}
	return []plan.Version{v}
}

// titleOf is the title of an item that cannot be understood, as far as it can be told and may be shown.
func (e *Engine) titleOf(err error) string {
	var bad *pim.ParseError
	switch {
	case !errors.As(err, &bad) || bad.Title == "":
		return ""
	case e.opts.Titles == TitlesHidden, bad.Private && e.opts.Titles != TitlesFull:
		return hiddenText
	}
	return bad.Title
}

// titleAt is the title of an item that cannot be understood, where the plan was asked to look closer: without, it knows those alone that were read anew.
func (c *composing) titleAt(folder, ref string) string {
	if x := c.index[folder]; x != nil && c.req.Closer {
		return x.titles[ref]
	}
	return ""
}
