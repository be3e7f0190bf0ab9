package providers_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers"
)

func TestClassOf(t *testing.T) {
	stale := providers.Classed(providers.Stale, errors.New("changed"))
	for _, c := range []struct {
		err  error
		want providers.Class
	}{
		{nil, providers.Done},
		{providers.Classed(providers.Stale, nil), providers.Done},
		{stale, providers.Stale},
		{fmt.Errorf("apply: %w", stale), providers.Stale},
		{context.Canceled, providers.Transient},
		{fmt.Errorf("fetch: %w", context.DeadlineExceeded), providers.Transient},
		{providers.Classed(providers.Unknown, context.Canceled), providers.Unknown},
		{errors.New("no class"), providers.Unknown},
	} {
		if got := providers.ClassOf(c.err); got != c.want {
			t.Errorf("the class of %v is %s, want %s", c.err, got, c.want)
		}
	}
}

func TestHolds(t *testing.T) {
	c := providers.Capabilities{Lacks: []string{"alarms", "extra.", "override:"}}
	for field, want := range map[string]bool{
		"summary": true, "alarms": false, "alarms_more": true, "extra.X-A": false, "extra": true,
		"override:2026-03-09": false, "override": true, "": true,
	} {
		if got := c.Holds(field); got != want {
			t.Errorf("holds %q is %v, want %v", field, got, want)
		}
	}
}

func TestAttributes(t *testing.T) {
	a := providers.Attributes{"path": "data", "tls": true, "number": 3.0}
	if a.String("path") != "data" || a.String("number") != "" || a.String("absent") != "" || !a.Bool("tls") || a.Bool("path") {
		t.Errorf("attributes are read as %q, %q, %v, %v", a.String("path"), a.String("number"), a.Bool("tls"), a.Bool("path"))
	}
}
