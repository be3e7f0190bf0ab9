package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// canaryRuns are command lines of every verb. Each is run as it stands, with -json, and with -verbose where the verb has that; variables are given to those that
// take them. before, if any, sees to it before each run that there is something to do. A verb that is in the table of commands and not here fails the test.
var canaryRuns = []struct {
	verb   string
	lines  []string
	before func(*aviaryPlace)
}{
	{"init", []string{"init -chdir=FRESH"}, (*aviaryPlace).freshen},
	{"validate", []string{"validate"}, nil},
	{"fmt", []string{"fmt -check", "fmt -diff"}, nil},
	{"check", []string{"check", "check -probe"}, nil},
	{"discover", []string{"discover caldav.basic", "discover caldav.digest", "discover carddav.bearer", "discover caldav.oauth", "discover vdir.local", "discover -hcl caldav.basic"}, nil},
	{"plan", []string{"plan -out=saved.plan", "plan -titles=full -json-into=plan.json", "plan -markdown", "plan -html", "plan -full -destroy"}, nil},
	{"show", []string{"show saved.plan", "show -markdown saved.plan", "show -html saved.plan"}, nil},
	{"graph", []string{"graph", "graph -format=svg", "graph -format=mermaid -plan=saved.plan"}, nil},
	{"apply", []string{"apply saved.plan", "apply -auto-approve", "apply -auto-approve -verify", "apply -auto-approve -within=saved.plan"}, nil},
	{"status", []string{"status"}, nil},
	{"pause", []string{"pause relationship.oauth -reason=rest"}, nil},
	{"resume", []string{"resume"}, nil},
	{"resolve", []string{`resolve mesh.basic["here/basic"] lantern source -auto-approve`, `resolve mesh.digest["here/digest"] lantern destination -out=resolve.plan`}, (*aviaryPlace).disagree},
	{"conflicts", []string{"conflicts -titles=full"}, (*aviaryPlace).disagree},
	{"ack", []string{"ack relationship.oauth -for=14d -reason=known"}, nil},
	{"undo", []string{"undo -out=undo.plan", "undo -auto-approve"}, nil},
	{"log", []string{"log", "log 1"}, nil},
	{"items resync", []string{"items resync relationship.oauth -auto-approve"}, nil},
	{"explain", []string{"explain folder.here lantern -titles=full", "explain folder.basic lantern", "explain folder.bearer card"}, nil},
	{"state list", []string{"state list -pairs"}, nil},
	{"state show", []string{"state show folder.basic", "state show relationship.oauth", `state show mesh.basic["here/basic"] lantern`}, nil},
	{"state rebind", []string{"state rebind folder.oauth"}, nil},
	{"state unlock", []string{"state unlock"}, nil},
	{"items view", []string{"items view folder.oauth -titles=full"}, nil},
	{"items orphans", []string{"items orphans"}, nil},
	{"items dedupe", []string{"items dedupe folder.oauth -out=twice.plan"}, nil},
	{"items delete", []string{"items delete relationship.oauth -out=gone.plan"}, nil},
	{"backup", []string{"backup FRESH/saved", "backup"}, (*aviaryPlace).freshen},
	{"restore", []string{"restore .accord/backups/LAST -out=restore.plan"}, nil},
	{"state doctor", []string{"state doctor"}, nil},
	{"state export", []string{"state export state.jsonl", "state export -journal"}, nil},
	{"state import", []string{"state import -replace state.jsonl"}, nil},
	{"state mv", []string{"state mv folder.feed folder.fed"}, nil},
	{"state rm", []string{"state rm relationship.feed"}, nil},
	{"state rebuild", []string{"state rebuild -replace"}, nil},
	{"version", []string{"version"}, nil},
	{"completion", []string{"completion bash", "completion zsh", "completion fish", "completion powershell"}, nil},
	{"man", []string{"man plan", "man -into=man1"}, nil},
	{"help", []string{"help plan"}, nil},
}

