package review

import "github.com/accord-sync/accord/reconcile/plan"

// private stands for what is not shown.
const private = "(private)"

// Hide is the document without titles and values: it shows which items an operation is about by their refs and UIDs alone.
func Hide(doc *plan.Document) *plan.Document {
	hidden := *doc
	hidden.Changes = nil
	for _, c := range doc.Changes {
		hidden.Changes = append(hidden.Changes, hideChange(c))
	}
	hidden.Relationships = make([]plan.Relationship, len(doc.Relationships))
	for i, r := range doc.Relationships {
		all := r.Operations
		r.Operations = plan.Stream(all.Len(), func(yield func(plan.Operation, error) bool) {
			for op, err := range all.All() {
				if !yield(hide(op), err) {
					return
				}
			}
		})
		if r.Behind != nil {
			behind := hideChange(*r.Behind)
			r.Behind = &behind
		}
		seen := r.NotReviewed
		r.NotReviewed = nil
		for _, op := range seen {
			r.NotReviewed = append(r.NotReviewed, hide(op))
		}
		hidden.Relationships[i] = r
	}
	return &hidden
}

func hideChange(c plan.Change) plan.Change {
	c.Fields = hideFields(c.Fields)
	if c.Start = ""; c.Title != "" {
		c.Title = private
	}
	return c
}

func hide(op plan.Operation) plan.Operation {
	if op.Action == plan.CreateFolder { // its title is an address of the configuration
		return op
	}
	op.Title, op.Start, op.Fields = private, "", hideFields(op.Fields)
	return op
}

func hideFields(seen []plan.Field) []plan.Field {
	fields := make([]plan.Field, len(seen))
	for i, f := range seen {
		if f.Before != nil {
			f.Before = private
		}
		if f.After != nil {
			f.After = private
		}
		fields[i] = f
	}
	return fields
}
