// Package differences is what real servers make of telling items: measured through the drivers, kept as data in testdata/servers/differences.json, and shown in
// docs/servers.md.
//
//	testdata/servers/run -- go test -p 1 ./providers/caldav ./providers/carddav -run TestDifferences -update
//	go test ./providers/davtest/differences -update
package differences

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/schema/pim"
)

// Update says that what is measured is to be written down.
var Update = flag.Bool("update", false, "write down what the servers do")

// Outcome is what became of an item that was to be made.
type Outcome struct {
	Rewritten []string `json:"rewritten,omitempty"` // the fields that say something else now
	Failed    string   `json:"failed,omitempty"`    // class and reason; "": it is there
	Requests  int      `json:"requests"`            // what it took to make it and to know what was stored
}

// Table is the outcome by server, kind and name of the input.
type Table map[string]map[pim.Kind]map[string]Outcome

// Account is a folder at a server, seen through a driver.
type Account struct {
	Server   servers.Server
	Provider providers.Provider
	Folder   providers.FolderConfig
	Path     string     // of the folder at the server
	Requests func() int // how many were sent since it was last called
}

// Test makes each input in the folder and compares what became of it with the table. Whatever a server makes of an item, the driver has to know: an item that was
// rewritten without its outcome saying so fails the test even with -update.
func Test(t *testing.T, a Account) {
	folder, err := a.Provider.Folder(t.Context(), a.Folder)
	if class := providers.ClassOf(err); class != providers.Done && class != providers.Refused {
		t.Fatal(err)
	}
	got := map[string]Outcome{}
	for _, in := range Inputs(a.Folder.Kind) {
		if err != nil {
			got[in.Name] = Outcome{Failed: a.plain(err)}
			continue
		}
		t.Run(in.Name, func(t *testing.T) { got[in.Name] = a.try(t, folder, in) })
	}
	if t.Failed() {
		return
	}
	file := filepath.Join("..", "..", "testdata", "servers", "differences.json")
	table, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	want := table[a.Server.Name][a.Folder.Kind]
	if reflect.DeepEqual(got, want) {
		return
	}
	if !*Update {
		for _, name := range slices.Sorted(maps.Keys(got)) {
			if w, known := want[name]; !known || !reflect.DeepEqual(got[name], w) {
				t.Errorf("%s: %s is %+v, and %s says %+v; see whether it may be so, and write it down with -update", a.Server.Name, name, got[name], file, w)
			}
		}
		return
	}
	if table[a.Server.Name] == nil {
		table[a.Server.Name] = map[pim.Kind]map[string]Outcome{}
	}
	table[a.Server.Name][a.Folder.Kind] = got
	if err := table.save(file); err != nil {
		t.Fatal(err)
	}
}

// try makes an item as the engine would, and looks at what the server holds then.
func (a Account) try(t *testing.T, folder providers.Folder, in Input) Outcome {
	t.Helper()
	unique := strings.ToLower(rand.Text())
	it, err := in.item(unique)
	if err != nil {
		t.Fatal(err)
	}
	a.Requests()
	out := folder.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: it}})[0]
	if out.Class != providers.Done {
		return Outcome{Failed: a.plain(out.Err, it.UID()), Requests: a.Requests()}
	}
	stored := it
	if out.Changed {
		stored = a.fetch(t, folder, out)
	}
	result := Outcome{Requests: a.Requests()}
	held := a.held(t, folder, out.Ref)
	if stored == nil || held == nil {
		result.Failed = "unreadable"
		return result
	}
	result.Rewritten = differing(it, held)
	if unseen := differing(stored, held); len(unseen) > 0 {
		t.Errorf("the driver does not know that the server holds other %v than it was given:\n%s\n%s", unseen, it.Bytes(), held.Bytes())
	}
	return result
}

func (a Account) fetch(t *testing.T, folder providers.Folder, out providers.Outcome) (it *pim.Item) {
	t.Helper()
	err := folder.Fetch(t.Context(), []string{out.Ref}, func(f providers.Fetched) error {
		if it = f.Item; f.Err != nil && providers.ClassOf(f.Err) != providers.Refused {
			return f.Err
		}
		if out.Version != "" && f.Version != out.Version {
			t.Errorf("it was stored with version %q, and has version %q", out.Version, f.Version)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// held is what another client is given.
func (a Account) held(t *testing.T, folder providers.Folder, ref string) *pim.Item {
	t.Helper()
	answer := a.Server.Do(t, "alice", http.MethodGet, a.Path+ref, "")
	if answer.Status != http.StatusOK {
		t.Fatalf("GET %s: status %d", a.Path+ref, answer.Status)
	}
	it, err := pim.Parse(a.Folder.Kind, []byte(answer.Body))
	if err != nil {
		return nil
	}
	return it
}

// differing is what two items say differently: fields, and the UID and marker that are none.
func differing(a, b *pim.Item) []string {
	names := a.Fields().Diff(b.Fields())
	if a.UID() != b.UID() {
		names = append(names, "uid")
	}
	was, _ := a.Marker()
	if is, marked := b.Marker(); !marked || is != was {
		names = append(names, "marker")
	}
	return names
}

// plain is the class of an error and its text, without what differs from run to run and without what every such error begins with.
func (a Account) plain(err error, names ...string) string {
	if err == nil {
		return "without a reason"
	}
	text := err.Error()
	for _, name := range names {
		text = strings.ReplaceAll(text, strconv.Quote(name)+": ", "")
	}
	text = strings.NewReplacer(strconv.Quote(a.Server.Base+a.Path)+": ", "", a.Server.Base, "", a.Path, "/").Replace(text)
	for _, prefix := range []string{"caldav: ", "carddav: ", "create ", "open "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return string(providers.ClassOf(err)) + ": " + text
}

// Load reads a table; a file that is not there holds none.
func Load(file string) (Table, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Table{}, nil
	} else if err != nil {
		return nil, err
	}
	var table Table
	return table, json.Unmarshal(text, &table)
}

func (t Table) save(file string) error {
	text, err := json.MarshalIndent(t, "", "  ")
	return cmp.Or(err, os.WriteFile(file, append(text, '\n'), 0o666))
}
