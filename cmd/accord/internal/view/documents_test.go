package view_test

import (
	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/reconcile/plan"
)

var made = sample.Made()

func document(summary plan.Summary, relationships ...plan.Relationship) *plan.Document {
	return sample.Document(summary, relationships...)
}

func relationship(address string, operations ...plan.Operation) plan.Relationship {
	return sample.Relationship(address, operations...)
}
