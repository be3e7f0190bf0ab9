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

// oneSided is what the item says whose other side is gone, where the plan was asked to look closer.
func (dr *draft) oneSided(n decide.Notice) []plan.Field {
	switch {
	case !dr.req.Closer || n.Code == decide.Ambiguous:
	case n.Original == nil && n.Replica != nil && n.Replica.Content != nil:
		return fields(nil, n.Replica.Content.Fields(), dr.hidden(n.Replica))
	case n.Replica == nil && n.Original != nil && n.Original.Content != nil:
		return fields(n.Original.Content.Fields(), nil, dr.hidden(n.Original))
	}
	return nil
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
