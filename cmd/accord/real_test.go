package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/schema/pim"
)

// realScripts are run against real servers. Their tables of what people do and what follows are read by the commands
//
//	begin TABLE       every item of the table is in the first of its folders, at Paris
//	people TABLE      other clients than Accord do what the table says
//	cut ITEM          the file of an item in the directory loses its end; mend gives it back to all
//	hold TABLE…       the folders hold what the tables say, and nothing else; begun=TABLE: what they hold after begin and an apply
//
// Each row of a table is an item, what happens to it in each folder, and, after a bar, what each folder holds of it when Accord was there:
//
//	item         original  replica  | original  replica
//	plain/moved  Rome      .        | Rome      Rome
//
// Before the slash is the item's category. In the first half, a dot leaves the item as it is, a dash deletes it, and all else is what it says from now on: its
// place, a note after "+", the day of the change after "@", another category before ":". "=" gives a new item the UID that it has in the first folder. In the second half a dash is for
// nothing, and commas are between several items of one name.
const realScripts = "testdata/real"

// TestPolicyTable runs every row of the policy table between a directory and a calendar of a real server, in either direction.
func TestPolicyTable(t *testing.T) {
	for _, name := range []string{"radicale", "xandikos"} {
		for _, role := range []string{"original", "replica"} {
			t.Run(name+"/"+role, func(t *testing.T) {
				s := servers.One(t, name)
				var there folders
				runReal(t, "policies.txtar", &there, func(env *testscript.Env, t testing.TB) {
					here := "original"
					if role == here {
						here = "replica"
					}
					path := s.MakeCalendar(t, "alice", "VEVENT")
					calendar := &remote{t: t, server: s, path: path, kind: pim.Calendar}
					directory := &local{dir: filepath.Join(env.WorkDir, "data", "here"), kind: pim.Calendar}
					there = folders{role: calendar, "there": calendar, here: directory, "here": directory}
					env.Setenv("ACCORD_VAR_server", role)
					env.Setenv("ACCORD_VAR_url", s.Base)
					env.Setenv("ACCORD_VAR_path", path)
				})
			})
		}
	}
}

// TestMeshOfServers keeps a directory and collections of two real servers the same.
func TestMeshOfServers(t *testing.T) {
	radicale, cyrus := servers.One(t, "radicale"), servers.One(t, "cyrus")
	for _, kind := range []pim.Kind{pim.Calendar, pim.Contacts} {
		t.Run(string(kind), func(t *testing.T) {
			var there folders
			runReal(t, "mesh.txtar", &there, func(env *testscript.Env, t testing.TB) {
				there = folders{"here": &local{dir: filepath.Join(env.WorkDir, "data", "here"), kind: kind}}
				for _, s := range []servers.Server{radicale, cyrus} {
					var path string
					if kind == pim.Calendar {
						path = s.MakeCalendar(t, "alice", "VEVENT")
					} else {
						path = s.MakeAddressBook(t, "alice")
					}
					there[s.Name] = &remote{t: t, server: s, path: path, kind: kind}
					env.Setenv("ACCORD_VAR_"+s.Name, s.Base)
					env.Setenv("ACCORD_VAR_"+s.Name+"_path", path)
				}
				env.Setenv("ACCORD_VAR_kind", string(kind))
			})
		})
	}
}

// runReal runs a script whose folders setup makes.
func runReal(t *testing.T, script string, there *folders, setup func(*testscript.Env, testing.TB)) {
	testscript.Run(t, testscript.Params{
		Files: []string{filepath.Join(realScripts, script)},
		Setup: func(env *testscript.Env) error {
			setup(env, env.T().(testing.TB))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exitsWith,
			"cut":    func(ts *testscript.TestScript, _ bool, args []string) { (*there)["here"].(*local).cut(ts, args[0]) },
			"mend":   func(ts *testscript.TestScript, _ bool, args []string) { (*there)["here"].(*local).mend(ts) },
			"begin":  func(ts *testscript.TestScript, _ bool, args []string) { there.begin(ts, readTable(ts, args[0])) },
			"people": func(ts *testscript.TestScript, _ bool, args []string) { there.people(ts, readTable(ts, args[0])) },
			"hold": func(ts *testscript.TestScript, _ bool, args []string) {
				var all []table
				for _, name := range args {
					if begun, ok := strings.CutPrefix(name, "begun="); ok {
						all = append(all, readTable(ts, begun).begun())
					} else {
						all = append(all, readTable(ts, name))
					}
				}
				there.hold(ts, all)
			},
		},
	})
}
