package servers

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, env string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("ACCORD_SERVERS", dir)
	if err := os.Mkdir(filepath.Join(dir, "radicale"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "radicale", "env"), []byte(env), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	write(t, "BASE='http://127.0.0.1:1'\nCALHOME='/USER/c/'\nABHOME='/USER/a/'\nPRINCIPAL='/p/USER/'\nIMAP='127.0.0.1:2'\n")
	s, err := Find("radicale")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join([]string{s.Name, s.Base, s.CalendarHome("bob"), s.AddressBookHome("bob"), s.Principal("bob")}, " ")
	if want := "radicale http://127.0.0.1:1 /bob/c/ /bob/a/ /p/bob/"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestFindSaysWhatIsMissing(t *testing.T) {
	write(t, "BASE='http://127.0.0.1:1'\nCALHOME='/USER/'\n")
	for name, want := range map[string]string{"radicale": "ABHOME", "cyrus": "cyrus"} {
		if _, err := Find(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v, and does not name %s", name, err, want)
		}
	}
}

// TestEach makes collections on every server that runs, and finds that no two are the same and that they are gone afterwards.
func TestEach(t *testing.T) {
	Each(t, func(t *testing.T, s Server) {
		var made []string
		t.Run("made", func(t *testing.T) {
			made = append(made, s.MakeCalendar(t, "alice"), s.MakeCalendar(t, "alice", "VEVENT", "VTODO"), s.MakeAddressBook(t, "alice"), s.Unused(t, "alice"))
			for i, path := range made {
				if got, want := there(t, s, path), i < 3; got != want {
					t.Errorf("%s: there is a collection: %v, want %v", path, got, want)
				}
			}
			if other := s.Do(t, "bob", "DELETE", made[0], ""); other.Status < 400 {
				t.Errorf("bob may remove alice's calendar: %d", other.Status)
			}
		})
		for _, path := range made {
			if there(t, s, path) {
				t.Errorf("%s is still there", path)
			}
		}
	})
}

func there(t *testing.T, s Server, path string) bool {
	a := s.Do(t, "alice", "PROPFIND", path, "", "Depth", "0")
	return a.Status == http.StatusMultiStatus && strings.Contains(a.Body, "collection")
}
