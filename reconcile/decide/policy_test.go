package decide_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema"
)

// policyTable is the table of the design, a row a cell. Each possible case is one row's and no other's.
//
// A row says which originals and replicas it is for, when, what the replica asks of its original, what becomes of the pair if its original stays as it is,
// and, where something was asked, what becomes of it once that is done. Commas join alternatives; "there" is same or edited; an original "leaves" when it is out
// of the filter and on_unmatched is delete. What stands before an "or" is for a replica that was made, what comes after it for one that was adopted.
const policyTable = `
O           | R           | when                                                                     | R asks of O           | then                  | when done

unknown     | any         |                                                                          | nothing               | wait                  |
known       | unknown     |                                                                          | nothing               | wait                  |
new         | none        |                                                                          | nothing               | match, else add       |
same        | same        | in                                                                       | nothing               | nothing               |

edited      | same        | in equal                                                                 | nothing               | record the base       |
edited      | same        | in differ source.edit=propagate                                          | nothing               | carry to R            |
edited      | same        | in differ source.edit=ignore                                             | nothing               | record the base       |

deleted     | same        | source.delete=propagate                                                  | nothing               | delete R or on_delete |
deleted     | same        | source.delete=keep                                                       | nothing               | retire R              |
deleted     | same        | source.delete=mark                                                       | nothing               | mark and retire R     |

same        | edited      | in equal                                                                 | nothing               | record the base       |
same        | edited      | in differ destination.edit=discard                                       | nothing               | carry to R            |
same        | edited      | in differ destination.edit=preserve                                      | nothing               | release R, add again  |
same        | edited      | in differ destination.edit=propagate                                     | edit O                | carry to R            | record the base
same        | edited      | in differ destination.edit=keep                                          | nothing               | own R's edits         |

same        | deleted     | in destination.delete=recopy                                             | nothing               | add R again           |
same        | deleted     | in destination.delete=prune                                              | nothing               | prune                 |
same        | deleted     | in destination.delete=propagate                                          | delete O              | add R again           | forget
same        | deleted     | in destination.delete=mark                                               | mark O                | prune                 | prune

edited      | edited      | in equal                                                                 | nothing               | record the base       |
edited      | edited      | in differ destination.edit=discard                                       | nothing               | carry to R            |
edited      | edited      | in differ destination.edit=preserve                                      | nothing               | release R, add again  |
edited      | edited      | in differ destination.edit=keep                                          | nothing               | own R's edits         |
edited      | edited      | in differ destination.edit=propagate conflict=merge                      | merge into O          | carry to R            | carry to R
edited      | edited      | in differ destination.edit=propagate conflict=source                     | nothing               | carry to R            |
edited      | edited      | in differ destination.edit=propagate conflict=destination                | O := R                | carry to R            | record the base
edited      | edited      | in differ destination.edit=propagate conflict=newest later               | O := R                | carry to R            | record the base
edited      | edited      | in differ destination.edit=propagate conflict=newest not-later           | nothing               | carry to R            |
edited      | edited      | in differ destination.edit=propagate conflict=preserve                   | set R's version apart | carry to R            | carry to R
edited      | edited      | in differ destination.edit=propagate conflict=manual                     | wait for a person     | carry to R            | wait

edited      | deleted     | in destination.delete=recopy                                             | nothing               | add R again           |
edited      | deleted     | in destination.delete=prune                                              | nothing               | prune                 |
edited      | deleted     | in destination.delete=mark                                               | mark O                | prune                 | prune
edited      | deleted     | in destination.delete=propagate conflict=merge,source,newest,preserve    | nothing               | add R again           |
edited      | deleted     | in destination.delete=propagate conflict=destination                     | delete O              | add R again           | forget
edited      | deleted     | in destination.delete=propagate conflict=manual                          | wait for a person     | add R again           | wait

deleted     | edited      | source.delete=keep                                                       | nothing               | retire R              |
deleted     | edited      | source.delete=mark                                                       | nothing               | mark and retire R     |
deleted     | edited      | source.delete=propagate destination.edit=discard,keep                    | nothing               | delete R or on_delete |
deleted     | edited      | source.delete=propagate destination.edit=preserve                        | nothing               | release R             |
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=merge        | O again               | delete R or on_delete | record the base
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=source       | nothing               | delete R or on_delete |
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=destination  | O again               | delete R or on_delete | record the base
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=newest       | O again               | delete R or on_delete | record the base
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=preserve     | nothing               | release R             |
deleted     | edited      | source.delete=propagate destination.edit=propagate conflict=manual       | wait for a person     | delete R or on_delete | wait

deleted     | deleted     |                                                                          | nothing               | forget                |

there       | there       | out-of-window                                                            | nothing               | freeze                |
there       | there       | out-of-filter on_unmatched=freeze                                        | nothing               | freeze                |
there       | deleted     | out-of-window,out-of-filter destination.delete=prune                     | nothing               | prune                 |
there       | deleted     | out-of-window,out-of-filter destination.delete=recopy,propagate,mark     | nothing               | forget                |

there       | same        | leaves                                                                   | nothing               | delete R or release R |
there       | edited      | leaves equal                                                             | nothing               | delete R or release R |
there       | edited      | leaves differ destination.edit=discard,keep                              | nothing               | delete R or release R |
there       | edited      | leaves differ destination.edit=preserve                                  | nothing               | release R             |
same        | edited      | leaves differ destination.edit=propagate                                 | edit O                | delete R or release R | delete R or release R
edited      | edited      | leaves differ destination.edit=propagate conflict=merge                  | merge into O          | delete R or release R | delete R or release R
edited      | edited      | leaves differ destination.edit=propagate conflict=source                 | nothing               | delete R or release R |
edited      | edited      | leaves differ destination.edit=propagate conflict=destination            | O := R                | delete R or release R | delete R or release R
edited      | edited      | leaves differ destination.edit=propagate conflict=newest later           | O := R                | delete R or release R | delete R or release R
edited      | edited      | leaves differ destination.edit=propagate conflict=newest not-later       | nothing               | delete R or release R |
edited      | edited      | leaves differ destination.edit=propagate conflict=preserve               | set R's version apart | delete R or release R | delete R or release R
edited      | edited      | leaves differ destination.edit=propagate conflict=manual                 | wait for a person     | delete R or release R | wait
`