// aviaryBlocks is a workspace in which every kind of credential is used. SERVER stands for the address.
const aviaryBlocks = `accord { workspace = "aviary" }
variable "basic" {
  type      = string
  sensitive = true
  ephemeral = true
}
variable "digest" {
  type      = string
  sensitive = true
}
variable "bearer" {
  type      = string
  sensitive = true
}
variable "client" {
  type      = string
  sensitive = true
}
variable "feed" {
  type      = string
  sensitive = true
}
variable "unused" {
  type      = string
  sensitive = true
  default   = file("default.txt")
}
provider "vdir" "local" { path = "data" }
provider "caldav" "basic" {
  url      = "SERVER/dav/"
  username = "alice"
  password = var.basic
}
provider "caldav" "digest" {
  url      = "SERVER/dav/"
  auth     = "digest"
  username = "alice"
  password = var.digest
}
provider "carddav" "bearer" {
  url   = "SERVER/dav/"
  token = var.bearer
}
provider "caldav" "oauth" {
  url           = "SERVER/dav/"
  token_file    = "token.json"
  token_url     = "SERVER/token"
  client_id     = "accord"
  client_secret = var.client
}
provider "ical" "feed" { secret_url = var.feed }
folder "here" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "here"
}
folder "cards" {
  provider = provider.vdir.local
  kind     = "contacts"
  path     = "cards"
}
folder "copy" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "copy"
  create   = true
}
folder "basic" {
  provider = provider.caldav.basic
  kind     = "calendar"
  path     = "/dav/calendars/alice/one/"
}
folder "digest" {
  provider = provider.caldav.digest
  kind     = "calendar"
  path     = "/dav/calendars/alice/two/"
}
folder "oauth" {
  provider = provider.caldav.oauth
  kind     = "calendar"
  path     = "/dav/calendars/alice/three/"
}
folder "bearer" {
  provider = provider.carddav.bearer
  kind     = "contacts"
  path     = "/dav/contacts/alice/cards/"
}
folder "feed" {
  provider = provider.ical.feed
  kind     = "calendar"
}
mesh "basic" {
  folders  = [folder.here, folder.basic]
  profile  = "two_way"
  conflict = "manual"
}
mesh "digest" {
  folders  = [folder.here, folder.digest]
  profile  = "two_way"
  conflict = "manual"
}
relationship "oauth" {
  source      = folder.here
  destination = folder.oauth
  profile     = "one_way"
}
relationship "bearer" {
  source      = folder.cards
  destination = folder.bearer
  profile     = "one_way"
}
relationship "feed" {
  source      = folder.feed
  destination = folder.copy
  profile     = "one_way"
}
`

// aviaryPlace is a workspace whose credentials are canaries.
type aviaryPlace struct {
	place
	server *aviary
	runs   int
	turns  int // of people at an item
}

func newAviaryPlace(t *testing.T) *aviaryPlace {
	server := newAviary(t)
	p := &aviaryPlace{place: newPlace(t, strings.ReplaceAll(aviaryBlocks, "SERVER", server.URL)), server: server}
	p.put("given.json", p.inJSON(map[string]string{"digest": canaries["digest"].secret}))
	p.put("default.txt", canaries["default"].secret)
	p.put("token.json", p.inJSON(map[string]string{"access_token": canaries["expired"].secret, "refresh_token": canaries["refresh"].secret, "expiry": "2020-01-01T00:00:00Z"}))
	p.put("data/here/lantern.ics", eventOf("lantern", "Lantern festival", "Paris"))
	p.put("data/cards/card.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:card\r\nFN:Card Holder\r\nN:Holder;Card;;;\r\nEND:VCARD\r\n")
	return p
}

// freshen empties a directory.
func (p *aviaryPlace) freshen() {
	p.check(os.RemoveAll(p.fresh()))
	p.check(os.MkdirAll(p.fresh(), 0o777))
}

func (p *aviaryPlace) fresh() string { return filepath.Join(p.dir, "fresh") }

// filled is a line with the names that it stands for: a directory that is empty, and the last backup.
func (p *aviaryPlace) filled(line string) string {
	backups, err := filepath.Glob(filepath.Join(p.dir, ".accord", "backups", "2*"))
	p.check(err)
	if len(backups) > 0 {
		line = strings.ReplaceAll(line, "LAST", filepath.Base(backups[len(backups)-1]))
	}
	return strings.ReplaceAll(line, "FRESH", p.fresh())
}

// disagree has people edit an item on all sides, so that there are conflicts.
func (p *aviaryPlace) disagree() {
	p.turns++
	p.put("data/here/lantern.ics", eventOf("lantern", "Lantern festival", fmt.Sprint("Paris ", p.turns)))
	for _, path := range []string{"/dav/calendars/alice/one/", "/dav/calendars/alice/two/"} {
		for name, text := range p.server.dav.Items(path) {
			if titleOf(text) == "Lantern festival" {
				p.server.dav.Put(path+name, strings.Replace(text, "\r\nLOCATION:", fmt.Sprintf("\r\nLOCATION:%s %d\r\nX-WAS:", path, p.turns), 1))
			}
		}
	}
}

func (p *aviaryPlace) inJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(text)
}

// given are the flags by which a verb is given variables.
var given = []string{"-var=basic=" + canaries["basic"].secret, "-var-file=given.json"}

// run runs a command line, and looks for canaries in what it says.
func (p *aviaryPlace) run(args ...string) (code int, said string) {
	p.t.Helper()
	prog := testProgram()
	prog.now = time.Now
	prog.env = func(name string) (string, bool) {
		value, known := map[string]string{
			"ACCORD_VAR_bearer": canaries["bearer"].secret, "ACCORD_VAR_client": canaries["client"].secret,
			"ACCORD_VAR_feed": p.server.URL + "/" + canaries["feed path"].secret + "/basic.ics?key=" + canaries["feed query"].secret,
		}[name]
		return value, known
	}
	trace, err := traceTo(prog.err, "http")
	p.check(err)
	prog.drivers = drivers(trace)
	code = prog.run(p.t.Context(), append([]string{"-chdir", p.dir}, args...))
	said = prog.out.(*bytes.Buffer).String() + prog.err.(*bytes.Buffer).String()
	if found := heldIn(said); found != nil {
		p.t.Errorf("accord %s: it says the secrets %q:\n%s", strings.Join(withoutGiven(args), " "), found, said)
	}
	p.runs++
	return code, said
}

