package plan

// Private stands for what a plan does not show.
const Private = "(private)"

// likeness is the signature of what is hidden: hidden values look alike, and are not.
type likeness struct {
	signature uint64
	ok        bool
}

// Hidden is the operation without title and values: its item is known by refs and UID alone.
func (op Operation) Hidden() Operation {
	if op.Action == CreateFolder { // its title is an address of the configuration
		return op
	}
	signature, ok := op.Signature()
	op.likeness = &likeness{signature, ok}
	op.Title, op.Start, op.Fields = Private, "", hiddenFields(op.Fields)
	return op
}

// Hidden is the change without title and values.
func (c Change) Hidden() Change {
	signature, ok := c.Operation().Signature()
	c.likeness = &likeness{signature, ok}
	c.Start, c.Fields = "", hiddenFields(c.Fields)
	if c.Title != "" {
		c.Title = Private
	}
	return c
}

func hiddenFields(seen []Field) []Field {
	fields := make([]Field, len(seen))
	for i, f := range seen {
		if f.Before != nil {
			f.Before = Private
		}
		if f.After != nil {
			f.After = Private
		}
		fields[i] = f
	}
	return fields
}
