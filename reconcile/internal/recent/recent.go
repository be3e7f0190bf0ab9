// Package recent tells what turns up for the first time, in bounded memory.
package recent

// Filter knows hashes of what turned up lately: at least the last of a number of them, and at most twice as many.
type Filter struct {
	most int
	sets [2]map[uint64]struct{} // lately, and before that
}

// New makes a filter that knows at least the last most hashes.
func New(most int) *Filter { return &Filter{most, [2]map[uint64]struct{}{{}, {}}} }

// Again reports whether a hash turned up before. It is known from now on.
func (f *Filter) Again(h uint64) bool {
	_, lately := f.sets[0][h]
	_, before := f.sets[1][h]
	if lately || before {
		return true
	}
	if len(f.sets[0]) == f.most {
		f.sets = [2]map[uint64]struct{}{{}, f.sets[0]}
	}
	f.sets[0][h] = struct{}{}
	return false
}
