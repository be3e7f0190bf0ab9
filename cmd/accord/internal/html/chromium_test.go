package html_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
)

// chromium finds a browser, or skips the test; ACCORD_REQUIRE=chromium makes it an error that there is none.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no Chromium was found; on Debian: apt-get install chromium"
	if slices.Contains(strings.Split(os.Getenv("ACCORD_REQUIRE"), ","), "chromium") {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}

// opened is the DOM of a page when its script has run, and what the browser complained about.
func opened(t *testing.T, browser, page, query string) (dom, complaints string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	args := []string{"--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + filepath.Join(dir, "profile"), "--enable-logging=stderr",
		"--virtual-time-budget=20000", "--dump-dom", "file://" + filepath.ToSlash(path) + query}
	if os.Geteuid() == 0 { // Chromium has no sandbox for root
		args = append([]string{"--no-sandbox"}, args...)
	}
	run := exec.CommandContext(ctx, browser, args...)
	var out, stderr bytes.Buffer
	run.Stdout, run.Stderr = &out, &stderr
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var said []string
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") || strings.Contains(line, "Content Security Policy") {
			said = append(said, line)
		}
	}
	return out.String(), strings.Join(said, "")
}

// What titles say does not run in a browser, and makes no element; the page's own script does run, and nothing is refused.
func TestBrowser(t *testing.T) {
	browser := chromium(t)
	const owned = `document.documentElement.dataset.owned=1`
	hostile := `</td></script></style></title>--><script>` + owned + `</script><img src=x onerror="` + owned + `"><svg onload="` + owned + `"> ' onfocus='` + owned + `' autofocus='`
	page := written(t, sparse(hostile, all))
	plain := written(t, sparse("a long word", all))

	dom, complaints := opened(t, browser, page, "")
	plainDOM, _ := opened(t, browser, plain, "")
	if complaints != "" {
		t.Errorf("the browser complains:\n%s", complaints)
	}
	if strings.Contains(dom, "data-owned") {
		t.Error("a title ran as a script")
	}
	if !strings.Contains(dom, `<form id="filter" role="search">`) {
		t.Error("the page's own script did not run")
	}
	sameStructure(t, hostile, dom, plainDOM)

	// The policy stands even where the page does not.
	broken := strings.Replace(page, "</main>", "<script>"+owned+"</script><p style='color:red'>x</p><img src='file:///x.png' onerror='"+owned+"'></main>", 1)
	dom, complaints = opened(t, browser, broken, "")
	if strings.Contains(dom, "data-owned") || strings.Count(complaints, "Content Security Policy") < 3 {
		t.Errorf("what is no part of the page is not refused:\n%s", complaints)
	}
}

// A search leaves the rows that it finds, and the relationships that these are in.
func TestSearch(t *testing.T) {
	browser := chromium(t)
	dom, complaints := opened(t, browser, written(t, sample.Everything()), "?q=EMILE%20farewell")
	if complaints != "" {
		t.Errorf("the browser complains:\n%s", complaints)
	}
	if found := "1 of 62 rows"; !strings.Contains(dom, found) {
		t.Errorf("it does not say %s, but %s", found, regexp.MustCompile(`<output.*</output>`).FindString(dom))
	}
	if n := len(regexp.MustCompile(`<tr data-a="[a-z]*" class="[a-z]*">`).FindAllString(dom, -1)); n != 1 {
		t.Errorf("%d rows are shown", n)
	}
	if n := len(regexp.MustCompile(`<details class="relationship" open="" id="[^"]*">`).FindAllString(dom, -1)); n != 1 {
		t.Errorf("%d relationships are shown", n)
	}
}

// A long plan can be searched: the page stays within what a person waits for.
func TestSearchOfManyRows(t *testing.T) {
	browser := chromium(t)
	if testing.Short() {
		t.Skip("a page of 50,000 rows takes some seconds")
	}
	page := written(t, sample.Many(50_000))
	began := time.Now()
	dom, _ := opened(t, browser, page, "?q=4999%20room")
	t.Logf("50,000 rows, %d bytes: opened, searched and written out in %v", len(page), time.Since(began).Round(time.Millisecond))
	if found := regexp.MustCompile(`<output[^>]*>(\d+) of 50000 rows`).FindStringSubmatch(dom); found == nil || found[1] == "0" {
		t.Errorf("it says %s", regexp.MustCompile(`<output.*</output>`).FindString(dom))
	}
}
