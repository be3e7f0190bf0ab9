package reconcile

import (
	"context"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
)

// ReplicaRequest is which replicas are meant.
type ReplicaRequest struct {
	Address string           // of a folder, a relationship or a mesh, or a glob over relationships; "": all that the configuration has
	Status  pim.MarkerStatus // live or retired; "": both
}

// DeleteReplicas makes a plan that takes replicas out of folders: what Accord made is deleted, what it adopted is an ordinary item again. The plan must be closed.
func (e *Engine) DeleteReplicas(ctx context.Context, st state.Reader, req ReplicaRequest) (*plan.Plan, error) {
	return e.takeOut(ctx, st, "delete replicas of "+req.Address, req, func(i *inspecting, r replica) error {
		return i.takeOut(r, decide.AskedFor, "")
	})
}

// takeOut makes a plan of what becomes of this workspace's replicas that are asked for.
func (e *Engine) takeOut(ctx context.Context, st state.Reader, task string, req ReplicaRequest, each func(*inspecting, replica) error) (*plan.Plan, error) {
	return e.direct(st, task, func(d *directed) error {
		folders, relationships := d.targets(req.Address)
		found := 0
		for _, address := range folders {
			i, err := d.inspect(ctx, address)
			if err != nil {
				return err
			}
			if why := i.f.unwritable(); why != "" {
				if req.Address != "" || i.f.trouble != nil {
					i.leave(address, "", why)
				}
				continue
			}
			err = i.replicas(ctx, func(r replica) error {
				switch {
				case r.marker.Workspace == "":
					i.stays(address, r.Ref, "its UID says that an Accord made it, and nothing says which")
					return nil
				case !i.ours(r) || relationships && !globMatches(req.Address, i.relationshipOf(r)):
					return nil
				}
				if found++; req.Status != "" && r.marker.Status != req.Status {
					return nil
				}
				return each(i, r)
			})
			if err != nil {
				return err
			}
			if err := d.flush(); err != nil {
				return err
			}
		}
		if relationships && found == 0 && !d.knows(req.Address) {
			return fmt.Errorf("%s is the address of no folder or relationship, and no replica carries it. %s", req.Address, diagnose.DidYouMean(req.Address, sortedKeys(d.ends), "accord items view FOLDER shows what they carry."))
		}
		return nil
	})
}

// targets are the folders in which replicas are looked for, and whether the address is that of their relationships.
func (d *directed) targets(address string) (folders []string, relationships bool) {
	for _, spec := range d.e.ws.Folders {
		if globMatches(address, spec.Address) {
			folders = append(folders, spec.Address)
		}
	}
	for name := range d.folders {
		if globMatches(address, name) {
			folders = append(folders, name)
		}
	}
	relationships = len(folders) == 0 && address != ""
	for name, ends := range d.ends {
		if relationships && globMatches(address, name) || address == "" {
			folders = append(folders, ends[1])
		}
	}
	if len(folders) == 0 || address == "" { // a relationship that nobody knows any more
		for _, spec := range d.e.ws.Folders {
			folders = append(folders, spec.Address)
		}
	}
	slices.Sort(folders)
	return slices.Compact(folders), relationships
}

// knows reports whether an address is that of a relationship.
func (d *directed) knows(address string) bool {
	for name := range d.ends {
		if globMatches(address, name) {
			return true
		}
	}
	return false
}
