package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testedPackage = regexp.MustCompile("`(\\./[a-z/]+)`((?: `Test\\w+`,?)+)")
	testName      = regexp.MustCompile("`(Test\\w+)`")
)

// TestSecurityPage holds docs/security.md to the tests that it names: each is in the package that it names, and every entry has one.
func TestSecurityPage(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	named, entries := 0, 0
	for line := range strings.Lines(string(page)) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || strings.HasPrefix(line, "| what could") {
			continue
		}
		entries++
		in := testedPackage.FindAllStringSubmatch(line, -1)
		if len(in) == 0 {
			t.Errorf("no test proves %s", line)
		}
		for _, m := range in {
			tests := testsIn(t, m[1])
			for _, name := range testName.FindAllStringSubmatch(m[2], -1) {
				if named++; !tests[name[1]] {
					t.Errorf("there is no %s in %s", name[1], m[1])
				}
			}
		}
		if all := len(testName.FindAllString(line, -1)); all == 0 {
			t.Errorf("no test is named in %s", line)
		}
	}
	if entries < 25 || named < entries {
		t.Errorf("%d entries, %d tests", entries, named)
	}
}

// testsIn are the tests of a package.
func testsIn(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pkg), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			all[m[1]] = true
		}
	}
	return all
}
