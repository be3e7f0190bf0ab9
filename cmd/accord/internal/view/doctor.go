package view

import (
	"bufio"
	"fmt"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
)

// toldOfAKind is how many findings of one kind are told one by one, unless all are asked for.
const toldOfAKind = 10

// Findings shows what does not hold together in a state, and what is proposed.
func (v *View) Findings(d *reconcile.Diagnosis) error {
	out := bufio.NewWriter(v.out)
	t := v.text(out)
	told := map[reconcile.FindingCode]int{}
	for _, f := range d.Findings {
		if v.opts.JSON {
			if err := writeLine(out, "finding", f); err != nil {
				return err
			}
			continue
		}
		if told[f.Code]++; told[f.Code] <= toldOfAKind {
			t.finding(f)
		}
	}
	if !v.opts.JSON {
		for _, f := range d.Findings { // in their order, each kind once
			if n := told[f.Code] - toldOfAKind; n > 0 {
				t.put(fmt.Sprintf("%s: %d more, which -json lists.", f.Code, n))
			}
			told[f.Code] = 0
		}
	}
	return out.Flush()
}

func (t *text) finding(f reconcile.Finding) {
	head := t.paint(yellow, "Found")
	if f.Severity == "info" {
		head = "Note"
	}
	about := ""
	if f.Address != "" {
		about = words.Sentence(f.Address)
		if f.Item != "" {
			about += " " + words.Title(f.Item)
		}
		about += ": "
	}
	t.put(wrap(fmt.Sprintf("%s: %s%s (%s)", head, about, words.Sentence(f.Sentence), f.Code), t.width, 2))
	t.put(wrap("    "+words.Sentence(f.Proposal), t.width, 4))
}

// Treated is what became of the findings.
type Treated struct {
	*reconcile.Diagnosis
	Mended, Left int
}

// Treated shows how many findings were mended, and what was looked at.
func (v *View) Treated(d Treated) error {
	if v.opts.JSON {
		return v.Line("doctor", struct {
			Findings      int  `json:"findings"`
			Mended        int  `json:"mended"`
			Left          int  `json:"left"`
			Relationships int  `json:"relationships"`
			Pairs         int  `json:"pairs"`
			Items         int  `json:"items"`
			Read          bool `json:"read"`
		}{len(d.Findings), d.Mended, d.Left, d.Relationships, d.Pairs, d.Items, d.Read})
	}
	looked := fmt.Sprintf("Looked at: %s, %s, %s", words.Counted(d.Relationships, "relationship", "relationships"), words.Counted(d.Pairs, "pair", "pairs"),
		words.Counted(d.Items, "item", "items"))
	if d.Read {
		looked += " and the folders."
	} else {
		looked += "; no folder was asked."
	}
	switch {
	case d.Mended > 0 && d.Left == 0:
		return v.Say("%s Mended: %d. What follows, accord plan shows.", looked, d.Mended)
	case d.Mended > 0:
		return v.Say("%s Mended: %d, left: %d. What follows, accord plan shows.", looked, d.Mended, d.Left)
	case d.Left > 0:
		return v.Say("%s Left: %d. Nothing was changed.", looked, d.Left)
	}
	return v.Say("%s The state is in order.", looked)
}
