package view

import (
	"bufio"
	"fmt"
	"time"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Result shows what an apply did: what was not done and why, the counts, and how long it took.
func (v *View) Result(res *reconcile.Result) error {
	out := bufio.NewWriter(v.out)
	if v.opts.JSON {
		for _, f := range res.Failures {
			if err := writeLine(out, "diagnostic", f); err != nil {
				return err
			}
		}
		err := writeLine(out, "result", struct {
			Summary  plan.Summary `json:"summary"`
			Apply    uint64       `json:"apply,omitempty"`
			Started  time.Time    `json:"started"`
			Finished time.Time    `json:"finished"`
			Seconds  float64      `json:"seconds"`
		}{res.Summary, res.Apply, res.Started, res.Finished, res.Finished.Sub(res.Started).Seconds()})
		if err != nil {
			return err
		}
		return out.Flush()
	}
	paint := painter(v.opts.ColorOut)
	if len(res.Failures) > 0 {
		fmt.Fprintln(out)
	}
	for _, f := range res.Failures {
		out.WriteString(diagnostic(f, paint))
	}
	fmt.Fprintf(out, "\n%s\n", paint(bold, "Applied: "+done(res.Summary)))
	fmt.Fprintf(out, "Started %s, finished %s, took %s.\n", clock(res.Started), clock(res.Finished), duration(res.Finished.Sub(res.Started)))
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
