package reconcile

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// Matches reports whether an address is one that a glob means, as in Request.Only: a block's address stands for all its instances.
func Matches(glob, address string) bool { return globMatches(glob, address) }

// PausedBy is the pause that holds what goes by these addresses: a relationship's own and those of its folders. nil: none does.
func PausedBy(pauses []state.Pause, addresses ...string) *state.Pause {
	for i, p := range pauses {
		if p.Address == "" || slices.ContainsFunc(addresses, func(a string) bool { return globMatches(p.Address, a) }) {
			return &pauses[i]
		}
	}
	return nil
}

// PauseReason says who paused, since when and why, and how to go on.
func PauseReason(p state.Pause) string {
	if p.Trouble != "" {
		return Paused(p) + ". To go on, see what it is and move it away"
	}
	return Paused(p) + ". To go on: " + ResumeCommand(p)
}

// Paused says who paused, since when and why.
func Paused(p state.Pause) string {
	if p.Trouble != "" {
		return fmt.Sprintf("everything is paused, because nobody can tell what %s pauses: %s", p.File, p.Trouble)
	}
	why := strings.TrimRight(strings.TrimSpace(p.Reason), ".")
	if why != "" {
		why = ": " + why
	}
	return fmt.Sprintf("paused by %s since %s%s", p.By, p.Since.Format("2006-01-02 15:04:05 -0700"), why)
}

// ResumeCommand is what ends a pause, as a shell takes it.
func ResumeCommand(p state.Pause) string {
	if p.Address == "" {
		return "accord resume"
	}
	return "accord resume " + ShellWord(p.Address)
}

// ShellWord is a word as a shell takes it: in quotes where it is empty or holds what shells take for something else.
func ShellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-/@:+,=", r)
	}
	if word != "" && word[0] != '=' && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// pausesOf are the pauses as they are now. A store that cannot say what is paused has everything paused.
func pausesOf(st state.Reader) []state.Pause {
	pauses, err := st.Pauses()
	if err != nil {
		return []state.Pause{{File: "the state", Trouble: err.Error()}}
	}
	return pauses
}

// formerly are the addresses that an address had before `moved` blocks and new places of folders: a pause goes with what it was set for.
func formerly(renames []plan.Rename, addresses ...string) []string {
	for _, r := range renames {
		if slices.Contains(addresses, r.To) {
			addresses = append(addresses, r.From)
		}
	}
	return addresses
}

// holdPaused holds what is paused. It is not read.
func (p *planning) holdPaused() {
	pauses := pausesOf(p.st)
	if len(pauses) == 0 {
		return
	}
	for address, e := range p.ends {
		if h, held := p.holds[address]; held && (h.status == "" || h.status == plan.Disabled) {
			continue
		}
		names := []string{address, e[0], e[1]}
		if r := p.specs[address]; r != nil {
			names = append(names, r.Source.Address, r.Destination.Address)
		}
		if by := PausedBy(pauses, formerly(p.renames, names...)...); by != nil {
			p.holds[address] = hold{plan.Paused, PauseReason(*by)}
		}
	}
}

// halt is a relationship of which writes were left out because it was paused meanwhile.
type halt struct {
	by     state.Pause
	writes int
}

// unpaused leaves out the writes of relationships that are paused by now, and those that follow from one that was left out.
func (a *applying) unpaused(writes []int) []int {
	if a.plan.Document.Task != "" {
		return writes
	}
	pauses := pausesOf(a.st)
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(pauses)+len(a.halts) == 0 {
		return writes
	}
	found := map[[2]string]*state.Pause{} // by relationship and folder
	var out []int
	for _, i := range writes {
		w := &a.part.Writes[i]
		at := [2]string{w.Relationship, w.Folder}
		by, asked := found[at]
		if !asked {
			by = PausedBy(pauses, append(a.namesOf(w.Relationship), w.Folder)...)
			found[at] = by
		}
		for _, need := range w.Needs {
			if by == nil {
				by = a.done[need].paused
			}
		}
		if by == nil {
			out = append(out, i)
			continue
		}
		a.done[i].class, a.done[i].paused = providers.Transient, by
		a.halt(w.Relationship, *by).writes++
	}
	return out
}

// halt notes that something of a relationship is left out. The caller holds mu.
func (a *applying) halt(relationship string, by state.Pause) *halt {
	a.failed[relationship] = true
	if a.halts[relationship] == nil {
		a.halts[relationship] = &halt{by: by}
	}
	return a.halts[relationship]
}

// namesOf are the addresses that a pause may name a relationship by.
func (a *applying) namesOf(relationship string) []string {
	names := []string{relationship}
	if i := slices.IndexFunc(a.plan.Document.Relationships, func(r plan.Relationship) bool { return r.Address == relationship }); i >= 0 {
		names = append(names, a.plan.Document.Relationships[i].Source, a.plan.Document.Relationships[i].Destination)
	}
	return formerly(a.plan.Work.Renames, names...)
}

// folderPaused reports whether a folder is not to be created now, because every relationship that needs it is paused.
func (a *applying) folderPaused(address string) bool {
	pauses := pausesOf(a.st)
	if len(pauses) == 0 {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	users := map[string]state.Pause{}
	for _, r := range a.plan.Document.Relationships {
		if r.Status != plan.OK || r.Source != address && r.Destination != address {
			continue
		}
		by := PausedBy(pauses, a.namesOf(r.Address)...)
		if by == nil {
			return false
		}
		users[r.Address] = *by
	}
	for relationship, by := range users {
		a.halt(relationship, by)
	}
	return len(users) > 0
}

// reportHalts tells of each relationship that was paused meanwhile.
func (a *applying) reportHalts() {
	for _, address := range slices.Sorted(maps.Keys(a.halts)) {
		h := a.halts[address]
		detail := PauseReason(h.by)
		switch {
		case h.writes == 1:
			detail = "1 planned write was not made, and the next plan after the pause says it again: " + detail
		case h.writes > 1:
			detail = fmt.Sprintf("%d planned writes were not made, and the next plan after the pause says them again: %s", h.writes, detail)
		}
		a.fail(plan.Diagnostic{Severity: "warning", Address: address, Summary: "Paused meanwhile", Detail: detail})
	}
}
