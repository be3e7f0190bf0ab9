package plan

import (
	"encoding/json"
	"iter"
)

// Operations is a list of operations that may be longer than memory. The zero value is empty. It can be read any number of times.
type Operations struct {
	n   int
	all iter.Seq2[Operation, error]
}

// List is a list that memory holds.
func List(ops ...Operation) Operations {
	return Stream(len(ops), func(yield func(Operation, error) bool) {
		for _, op := range ops {
			if !yield(op, nil) {
				return
			}
		}
	})
}

// Stream is a list of n operations that are read one by one. A sequence ends with the first error.
func Stream(n int, all iter.Seq2[Operation, error]) Operations {
	return Operations{n: n, all: all}
}

// Len is the number of operations.
func (o Operations) Len() int { return o.n }

// All reads the operations in order.
func (o Operations) All() iter.Seq2[Operation, error] {
	if o.all == nil {
		return func(func(Operation, error) bool) {}
	}
	return o.all
}

// UnmarshalJSON reads a list into memory.
func (o *Operations) UnmarshalJSON(data []byte) error {
	var list []Operation
	if err := json.Unmarshal(data, &list); err != nil {
		return err
	}
	*o = List(list...)
	return nil
}

// MarshalJSON writes the whole list at once. [Document.WriteJSON] needs no such memory.
func (o Operations) MarshalJSON() ([]byte, error) {
	list := []Operation{}
	for op, err := range o.All() {
		if err != nil {
			return nil, err
		}
		list = append(list, op)
	}
	return json.Marshal(list)
}
