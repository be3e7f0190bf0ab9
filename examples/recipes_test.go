package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

// TestRecipes runs every recipe as it stands, and plays it: each play checks its steps by itself.
func TestRecipes(t *testing.T) {
	recipes := []string{
		"busy-only", "categories-and-colors", "contacts-by-group", "late-changes", "own-reminders",
		"private-trigger", "tasks-this-month", "team-prefix", "term-dates", "title-note-swap",
	}
	if found := workspaces(t, "recipes"); !slices.Equal(found, recipes) {
		t.Errorf("the recipes are %q, and %q are run", found, recipes)
	}
	for _, name := range recipes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, "recipes/"+name)
			w.run(done, "validate")
			w.run(done, "fmt", "-check")
			w.run(pending, "plan", "-detailed-exitcode")
			w.converges(done, done)

			if runtime.GOOS != "linux" {
				t.Skip("the commands of the play are those of GNU")
			}
			needs(t, "bash", "awk")
			cmd := exec.Command("bash", filepath.Join("recipes", name, "play"))
			cmd.Env = append(os.Environ(), "ACCORD="+accord)
			transcript, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v:\n%s", err, transcript)
			}
			w.golden("recipes/"+name, temporary.ReplaceAllString(tidy(string(transcript)), "DIR"))
		})
	}
}
