package examples

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// fence is a fenced block of a page, with the comment right before it: what it is for.
var fence = regexp.MustCompile("(?ms)^(?:<!-- ([^\n]*?) -->\n)?```([a-z]+)\n(.*?)^```$")

// after names a script: what happened before a page begins.
var after = regexp.MustCompile(`(?m)^<!-- after (.*) -->$`)

// What differs from run to run, and how pages show it.
var (
	moment   = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}`)
	since    = regexp.MustCompile(`since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
	duration = regexp.MustCompile(`took [0-9.a-zµ]+\.`)
	size     = regexp.MustCompile(`The state takes [0-9.]+ .?B`)
	stamp    = regexp.MustCompile(`\.accord/backups/[0-9TZ-]+`)
	person   = regexp.MustCompile(`[^\s@]+@` + regexp.QuoteMeta(host()))
)

func tidy(said string) string {
	said = moment.ReplaceAllString(said, "2026-11-23 09:30:00 +0000")
	said = since.ReplaceAllString(said, "since 2026-11-23T09:30:00Z")
	said = duration.ReplaceAllString(said, "took 1s.")
	said = size.ReplaceAllString(said, "The state takes 6.2 kB")
	said = stamp.ReplaceAllString(said, ".accord/backups/2026-11-23T09-30-00Z")
	return person.ReplaceAllString(said, "anna@office")
}

func host() string {
	name, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return name
}

