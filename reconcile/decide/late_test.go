package decide_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

var lateWords = map[state.Lateness]string{state.LateChanged: "Changed: ", state.LateCancelled: "Cancelled: "}

// late has a relationship mark, in title and colour, what is changed or cancelled less than two hours before it takes place.
func late(r *decide.Relationship, c *clock, marked ...state.Lateness) *decide.Relationship {
	if len(marked) == 0 {
		marked = []state.Lateness{state.LateChanged, state.LateCancelled}
	}
	rules := &decide.Late{Within: 2 * time.Hour,
		Watches: func(field string) bool { return field != "description" },
		Marks: func(how state.Lateness) (fields []string, marks bool) {
			for _, m := range marked {
				marks = marks || m == how
			}
			return []string{"color", "summary"}, marks
		},
		Mark: func(content *pim.Item, how state.Lateness, _ time.Time) (*pim.Item, error) {
			return content.WithFields(pim.Fields{"summary": text("summary", lateWords[how]+unmarked(content.Title())), "color": text("color", "red")}), nil
		},
	}
	r.Late = func(*pim.Item) *decide.Late { return rules }
	_, r.Lingers = rules.Marks(state.LateCancelled)
	r.Next = func(content *pim.Item) (start, end time.Time, ok bool) {
		start, end, ok = times(content)
		return start, end, ok && end.After(c.now)
	}
	back := r.Back
	r.Back = func(original, replica pim.Fields, undo uint64) pim.Fields {
		bare := maps.Clone(replica)
		if title, _ := bare["summary"].Plain().(string); title != unmarked(title) {
			bare["summary"] = text("summary", unmarked(title))
		}
		return back(original, bare, undo)
	}
	return r
}

func unmarked(title string) string {
	for _, word := range lateWords {
		title = strings.TrimPrefix(title, word)
	}
	return title
}

func text(field, words string) pim.Value {
	v, err := pim.FieldValue(pim.Calendar, field, words)
	if err != nil {
		panic(err)
	}
	return v
}

// lateScene is a scene of A and B with an event in A that takes place in an hour, and its replica.
func lateScene(t *testing.T, change ...func(*schema.Policies)) *scene {
	s := newScene(t, joins("r", "AB", change...))
	late(s.rels[0], s.clock)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch", "COLOR:blue"))
	s.does("add B/r(x)0 new_at_source")
	return s
}

// shows compares the title and the colour of the replica.
func (s *scene) shows(title, color string) {
	s.t.Helper()
	it := s.folders["B"][derived("r", "x", 0)]
	if it == nil {
		s.t.Fatal("there is no replica")
	}
	if got, _ := it.Content.Fields()["color"].Plain().(string); it.Content.Title() != title || got != color {
		s.t.Fatalf("the replica is %q in %q instead of %q in %q", it.Content.Title(), got, title, color)
	}
}

func TestLateChangeIsMarkedUntilItHasPassed(t *testing.T) {
	s := lateScene(t)
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere", "COLOR:blue"))
	s.does("edit B/r(x)0 changed_late")
	s.shows("Changed: lunch", "red")
	s.does()
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere", "COLOR:blue", "DESCRIPTION:not watched"))
	s.does("edit B/r(x)0 changed_at_source")
	if passed := s.untilDue(); passed != 2*time.Hour {
		t.Errorf("the mark goes after %v", passed)
	}
	s.does("edit B/r(x)0 late_passed")
	s.shows("lunch", "blue")
	s.does()
}

func TestWhatIsLate(t *testing.T) {
	for name, c := range map[string]struct {
		from, to time.Duration
		marked   bool
	}{
		"soon":                     {time.Hour, time.Hour, true},
		"going on":                 {-30 * time.Minute, -30 * time.Minute, true},
		"tomorrow":                 {24 * time.Hour, 24 * time.Hour, false},
		"over":                     {-24 * time.Hour, -24 * time.Hour, false},
		"from soon to tomorrow":    {time.Hour, 24 * time.Hour, true},
		"from tomorrow to soon":    {24 * time.Hour, time.Hour, true},
		"from yesterday to soon":   {-24 * time.Hour, time.Hour, true},
		"from soon into the past":  {time.Hour, -24 * time.Hour, true},
		"just in time":             {2 * time.Hour, 2 * time.Hour, false},
		"a second less than that":  {2*time.Hour - time.Second, 2*time.Hour - time.Second, true},
		"over, moved to next week": {-2 * time.Hour, 7 * 24 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, joins("r", "AB"))
			late(s.rels[0], s.clock)
			s.put("A", takes("x", c.from, "SUMMARY:lunch"))
			s.apply()
			s.edit("A", "x", takes("x", c.to, "SUMMARY:lunch", "LOCATION:elsewhere"))
			if !c.marked {
				s.does("edit B/r(x)0 changed_at_source")
				return
			}
			s.does("edit B/r(x)0 changed_late")
			s.untilDue()
			s.does("edit B/r(x)0 late_passed")
		})
	}
}

