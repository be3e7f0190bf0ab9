package examples

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// TestCaseSystem plays the example whose database has to be made first. The script checks its steps by itself.
func TestCaseSystem(t *testing.T) {
	t.Parallel()
	w := open(t, "case-system")
	w.run(done, "validate")
	w.run(done, "fmt", "-check")

	if runtime.GOOS != "linux" {
		t.Skip("the commands of the play are those of GNU")
	}
	needs(t, "bash", "awk")
	cmd := exec.Command("bash", "case-system/play")
	cmd.Env = append(os.Environ(), "ACCORD="+accord)
	transcript, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, transcript)
	}
	w.golden("case-system", temporary.ReplaceAllString(tidy(string(transcript)), "DIR"))
}
