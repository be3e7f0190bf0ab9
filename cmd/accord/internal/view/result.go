package view

import (
	"bufio"
	"fmt"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Result shows what an apply of a plan did: what was not done and why, the counts, and how long it took.
func (v *View) Result(doc *plan.Document, res *reconcile.Result) error {
	out := bufio.NewWriter(v.out)
	if v.opts.JSON {
		for _, f := range res.Failures {
			if err := writeLine(out, "diagnostic", f); err != nil {
				return err
			}
		}
		err := writeLine(out, "result", struct {
			Summary  plan.Summary `json:"summary"`
			Requests []plan.Sent  `json:"requests,omitempty"`
			Apply    uint64       `json:"apply,omitempty"`
			Backup   string       `json:"backup,omitempty"`
			Started  time.Time    `json:"started"`
			Finished time.Time    `json:"finished"`
			Seconds  float64      `json:"seconds"`
		}{res.Summary, res.Requests, res.Apply, res.Backup, res.Started, res.Finished, res.Finished.Sub(res.Started).Seconds()})
		if err != nil {
			return err
		}
		return out.Flush()
	}
	t := v.text(out)
	if len(res.Failures) > 0 {
		t.put("")
	}
	for _, f := range res.Failures {
		t.diagnostic(f)
	}
	t.put("")
	t.sums(words.Done(doc, res.Summary, res.Requests, max(0, doc.Summary.Changes()-res.Summary.Changes())))
	if res.Backup != "" {
		t.put("Before the first write, what the folders held was backed up: " + Clean(res.Backup))
	}
	t.put(fmt.Sprintf("Started %s, finished %s, took %s.", clock(res.Started), clock(res.Finished), duration(res.Finished.Sub(res.Started))))
	return out.Flush()
}

func clock(t time.Time) string { return t.Format("2006-01-02 15:04:05 -0700") }

// duration is as exact as people want it: 0.4s, 12.3s, 3m4s.
func duration(d time.Duration) string {
	if d < time.Minute {
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
