package reconcile_test

import (
	"context"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema/pim"
)

// What a person put in the place of a replica is no replica.
func TestDeleteLeavesWhatIsInThePlaceOfAReplica(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	ref := o.find("b", "Lunch").Ref
	o.at("b").Replace(ref, event("private", "Doctor"))
	p, err := o.engine().DeleteReplicas(context.Background(), o.state, reconcile.ReplicaRequest{Address: "folder.b"})
	if err != nil {
		t.Fatal(err)
	}
	if len(writes(p)) > 0 {
		t.Errorf("%s", describe(p))
	}
}

// A replica of another workspace is not deleted, whatever is asked: that workspace would carry the delete on.
func TestDedupeLeavesWhatAnotherWorkspaceMade(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	it := event("other", "Lunch").WithMarker(&pim.Marker{Workspace: "elsewhere", Relationship: "relationship.x", Original: "o", Source: "folder.s", Generation: 1, Status: pim.Live, UID: "other"})
	o.at("b").Put(it)
	p, err := o.engine().Dedupe(context.Background(), o.state, reconcile.DedupeRequest{Folder: "folder.b", Foreign: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(writes(p)) > 0 {
		t.Errorf("%s", describe(p))
	}
}
