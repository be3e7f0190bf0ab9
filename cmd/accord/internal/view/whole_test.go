package view_test

import (
	"bytes"
	"testing"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
)

func TestDocument(t *testing.T) {
	var out bytes.Buffer
	if err := view.Document(&out, sample.Everything()); err != nil {
		t.Fatal(err)
	}
	golden(t, "everything.json", out.Bytes())
}