func withoutGiven(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return slices.Contains(given, arg) })
}

// ways are a command line in each form of output.
func ways(cmd *cobra.Command, line string) [][]string {
	args := strings.Fields(line)
	if cmd.Flags().Lookup("var") != nil {
		args = append(args, given...)
	}
	all := [][]string{args}
	if !strings.Contains(line, "-markdown") && !strings.Contains(line, "-html") {
		all = append(all, append(slices.Clone(args), "-json"))
	}
	if cmd.Flags().Lookup("verbose") != nil {
		all = append(all, append(slices.Clone(args), "-verbose"))
	}
	return all
}

// all runs every line of the table in every way, and gives first what came of the first one.
func (p *aviaryPlace) all(first func(line string, code int, said string)) {
	p.t.Helper()
	for _, r := range canaryRuns {
		cmd, _, err := testProgram().command().Find(strings.Fields(r.verb))
		if err != nil {
			p.t.Fatalf("%s: %v", r.verb, err)
		}
		for _, line := range r.lines {
			for i, args := range ways(cmd, p.filled(line)) {
				if r.before != nil {
					r.before(p)
				}
				code, said := p.run(args...)
				if i == 0 { // again, some have nothing left to do
					first(strings.Join(withoutGiven(args), " "), code, said)
				}
			}
		}
	}
}

// search looks for canaries in all that lies on the disk, but for the files in which they are given.
func (p *aviaryPlace) search(when string, dirs ...string) (texts map[string]string) {
	p.t.Helper()
	all := map[string]string{}
	for _, dir := range append(dirs, p.dir) {
		for name, text := range filesBelow(p.t, dir) {
			all[name] = text
			if dir == p.dir && slices.Contains([]string{"given.json", "default.txt", "token.json"}, name) {
				continue
			}
			if found := heldIn(name + "\n" + text); found != nil {
				p.t.Errorf("%s: %s holds the secrets %q", when, name, found)
			}
		}
	}
	return all
}

// TestNoCanaryComesOut runs every verb in every form of output, with the server well, failing in ways that repeat what it was sent, and gone, and looks for
// every secret in all that was said and written.
func TestNoCanaryComesOut(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	p := newAviaryPlace(t)
	p.all(func(line string, code int, said string) {
		if !slices.Contains([]int{0, 2, 3, 4, 5}, code) { // 5: a plan that was used
			t.Errorf("accord %s: exit code %d, so the run proves little:\n%s", line, code, said)
		}
	})
	texts := p.search("after all verbs", temporary)
	for _, below := range []string{"saved.plan", ".accord/state/"} { // the state keeps images of items for undo
		seen := slices.ContainsFunc(slices.Collect(maps.Keys(texts)), func(name string) bool {
			return strings.HasPrefix(name, below) && strings.Contains(texts[name], "Lantern festival")
		})
		if !seen {
			t.Errorf("the search does not see what is in %s; it saw %q", below, slices.Sorted(maps.Keys(texts)))
		}
	}
	for name := range canaries {
		if name != "default" && name != "expired" && name != "refreshed" && !p.server.seen[name] {
			t.Errorf("the server never saw the canary %q", name)
		}
	}

	echoed := 0
	p.put("data/here/more.ics", eventOf("more", "More", "Rome")) // there is something to write
	for _, with := range [][]failure{failures, failures[3:]} {
		p.server.fail(with)
		p.all(func(_ string, _ int, said string) { echoed += strings.Count(said, "(sensitive)") })
	}
	if echoed < 40 {
		t.Errorf("%d times a server's words were shown without the secrets in them: too few to prove anything", echoed)
	}
	p.server.fail(slowFailures)
	p.run(append([]string{"check", "-only=folder.basic"}, given...)...)
	p.run(append([]string{"plan", "-only=relationship.basic"}, given...)...)
	p.search("after failures", temporary)
	p.server.Close()
	p.run(append([]string{"check"}, given...)...)
	p.run(append([]string{"plan"}, given...)...)
	t.Logf("%d runs", p.runs)
}

// TestNoVerbWithoutCanary walks the table of commands: each has a run.
func TestNoVerbWithoutCanary(t *testing.T) {
	runs := map[string]bool{}
	for _, r := range canaryRuns {
		for _, line := range r.lines {
			if !strings.HasPrefix(line+" ", r.verb+" ") {
				t.Errorf("%q is no run of %s", line, r.verb)
			}
		}
		runs[r.verb] = len(r.lines) > 0
	}
	verbs := 0
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
		if cmd.HasSubCommands() || cmd.Hidden {
			return
		}
		verbs++
		if verb := strings.TrimPrefix(cmd.CommandPath(), "accord "); !runs[verb] {
			t.Errorf("accord %s has no run among canaryRuns: nobody has looked whether it shows secrets", verb)
		}
	}
	walk(testProgram().command())
	if verbs < 18 {
		t.Errorf("%d verbs were found", verbs)
	}
}
