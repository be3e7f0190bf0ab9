package review

import "github.com/accord-sync/accord/reconcile/plan"

// Hide is the document without titles and values: it shows which items an operation is about by their refs and UIDs alone.
func Hide(doc *plan.Document) *plan.Document {
	hidden := *doc
	hidden.Changes = nil
	for _, c := range doc.Changes {
		hidden.Changes = append(hidden.Changes, c.Hidden())
	}
	hidden.Relationships = make([]plan.Relationship, len(doc.Relationships))
	for i, r := range doc.Relationships {
		all := r.Operations
		r.Operations = plan.Stream(all.Len(), func(yield func(plan.Operation, error) bool) {
			for op, err := range all.All() {
				if !yield(op.Hidden(), err) {
					return
				}
			}
		})
		if r.Behind != nil {
			behind := r.Behind.Hidden()
			r.Behind = &behind
		}
		seen := r.NotReviewed
		r.NotReviewed = nil
		for _, op := range seen {
			r.NotReviewed = append(r.NotReviewed, op.Hidden())
		}
		hidden.Relationships[i] = r
	}
	return &hidden
}
