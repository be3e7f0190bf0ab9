package vdir

import (
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFileName(t *testing.T) {
	for uid, want := range map[string]string{
		"simple-1@example.com": "simple-1@example.com.ics",
		"../../etc/passwd":     "%2E./../etc/passwd.ics",
		"a b":                  "a%20b.ics",
		"100%":                 "100%25.ics",
		".hidden":              "%2Ehidden.ics",
		"ü":                    "%C3%BC.ics",
		"a\x00b":               "a%00b.ics",
	} {
		want = strings.ReplaceAll(want, "/", "%2F")
		if got := fileName(uid, ".ics"); got != want {
			t.Errorf("the file of %q is %q, want %q", uid, got, want)
		}
	}
}

func TestFileNamesAreItemsOfTheFolder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uid := rapid.String().Draw(t, "uid")
		if uid == "" {
			return
		}
		for _, name := range []string{fileName(uid, ".ics"), otherName(uid, ".ics")} {
			if !isItem(name, ".ics") || filepath.Base(name) != name || !filepath.IsLocal(name) || len(name) > 255 {
				t.Fatalf("the file of %q is %q", uid, name)
			}
		}
	})
}

func TestDifferentUIDsHaveDifferentFiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		uid := rapid.OneOf(rapid.String(), rapid.StringN(longest, -1, -1), rapid.StringMatching(`[a-z.%/-]{1,6}`))
		a, b := uid.Draw(t, "a"), uid.Draw(t, "b")
		if a != b && fileName(a, ".ics") == fileName(b, ".ics") {
			t.Fatalf("%q and %q have the same file", a, b)
		}
	})
}

func TestLongUIDsThatBeginAlikeHaveDifferentFiles(t *testing.T) {
	long := strings.Repeat("ü", 200)
	a, b := fileName(long+"a", ".ics"), fileName(long+"b", ".ics")
	if a == b || len(a) > 255 {
		t.Errorf("the files are %q and %q", a, b)
	}
}