// dimensions are all that the table may look at, each with its values in the order of their numbers.
var dimensions = []struct {
	name   string
	values []string
}{
	{"O", []string{"same", "edited", "deleted", "unknown", "new"}},
	{"R", []string{"same", "edited", "deleted", "unknown", "none"}},
	{"place", []string{"in", "out-of-filter", "out-of-window"}},
	{"agreement", []string{"differ", "equal"}},
	{"modified", []string{"not-later", "later"}},
	{"kind", []string{"made", "adopted"}},
	{"source.edit", []string{"propagate", "ignore"}},
	{"source.delete", []string{"propagate", "keep", "mark"}},
	{"destination.edit", []string{"discard", "preserve", "propagate", "keep"}},
	{"destination.delete", []string{"recopy", "prune", "propagate", "mark"}},
	{"conflict", []string{"merge", "source", "destination", "newest", "preserve", "manual"}},
	{"on_unmatched", []string{"delete", "freeze"}},
	{"adopt.on_delete", []string{"release", "delete"}},
}

const (
	dimO = iota
	dimR
	dimPlace
	dimAgreement
	dimModified
	dimKind
	dimSourceEdit
	dimSourceDelete
	dimDestinationEdit
	dimDestinationDelete
	dimConflict
	dimOnUnmatched
	dimAdoptOnDelete
	dimCount
)

// combination is a value of each dimension.
type combination [dimCount]uint8

// combinations yields every combination that there can be: only what is new has no replica.
func combinations(yield func(combination) bool) {
	var c combination
	for {
		if (c.value(dimO) == "new") == (c.value(dimR) == "none") && !yield(c) {
			return
		}
		at := dimCount - 1
		for ; at >= 0; at-- {
			if c[at]++; int(c[at]) < len(dimensions[at].values) {
				break
			}
			c[at] = 0
		}
		if at < 0 {
			return
		}
	}
}

func (c combination) value(dim int) string { return dimensions[dim].values[c[dim]] }