func TestFurtherChangesRenewTheMark(t *testing.T) {
	s := lateScene(t)
	s.edit("A", "x", takes("x", 30*time.Hour, "SUMMARY:lunch", "COLOR:blue"))
	s.does("edit B/r(x)0 changed_late")
	s.edit("A", "x", takes("x", 50*time.Hour, "SUMMARY:lunch", "COLOR:blue"))
	s.does("edit B/r(x)0 changed_late")
	if passed := s.untilDue(); passed != 51*time.Hour {
		t.Errorf("the mark goes after %v", passed)
	}
	s.does("edit B/r(x)0 late_passed")
}

func TestMarkDoesNotFlowBack(t *testing.T) {
	for _, c := range []schema.Conflict{schema.ConflictMerge, schema.ConflictDestination} {
		t.Run(string(c), func(t *testing.T) {
			s := lateScene(t, twoWay, conflict(c))
			s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere", "COLOR:blue"))
			s.does("edit B/r(x)0 changed_late")
			s.edit("B", derived("r", "x", 0), takes("", time.Hour, "SUMMARY:Changed: dinner", "LOCATION:elsewhere", "COLOR:red"))
			s.does("edit A/x changed_at_destination")
			if got := s.titles("A"); got != "dinner" {
				t.Errorf("the original is called %q", got)
			}
			s.edit("B", derived("r", "x", 0), takes("", time.Hour, "SUMMARY:Changed: dinner", "LOCATION:elsewhere"))
			s.does("edit B/r(x)0 changed_at_destination")
			s.shows("Changed: dinner", "red")
			if got := s.folders["A"]["x"].Content.Fields()["color"].Plain(); got != "blue" {
				t.Errorf("the original's colour is %v", got)
			}
			s.edit("A", "x", takes("x", time.Hour, "SUMMARY:dinner", "LOCATION:there", "COLOR:blue"))
			s.edit("B", derived("r", "x", 0), takes("", time.Hour, "SUMMARY:Changed: supper", "LOCATION:nowhere", "COLOR:red"))
			s.apply()
			if got := s.folders["A"]["x"].Content.Fields()["color"].Plain(); got != "blue" {
				t.Errorf("after a conflict the original's colour is %v", got)
			}
			s.does()
			s.untilDue()
			s.does("edit B/r(x)0 late_passed")
			s.shows("supper", "blue")
		})
	}
}

func TestWhoChangesItSeesNoMark(t *testing.T) {
	s := newScene(t, joins("r", "AB", twoWay), joins("r2", "AC", twoWay))
	late(s.rels[0], s.clock)
	late(s.rels[1], s.clock)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.apply()
	s.edit("C", derived("r2", "x", 0), takes("", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere"))
	s.does("edit A/x changed_at_destination", "edit B/r(x)0 changed_late")
	if got := s.titles("C"); got != "lunch" {
		t.Errorf("C holds %q", got)
	}
}

func TestFirstCopiesAndAdoptionsAreNotMarked(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	late(s.rels[0], s.clock)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.put("B", takes("x", time.Hour, "SUMMARY:supper"))
	s.does("adopt B/x adopted_uid")
	if got := s.titles("B"); got != "lunch" {
		t.Errorf("B holds %q", got)
	}
	s.forget()
	s.does()
}

func TestLossOfStateResetsTheMark(t *testing.T) {
	s := lateScene(t)
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere", "COLOR:blue"))
	s.does("edit B/r(x)0 changed_late")
	s.forget()
	s.apply()
	s.shows("lunch", "blue")
	s.does()
}

func TestLateCancellationLingers(t *testing.T) {
	for name, cancel := range map[string]func(*scene){
		"says so": func(s *scene) {
			s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "COLOR:blue", "STATUS:CANCELLED"))
		},
		"is gone": func(s *scene) { s.remove("A", "x") },
	} {
		back := map[string]string{"says so": "edit B/r(x)0 changed_at_source", "is gone": "edit B/r(x)0 back_at_source"}[name]
		t.Run(name, func(t *testing.T) {
			s := lateScene(t)
			cancel(s)
			s.does("edit B/r(x)0 cancelled_late")
			s.shows("Cancelled: lunch", "red")
			s.does()
			s.put("A", takes("x", time.Hour, "SUMMARY:lunch", "COLOR:blue"))
			s.does(back)
			s.shows("lunch", "blue")
			cancel(s)
			s.does("edit B/r(x)0 cancelled_late")
			if passed := s.untilDue(); passed != 2*time.Hour {
				t.Errorf("the replica goes after %v", passed)
			}
			s.does("delete B/r(x)0 late_passed")
			s.does()
		})
	}
}