// TestBook does what readers of the pages do. Of each page it writes the blocks of files, runs the commands of the blocks of the console, as in a clone
// of this repository, and compares what they say with what the page shows.
func TestBook(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the commands between those of accord are those of GNU")
	}
	commands := 0
	for _, page := range pages(t) {
		text := read(t, page)
		if !strings.Contains(text, "\n```console\n") {
			continue
		}
		t.Run(filepath.Base(page), func(t *testing.T) {
			clone := t.TempDir()
			for _, in := range []string{".", "recipes"} {
				for _, example := range workspaces(t, in) {
					example = filepath.Join(in, example)
					if err := os.CopyFS(filepath.Join(clone, "examples", example), os.DirFS(open(t, example).dir)); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, m := range after.FindAllStringSubmatch(text, -1) {
				if said := run(t, clone, "set -e\n"+read(t, filepath.FromSlash("../"+m[1]))); said != "" {
					t.Fatalf("%s says %s", m[1], said)
				}
			}
			now := fence.ReplaceAllStringFunc(text, func(block string) string {
				m := fence.FindStringSubmatch(block)
				purpose, language, content := m[1], m[2], m[3]
				if name, ok := strings.CutPrefix(purpose, "file "); ok {
					write(t, filepath.Join(clone, filepath.FromSlash(name)), content)
				}
				if language != "console" {
					return block
				}
				said, n := converse(t, clone, content)
				commands += n
				return strings.Replace(block, content, said, 1)
			})
			switch {
			case now == text:
			case *update:
				write(t, page, now)
			default:
				t.Errorf("%s shows\n%s\nand the program says otherwise; go test ./examples -run TestBook -update brings it up to date:\n%s", page, text, now)
			}
		})
	}
	if commands < 20 {
		t.Errorf("%d commands were run", commands)
	}
}

// converse runs the commands of a block of the console, and returns the block as it should be, and how many there are. A command goes on in the next line
// after a backslash.
func converse(t *testing.T, dir, block string) (string, int) {
	t.Helper()
	var said strings.Builder
	lines := strings.SplitAfter(block, "\n")
	n := 0
	for i := 0; i < len(lines); i++ {
		command, ok := strings.CutPrefix(lines[i], "$ ")
		if !ok {
			continue
		}
		for strings.HasSuffix(command, "\\\n") && i+1 < len(lines) {
			i++
			command += lines[i]
		}
		if n++; n > 1 {
			said.WriteString("\n")
		}
		said.WriteString("$ " + command + run(t, dir, command))
	}
	return said.String(), n
}

// run is what a command says, whatever its exit code.
func run(t *testing.T, dir, command string) string {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command("bash", "-c", `accord() { "$ACCORD" "$@"; }`+"\n"+command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "ACCORD="+accord)
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	said := strings.Trim(out.String(), "\n")
	if said == "" {
		return ""
	}
	return tidy(strings.ReplaceAll(said, dir+"/", "") + "\n")
}

// around is what parts of configurations that pages show may refer to. A part that declares a block of it itself takes its place.
var around = []string{
	"accord {\n  workspace = \"office\"\n}\n",
	"variable \"password\" {\n  type      = string\n  sensitive = true\n}\n",
	"provider \"vdir\" \"local\" {\n  path = \"data\"\n}\n",
	"provider \"ldap\" \"directory\" {\n  url = \"ldaps://ldap.example.com\"\n}\n",
	folder("company", "calendar"), folder("anna", "calendar"), folder("ben", "calendar"), folder("cleo", "calendar"),
	"folder \"staff\" {\n  for_each = toset([\"alice\", \"bob\"])\n  provider = provider.vdir.local\n  kind     = \"calendar\"\n  path     = \"staff/${each.key}\"\n}\n",
}

func folder(name, kind string) string {
	return "folder \"" + name + "\" {\n  provider = provider.vdir.local\n  kind     = \"" + kind + "\"\n  path     = \"" + name + "\"\n}\n"
}

// TestConfigurations checks the configurations that pages show. One that is marked as whole stands for itself, in HCL, JSON or YAML; another one of HCL
// is a part of a workspace, or of a relationship.
func TestConfigurations(t *testing.T) {
	checked := 0
	for _, page := range pages(t) {
		for _, m := range fence.FindAllStringSubmatch(read(t, page), -1) {
			purpose, language, content := m[1], m[2], m[3]
			whole := purpose == "whole" || strings.HasPrefix(purpose, "file ")
			name, ok := map[string]string{"hcl": "main.hcl", "json": "main.accord.json", "yaml": "main.accord.yaml"}[language]
			if !ok || !whole && language != "hcl" {
				continue
			}
			if !whole {
				content = complete(content)
			}
			checked++
			dir := t.TempDir()
			write(t, filepath.Join(dir, name), content)
			write(t, filepath.Join(dir, "people.csv"), "login,mail,team\nalice,alice@example.com,sales\nbob,bob@example.com,support\n")
			cmd := exec.Command(accord, "-chdir", dir, "validate")
			cmd.Env = append(os.Environ(), "ACCORD_VAR_password=example")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s shows a configuration that is not valid:\n%s\n%s", page, content, out)
			}
		}
	}
	if checked < 20 {
		t.Errorf("%d configurations were checked", checked)
	}
}

// complete makes a workspace of a part of one.
func complete(part string) string {
	block := regexp.MustCompile(`(?m)^(accord|variable|locals|data|provider|folder|template|policy|relationship|mesh|moved|removed)\b.*\{`)
	if !block.MatchString(part) {
		head := "  source      = folder.company\n  destination = folder.anna\n"
		if !regexp.MustCompile(`(?m)^profile\b`).MatchString(part) {
			head += "  profile     = \"one_way\"\n"
		}
		part = "relationship \"shown\" {\n" + head + part + "}\n"
	}
	for _, b := range around {
		if header, _, _ := strings.Cut(b, "\n"); !strings.Contains(part, header) {
			part = b + "\n" + part
		}
	}
	return part
}

// TestContents looks for each page in the contents of the book.
func TestContents(t *testing.T) {
	contents := read(t, "../docs/README.md")
	for _, page := range pages(t) {
		if name := filepath.Base(page); name != "README.md" && !strings.Contains(contents, "]("+name+")") {
			t.Errorf("%s is not in the contents", name)
		}
	}
}

func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("../docs/*.md")
	if err != nil || len(found) < 10 {
		t.Fatal("there is no book", found, err)
	}
	return found
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}
