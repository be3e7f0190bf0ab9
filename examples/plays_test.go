package examples

import (
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"testing"
)

// played are the examples that need a server, or a database that is made first, with the programs that their plays take: TestPlays runs them.
var played = map[string][]string{
	"caldav-team":          {"bash", "curl", "dpkg-query", "radicale"},
	"caldav-contacts-mesh": {"bash", "curl", "dpkg-query", "radicale"},
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
			cmd := exec.Command("bash", name+"/play")
			cmd.Env = append(os.Environ(), "ACCORD="+accord)
			transcript, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v:\n%s", err, transcript)
			}
			said := temporary.ReplaceAllString(tidy(string(transcript)), "DIR")
			said = requests.ReplaceAllString(said, "N $1")
			w.golden(name, port.ReplaceAllString(said, "127.0.0.1:5232"))
		})
	}
}
