package reconcile_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// An address that is mistyped is answered with the one that was meant.
func TestAddressThatIsMistyped(t *testing.T) {
	o := company(t, memory.DAV())
	for _, c := range []struct {
		req  reconcile.Request
		want string
	}{
		{reconcile.Request{Only: []string{"relationship.cpoy"}}, "Did you mean relationship.copy?"},
		{reconcile.Request{Except: []string{"folders.a"}}, "Did you mean folder.a?"},
		{reconcile.Request{Only: []string{"mesh.partners"}}, "There is: folder.a, folder.b, relationship.copy."},
		{reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.cop", Count: 1}}}, "Did you mean relationship.copy?"},
	} {
		if _, err := o.engine().Plan(context.Background(), o.state, c.req); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.req, err, c.want)
		}
	}
}
