package examples

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// needs skips a test where a program is missing, unless ACCORD_REQUIRE names it.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err == nil {
			continue
		}
		if slices.Contains(strings.Split(os.Getenv("ACCORD_REQUIRE"), ","), p) {
			t.Fatalf("%s is required, and it is not there", p)
		}
		t.Skipf("this test runs %s, and it is not there", p)
	}
}

// TestGitopsPlay plays the pipeline of examples/gitops from pull request to apply, and looks at what has become of the calendars. The script checks
// each step by itself.
func TestGitopsPlay(t *testing.T) {
	t.Parallel()
	needs(t, "bash", "git")
	dir := filepath.Join(t.TempDir(), "played")
	cmd := exec.Command("bash", "gitops/play", dir)
	cmd.Env = append(os.Environ(), "ACCORD="+accord)
	transcript, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v:\n%s", err, transcript)
	}

	// In the order of the script, the exit codes of the steps that do something, and those that are not 0 of the others.
	want := "apply 0, validate 1, plan 0, plan 0, apply 4, apply 5, drift 2, drift 2, plan 0, plan 0, apply 0, apply 5, plan 0, apply 0, drift 0, " +
		"drift 4, plan 0, apply 0, drift 2, plan 0, apply 0, drift 0, drift 1"
	if got := ended(transcript); got != want {
		t.Errorf("the steps ended with\n%s\nwant\n%s\nand said\n%s", got, want, transcript)
	}

	w := &workspace{t: t, dir: filepath.Join(dir, "server")}
	for folder, want := range map[string]int{"lobby": 22, "kitchen": 22, "staff/alice": 8, "staff/bob": 8, "staff/carol": 8, "company": 8, "rota": 22} {
		if n := w.count("calendars/" + folder); n != want {
			t.Errorf("%s holds %d events, want %d", folder, n, want)
		}
	}
	for post, want := range map[string]string{
		"comments/PR-1/1.md": "<!-- accord plan: gitops -->\n",
		"comments/PR-1/2.md": "<!-- accord apply: exit code 4 -->\n",
		"comments/PR-3/2.md": "<!-- accord apply: exit code 5 -->\n",
		"issues/1.md":        "<!-- accord plan: gitops -->\n",
	} {
		if text, err := os.ReadFile(filepath.Join(dir, "forge", post)); err != nil || !bytes.HasPrefix(text, []byte(want)) {
			t.Errorf("%s begins with %.60q, want %q (%v)", post, text, want, err)
		}
	}
}

// ended lists how the steps ended that a transcript shows.
func ended(transcript []byte) string {
	var steps []string
	for _, m := range regexp.MustCompile(`(?ms)^   \$ (.*?)$.*?^   exit code (\d+)$`).FindAllSubmatch(transcript, -1) {
		name := string(m[1])
		if strings.Contains(name, " apply ") {
			name = "ci/apply" // by hand
		}
		step, isStep := strings.CutPrefix(name, "ci/")
		if code := string(m[2]); isStep && (step == "plan" || step == "apply" || step == "drift" || code != "0") {
			steps = append(steps, step+" "+code)
		}
	}
	return strings.Join(steps, ", ")
}
