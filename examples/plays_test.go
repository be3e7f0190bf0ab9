package examples

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// played are the examples that have a play of their own, with the programs that it takes: TestPlays runs them.
var played = map[string][]string{
	"caldav-team":          {"bash", "curl", "dpkg-query", "radicale"},
	"caldav-contacts-mesh": {"bash", "curl", "dpkg-query", "radicale"},
	"timetable":            {"bash", "awk", "sed", "go"},
	"timetable-postgres":   {"bash", "dpkg-query", "psql"},
	"address-list":         {"bash", "dpkg-query", "slapd", "ldapmodify", "openssl"},
	"case-system":          {"bash", "awk"},
}

// What differs from play to play, and how the golden files show it.
var (
	temporary = regexp.MustCompile(`/\S*/tmp\.\w+/example`)
	port      = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	requests  = regexp.MustCompile(`\d+ (to provider\.)`) // how many it takes is for the tests of the drivers to say
)

// TestPlays does what the README says of these examples, each on a server or file of its own. Each script checks its steps by itself.
func TestPlays(t *testing.T) {
	for name, programs := range played {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, name)
			w.run(done, "validate")
			w.run(done, "fmt", "-check")

			if runtime.GOOS != "linux" {
				t.Skip("the commands of the play are those of GNU")
			}
			needs(t, programs...)
			if slices.Contains(programs, "psql") && os.Geteuid() != 0 {
				t.Skip("only root can start a PostgreSQL of its own")
			}
			cmd := exec.Command("bash", name+"/play")
			cmd.Env = append(os.Environ(), "ACCORD="+accord)
			transcript, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v:\n%s", err, transcript)
			}
			said := temporary.ReplaceAllString(tidy(string(transcript)), "DIR")
			said = requests.ReplaceAllString(said, "N $1")
			said = port.ReplaceAllString(said, "127.0.0.1:5232")
			w.golden(name, said)
			w.shownInReadme(said)
		})
	}
}

// margin is what a play puts before each line that the program says.
var margin = regexp.MustCompile(`(?m)^   \|( |$)`)

// shownInReadme checks that every text that the example's README shows was said in its play.
func (w *workspace) shownInReadme(said string) {
	w.t.Helper()
	page, err := os.ReadFile(filepath.Join(w.example, "README.md"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.t.Fatal(err)
	}
	said = margin.ReplaceAllString(said, "")
	for _, block := range fence.FindAllStringSubmatch(string(page), -1) {
		if language, shown := block[2], block[3]; language == "text" && !strings.Contains(said, shown) {
			w.t.Errorf("the README of %s shows what its play does not say:\n%s", w.example, shown)
		}
	}
}