func (c combination) String() string {
	var words []string
	for dim, d := range dimensions {
		word := c.value(dim)
		if dim >= dimSourceEdit || dim <= dimR {
			word = d.name + "=" + word
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// asCase is the combination as the functions under test take it.
func (c combination) asCase() decide.Case {
	sides := map[string]decide.Side{"same": decide.Same, "edited": decide.Edited, "deleted": decide.Deleted, "unknown": decide.Unknown, "new": decide.New, "none": decide.None}
	places := map[string]decide.Place{"in": decide.In, "out-of-filter": decide.OutOfFilter, "out-of-window": decide.OutOfWindow}
	return decide.Case{
		Original: sides[c.value(dimO)], Replica: sides[c.value(dimR)], Place: places[c.value(dimPlace)],
		Equal: c.value(dimAgreement) == "equal", ReplicaNewer: c.value(dimModified) == "later", Adopted: c.value(dimKind) == "adopted",
		Policies: schema.Policies{
			SourceEdit: schema.SourceEdit(c.value(dimSourceEdit)), SourceDelete: schema.SourceDelete(c.value(dimSourceDelete)),
			DestinationEdit: schema.DestinationEdit(c.value(dimDestinationEdit)), DestinationDelete: schema.DestinationDelete(c.value(dimDestinationDelete)),
			Conflict: schema.Conflict(c.value(dimConflict)), OnUnmatched: schema.OnUnmatched(c.value(dimOnUnmatched)), AdoptOnDelete: schema.AdoptOnDelete(c.value(dimAdoptOnDelete)),
		},
	}
}

// row is a row of the table: of each dimension the values it is for, as bits.
type row struct {
	text             string
	mask             [dimCount]uint8
	asks, then, done string
	matched          int
}

func (r *row) matches(c combination) bool {
	for dim, v := range c {
		if r.mask[dim]>>v&1 == 0 {
			return false
		}
	}
	return true
}

var shorthand = strings.NewReplacer("any", "same,edited,deleted,unknown", "unknown", "unknown", "known", "same,edited,deleted", "there", "same,edited",
	"leaves", "out-of-filter on_unmatched=delete")

// rowsOf reads the table.
func rowsOf(t *testing.T, table string) []*row {
	t.Helper()
	var rows []*row
	for _, line := range strings.Split(strings.TrimSpace(table), "\n")[1:] {
		if line == "" {
			continue
		}
		cells := strings.Split(line, "|")
		if len(cells) != 6 {
			t.Fatalf("row %q has %d cells", line, len(cells))
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		r := &row{text: line, asks: cells[3], then: cells[4], done: cells[5]}
		for dim := range r.mask {
			r.mask[dim] = 0xff
		}
		for dim, cell := range cells[:2] {
			r.restrict(t, dim, shorthand.Replace(cell))
		}
		for _, word := range strings.Fields(shorthand.Replace(cells[2])) {
			name, values, ok := strings.Cut(word, "=")
			if !ok {
				name, values = "", word
			}
			r.restrict(t, dimensionOf(t, name, values), values)
		}
		rows = append(rows, r)
	}
	return rows
}

// action is what a cell of the table says for a case.
func action(cell string, c decide.Case) string {
	made, adopted, both := strings.Cut(cell, " or ")
	switch {
	case !both || !c.Adopted:
		return made
	case adopted == "on_delete":
		return string(c.Policies.AdoptOnDelete) + " R"
	}
	return adopted
}

// dimensionOf finds a dimension by its name, or by the values that only it has.
func dimensionOf(t *testing.T, name, values string) int {
	t.Helper()
	first, _, _ := strings.Cut(values, ",")
	for dim, d := range dimensions {
		if d.name == name || name == "" && slices.Contains(d.values, first) {
			return dim
		}
	}
	t.Fatalf("no dimension has %q %q", name, values)
	return 0
}

func (r *row) restrict(t *testing.T, dim int, values string) {
	t.Helper()
	r.mask[dim] = 0
	for _, v := range strings.Split(values, ",") {
		i := slices.Index(dimensions[dim].values, v)
		if i < 0 {
			t.Fatalf("row %q: %s has no value %q", r.text, dimensions[dim].name, v)
		}
		r.mask[dim] |= 1 << i
	}
}

// done is the case after what the replica asked of its original was done, the original being where it was.
func done(c decide.Case, asked decide.Request) decide.Case {
	switch asked {
	case decide.AskEdit, decide.AskWhole:
		c.Original, c.Equal = decide.Edited, true
	case decide.AskRestore:
		c.Original, c.Equal, c.Place = decide.Edited, true, decide.In
	case decide.AskMerge, decide.AskMark:
		c.Original, c.Equal = decide.Edited, false
	case decide.AskDelete:
		c.Original = decide.Deleted
	}
	return c
}

// TestPolicyTable holds Back and Then to the design's table in every case that there can be.
func TestPolicyTable(t *testing.T) {
	rows := rowsOf(t, policyTable)
	total, bad := 0, 0
	report := func(format string, args ...any) {
		if bad++; bad <= 10 {
			t.Errorf(format, args...)
		}
	}
	for c := range combinations {
		total++
		var row *row
		for _, r := range rows {
			if !r.matches(c) {
				continue
			}
			if row != nil {
				report("two rows for %v:\n%s\n%s", c, row.text, r.text)
			}
			row = r
		}
		if row == nil {
			report("no row for %v", c)
			continue
		}
		row.matched++
		pair := c.asCase()
		asks := decide.Back(pair)
		if asks.String() != row.asks {
			report("%v: R asks of O %q; the table says\n%s", c, asks, row.text)
		}
		if then := decide.Then(pair).String(); then != action(row.then, pair) {
			report("%v: then %q; the table says\n%s", c, then, row.text)
		}
		after := ""
		switch asks {
		case decide.AskNothing:
		case decide.AskPersonWait:
			after = decide.Wait.String()
		default:
			after = decide.Then(done(pair, asks)).String()
		}
		if after != action(row.done, pair) {
			report("%v: when %q is done then %q; the table says\n%s", c, asks, after, row.text)
		}
	}
	for _, r := range rows {
		if r.matched == 0 {
			t.Errorf("no case is left for row\n%s", r.text)
		}
	}
	t.Logf("%d combinations in %d rows, %d differ", total, len(rows), bad)
	if want := (4*4 + 1) * 3 * 2 * 2 * 2 * (2 * 3 * 4 * 4 * 6 * 2 * 2); total != want {
		t.Errorf("%d combinations instead of %d", total, want)
	}
}
