package html_test

import (
	"crypto/sha256"
	"encoding/base64"
	stdhtml "html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

var (
	tag      = regexp.MustCompile(`<[^>]*>?`)
	fixed    = regexp.MustCompile(`(?s)<(style|script)>(.*?)</(style|script)>`)
	picture  = regexp.MustCompile(`(?s)<figure.*?</figure>`)
	anchored = regexp.MustCompile(`(id|href)="#?at-[A-Za-z0-9._-]*"`)
	value    = regexp.MustCompile(`<dd[^>]*>(?:[^<]|</?(?:del|ins|span|bdi)(?: class="[a-z]+")?>)*</dd>`)
)

// skeleton is every tag of a page with its attributes, but for the picture, which has tests of its own, and the values
// of fields, which are compared in a way that their length decides.
func skeleton(page string) []string {
	page = value.ReplaceAllString(picture.ReplaceAllString(fixed.ReplaceAllString(page, ""), ""), "<dd>")
	return tag.FindAllString(anchored.ReplaceAllString(page, "$1"), -1)
}

// sparse is a plan with at most n operations of each relationship, whose every text is the one given.
func sparse(text string, n int) *plan.Document {
	doc := sample.Infested(text)
	for i := range doc.Relationships {
		r := &doc.Relationships[i]
		var ops []plan.Operation
		for op := range r.Operations.All() {
			if len(ops) < n {
				ops = append(ops, op)
			}
		}
		r.Operations = plan.List(ops...)
	}
	return doc
}

// all is enough for an operation of each action.
const all = 60

func sameStructure(t interface{ Errorf(string, ...any) }, said, page, plain string) {
	got, want := skeleton(page), skeleton(plain)
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Errorf("%.100q makes %q of %q", said, got[i], want[i])
			return
		}
	}
	if len(got) != len(want) {
		t.Errorf("%.100q makes %d tags of %d", said, len(got), len(want))
	}
}

// No text becomes an element or an attribute. A text stands in for each text: where one is empty, so is the other.
func TestTextsAreTexts(t *testing.T) {
	plain := written(t, sparse("a long word", all))
	for _, said := range sample.HostileTexts() {
		sameStructure(t, said, written(t, sparse(said, all)), plain)
	}
}

func TestRandomTextsAreTexts(t *testing.T) {
	const few = 6
	plain := written(t, sparse("a long word", few))
	alphabet := []string{"a", "<", ">", "</", "<b>", "<!--", "-->", "<script>", "</script>", "</style>", "]]>", "&", "&lt;", "&#60;", "\"", "'", "`", "=", " ", "\n", "\x00", "\xff",
		"onerror=", "{{", "}}", "\u2028", "\\", "javascript:", "/", "日本"}
	rapid.Check(t, func(rt *rapid.T) {
		said := "x" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 10).Draw(rt, "said"), "")
		sameStructure(rt, said, written(t, sparse(said, few)), plain)
	})
}

// The policy names what is on the page and nothing else, and no element needs what it forbids.
func TestPolicy(t *testing.T) {
	page := written(t, sample.Everything())
	m := regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("there is no policy")
	}
	policy := stdhtml.UnescapeString(m[1])
	var scripts, styles []string
	for _, f := range fixed.FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(f[2]))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if f[1] == "script" {
			scripts = append(scripts, hash)
		} else {
			styles = append(styles, hash)
		}
	}
	slices.Sort(styles)
	if len(styles) != 2 || len(scripts) != 1 {
		t.Fatalf("%d styles and %d scripts", len(styles), len(scripts))
	}
	want := "default-src 'none'; script-src " + scripts[0] + "; style-src "
	if rest, ok := strings.CutPrefix(policy, want); !ok || !strings.Contains(rest, styles[0]) || !strings.Contains(rest, styles[1]) || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %s\nthe scripts are %s\nthe styles are %s", policy, scripts, styles)
	}
	for _, forbidden := range []string{`(?i)<[^>]+\sstyle=`, `(?i)<[^>]+\son[a-z]+=`, `(?i)<[^>]+\ssrc=`, `(?i)<[^>]+\shref="[^#]`, `(?i)<(link|iframe|object|base|img)\b`} {
		if found := regexp.MustCompile(forbidden).FindString(fixed.ReplaceAllString(page, "")); found != "" {
			t.Errorf("the page has %s", found)
		}
	}
}

// Whoever reads a title on the page reads what it says.
func TestTitlesAreReadable(t *testing.T) {
	for _, title := range sample.HostileTexts() {
		op := plan.Operation{Action: plan.Delete, Title: title}
		page := written(t, sample.Document(plan.Summary{Delete: 1}, sample.Relationship("relationship.a", op)))
		if want := words.Named(op); !strings.Contains(stdhtml.UnescapeString(page), want) {
			t.Errorf("%s is not on the page", want)
		}
	}
}

// Links lead to places that are there once, whatever addresses have in common.
func TestAnchors(t *testing.T) {
	var relationships []plan.Relationship
	for _, address := range []string{`relationship.a["b"]`, `relationship.a["b"]`, `relationship.a['b']`, "relationship.a-b", "日本", "", "éé", "changes"} {
		relationships = append(relationships, sample.Relationship(address, plan.Operation{Action: plan.Add, Title: "x"}))
	}
	page := written(t, sample.Document(plan.Summary{Add: 8}, relationships...))
	ids := map[string]int{}
	for _, m := range regexp.MustCompile(`\bid="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		ids[m[1]]++
	}
	links := 0
	for _, m := range regexp.MustCompile(`\bhref="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
		links++
		if ids[m[1]] != 1 {
			t.Errorf("#%s is there %d times", m[1], ids[m[1]])
		}
	}
	if links < 2*len(relationships) {
		t.Errorf("%d links", links)
	}
}
