package reconcile_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// newer is an event with a SEQUENCE.
func newer(t *testing.T, it *pim.Item) *pim.Item {
	t.Helper()
	out, err := pim.Parse(pim.Calendar, []byte(strings.Replace(string(it.Bytes()), "UID:", "SEQUENCE:1\r\nUID:", 1)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// shared is a meeting of three whose relationships share its replica, and who of them leads.
func shared(t *testing.T, leads string) *office {
	o := newOffice(t)
	policies := oneWay()
	policies.Coalesce = true
	for _, name := range []string{"anna", "ben", "cleo", "team"} {
		o.folder(name, memory.DAV())
	}
	for _, name := range []string{"anna", "ben", "cleo"} {
		o.relate(name, name, "team", policies)
		it := event("meeting", "Meeting")
		if name == leads {
			it = newer(t, it)
		}
		o.at(name).Put(it)
	}
	o.apply()
	o.holds("team", "Meeting")
	o.settled()
	return o
}

// A replica that several originals share stays when the relationship of one of them leaves, whichever that is and whoever leads.
func TestSharedReplicaStaysWhenARelationshipLeaves(t *testing.T) {
	for _, leads := range []string{"anna", "ben", "cleo"} {
		for _, leaver := range []string{"anna", "ben", "cleo"} {
			t.Run(leads+" leads, "+leaver+" leaves", func(t *testing.T) {
				o := shared(t, leads)
				o.unrelate("relationship." + leaver)
				if p := o.plan(reconcile.Request{}); p.Document.Summary.Delete+p.Document.Summary.Add > 0 {
					t.Errorf("it is deleted or made again:\n%s", describe(p))
				}
				o.apply()
				o.holds("team", "Meeting")
				o.settled()
			})
		}
	}
}

// A relationship that shares replicas no more gets replicas of its own, and those of the others stay; they are one again when it shares them again.
func TestSharedReplicaStaysWhenARelationshipSharesNoMore(t *testing.T) {
	for _, leads := range []string{"anna", "ben", "cleo"} {
		for i, own := range []string{"anna", "ben", "cleo"} {
			t.Run(leads+" leads, "+own+" shares no more", func(t *testing.T) {
				o := shared(t, leads)
				o.ws.Relations[i].Policies.Coalesce = false
				o.apply()
				o.holds("team", "Meeting", "Meeting")
				o.settled()
				o.ws.Relations[i].Policies.Coalesce = true
				o.apply()
				o.holds("team", "Meeting")
				o.settled()
			})
		}
	}
}

// adds are stores that give every item that is made a description.
type adds struct{ providers.Driver }

func (a adds) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := a.Driver.Open(ctx, cfg)
	return faults.Provider(p, faults.Always(faults.Fault{Effect: faults.Rewrite}, faults.Create), func(it *pim.Item) *pim.Item {
		return it.WithFields(pim.Fields{"description": value(pim.Calendar, "description", "Made by a program")})
	}), err
}

// What a server adds to a shared replica is no base of those who do not lead: the edits of the one who does go on to flow.
func TestServerThatAddsToASharedReplica(t *testing.T) {
	o := newOffice(t)
	o.decorate = func(d providers.Driver) providers.Driver { return adds{d} }
	policies := oneWay()
	policies.Coalesce, policies.DestinationEdit = true, schema.DestinationEditKeep
	o.folder("team", memory.DAV())
	for _, name := range []string{"anna", "ben"} {
		o.folder(name, memory.DAV())
		o.relate(name, name, "team", policies)
	}
	o.at("anna").Put(event("meeting", "Meeting"))
	o.at("ben").Put(newer(t, event("meeting", "Meeting")))
	o.apply()
	o.settled()
	o.edit("ben", "Meeting", "summary", "Long meeting")
	o.apply()
	o.holds("team", "Long meeting")
	o.settled()
}
