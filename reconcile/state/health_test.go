package state

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func problems(address string) *rapid.Generator[Problem] {
	return rapid.Custom(func(t *rapid.T) Problem {
		return Problem{
			Kind: rapid.SampledFrom(append(kinds[:], "other")).Draw(t, "kind"), Address: address, Item: names().Draw(t, "item"),
			Cause: rapid.String().Draw(t, "cause"), Reason: rapid.String().Draw(t, "reason"), Since: times().Draw(t, "since"),
		}
	})
}

func healths() *rapid.Generator[Health] {
	return rapid.Custom(func(t *rapid.T) Health {
		h := Health{Address: relationshipAddresses().Draw(t, "address"), Synced: times().Draw(t, "synced"), Pending: rapid.IntRange(0, 1<<40).Draw(t, "pending"),
			Failure: Failure{At: times().Draw(t, "at"), Text: rapid.String().Draw(t, "text")}}
		if list := rapid.SliceOfN(problems(h.Address), 0, 3).Draw(t, "problems"); len(list) > 0 {
			h.Problems = list
		}
		return h
	})
}

func TestHealthReadsAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := healths().Draw(t, "health")
		d := decoder{b: appendHealth(nil, want)}
		readBack(t, &d, d.health(want.Address), want)
	})
}

// TestHealthIsKept: it is put, put anew and dropped, and stays when what is recorded of its relationship or folder goes: of one that could never be read, nothing is.
func TestHealthIsKept(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)
	r := Health{Address: "relationship.r", Synced: at, Pending: 2}
	f := Health{Address: "folder.a", Problems: []Problem{{Kind: Unreadable, Address: "folder.a", Item: "x.ics", Reason: "line 3: no colon", Since: at}}}
	other := Health{Address: "relationship.s", Failure: Failure{At: at, Text: "no answer"}}
	later := r
	later.Pending = 0
	s := Memory()
	for _, step := range []struct {
		name  string
		batch Batch
		want  []Health
	}{
		{"put", Batch{Health: []Health{r, f, other}}, []Health{f, r, other}},
		{"put anew", Batch{Health: []Health{later}}, []Health{f, later, other}},
		{"its folder goes", Batch{DropFolders: []string{"folder.a"}}, []Health{f, later, other}},
		{"its relationship goes", Batch{DropRelations: []string{"relationship.r"}}, []Health{f, later, other}},
		{"dropped", Batch{DropHealth: []string{"relationship.s", "relationship.unknown", "folder.a"}}, []Health{later}},
	} {
		commit(t, s, &step.batch)
		got, err := s.Health()
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(got, step.want, Health.Equal) {
			t.Errorf("%s: %+v, want %+v", step.name, got, step.want)
		}
	}
}

func TestFingerprint(t *testing.T) {
	p := Problem{Kind: Alert, Address: "relationship.r", Item: "folder.a", Cause: "unreachable", Reason: "no answer after 3 s"}
	same, others := p, []Problem{p, p, p, p}
	same.Reason, same.Since = "no answer after 4 s", time.Unix(1, 0)
	others[0].Kind, others[1].Address, others[2].Item, others[3].Cause = Blocked, "relationship.s", "folder.b", "unauthorized"
	if same.Fingerprint() != p.Fingerprint() {
		t.Error("the same problem in other words is another one")
	}
	for _, o := range others {
		if o.Fingerprint() == p.Fingerprint() {
			t.Errorf("%+v is the same as %+v", o, p)
		}
	}
}