// A mark that the template knows no longer comes off, and what was left for its sake goes.
func TestTemplateThatMarksCancellationsNoLonger(t *testing.T) {
	for name, c := range map[string]struct {
		cancel func(*scene)
		does   string
	}{
		"says so": {func(s *scene) {
			s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "COLOR:blue", "STATUS:CANCELLED"))
		}, "edit B/r(x)0 template_changed"},
		"is gone":           {func(s *scene) { s.remove("A", "x") }, "delete B/r(x)0 gone_at_source"},
		"is gone, was read": {func(s *scene) { s.remove("A", "x"); s.apply(); s.editLingering() }, "delete B/r(x)0 gone_at_source"},
	} {
		for _, marked := range [][]state.Lateness{nil, {state.LateChanged}} {
			t.Run(fmt.Sprint(name, marked), func(t *testing.T) {
				s := lateScene(t, twoWay)
				c.cancel(s)
				s.apply()
				r := s.rels[0]
				if late(r, s.clock, marked...); marked == nil {
					r.Late, r.Lingers = nil, false
				}
				r.Changed = true
				s.does(c.does)
				r.Changed = false
				s.does()
			})
		}
	}
}

func TestCancelledOriginalIsNotCopiedAgain(t *testing.T) {
	s := lateScene(t)
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "STATUS:CANCELLED"))
	s.apply()
	s.untilDue()
	s.does("delete B/r(x)0 late_passed")
	if got := s.pair("r", "x").Status; got != state.Pruned {
		t.Errorf("the pair is %s", got)
	}
	s.edit("A", "x", takes("x", 50*time.Hour, "SUMMARY:lunch"))
	s.does()
}

func TestCancellationOfWhatIsChangedLate(t *testing.T) {
	s := lateScene(t)
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere"))
	s.does("edit B/r(x)0 changed_late")
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere", "STATUS:CANCELLED"))
	s.does("edit B/r(x)0 cancelled_late")
	s.shows("Cancelled: lunch", "red")
}

func TestCancellationInTimeDeletes(t *testing.T) {
	s := lateScene(t)
	s.clock.now = noon.Add(-7 * 24 * time.Hour)
	s.remove("A", "x")
	s.does("delete B/r(x)0 gone_at_source")
}

func TestNothingMarksCancellations(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	late(s.rels[0], s.clock, state.LateChanged)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.apply()
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "STATUS:CANCELLED"))
	s.does("edit B/r(x)0 changed_late")
	s.remove("A", "x")
	s.does("delete B/r(x)0 gone_at_source")
}

func TestAdoptedReplicaIsReleasedWhenItsCancelledOriginalHasPassed(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	late(s.rels[0], s.clock)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.put("B", takes("x", time.Hour, "SUMMARY:lunch"))
	s.does("adopt B/x adopted_uid")
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "STATUS:CANCELLED"))
	s.does("edit B/x cancelled_late")
	s.untilDue()
	s.does("release B/x late_passed")
	s.does()
}

func TestNobodyBringsBackWhatLingers(t *testing.T) {
	for name, c := range map[string]struct {
		change      func(*schema.Policies)
		person      func(*scene)
		does, after []string
	}{
		"edited":                  {twoWay, (*scene).editLingering, nil, []string{"delete B/r(x)0 late_passed"}},
		"edited, discard":         {destinationEdit(schema.DestinationEditDiscard), (*scene).editLingering, nil, []string{"delete B/r(x)0 late_passed"}},
		"edited, preserve":        {destinationEdit(schema.DestinationEditPreserve), (*scene).editLingering, []string{"release B/r(x)0 gone_at_source"}, nil},
		"deleted":                 {twoWay, func(s *scene) { s.remove("B", derived("r", "x", 0)) }, nil, nil},
		"deleted, would be again": {destinationEdit(schema.DestinationEditDiscard), func(s *scene) { s.remove("B", derived("r", "x", 0)) }, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := lateScene(t, c.change)
			s.remove("A", "x")
			s.does("edit B/r(x)0 cancelled_late")
			c.person(s)
			s.does(c.does...)
			s.does()
			s.clock.pass(24 * time.Hour)
			s.does(c.after...)
			if len(s.folders["A"]) > 0 {
				t.Errorf("A holds %s", s.titles("A"))
			}
			s.does()
		})
	}
}

func (s *scene) editLingering() {
	s.edit("B", derived("r", "x", 0), takes("", time.Hour, "SUMMARY:Cancelled: lunch", "DESCRIPTION:what a pity"))
}

func TestEditBeatsALateDelete(t *testing.T) {
	s := lateScene(t, twoWay)
	s.remove("A", "x")
	s.edit("B", derived("r", "x", 0), takes("", time.Hour, "SUMMARY:dinner"))
	s.does("add A/x conflict_merge")
}

func TestMarkGoesOutOfTheWindowToo(t *testing.T) {
	s := newScene(t, joins("r", "AB"))
	late(windowed(s.rels[0], s.clock, 0, 24*time.Hour), s.clock)
	s.put("A", takes("x", time.Hour, "SUMMARY:lunch"))
	s.apply()
	s.edit("A", "x", takes("x", time.Hour, "SUMMARY:lunch", "LOCATION:elsewhere"))
	s.does("edit B/r(x)0 changed_late")
	s.untilDue()
	s.does("edit B/r(x)0 late_passed")
	s.rests("r", "x", state.Out)
	s.does()
}
