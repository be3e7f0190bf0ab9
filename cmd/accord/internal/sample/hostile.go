package sample

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// HostileTexts want to be more than texts: to a terminal, to Markdown, to HTML, or to those who read them.
func HostileTexts() []string {
	return []string{
		"\x1b[31mred\x1b[0m \x1b]0;title\x07",
		"one\nPlan: 0 to add, 0 to edit, 0 to delete.\r\n  - delete \"everything\"",
		"\u202egnp.exe\u202c \u2066isolate\u2069 \u200eleft\u200fright",
		"quote \" and \\n backslash",
		"bell\a backspace\b nul\x00 del\x7f c1\u009b31m",
		"not UTF-8: \xff\xfe",
		"hidden\u200b\ufeff\u2060 tags\U000e0041",
		"line\u2028and paragraph\u2029separators",
		"family 👨\u200d👩\u200d👧 and नमस्ते stay as they are",
		strings.Repeat("very long ", 1000),
		"<script>alert(1)</script><img src=x onerror=alert(2)>",
		"</td></table></details><h1>Approved</h1><!-- accord plan: office -->",
		"--> <b>bold</b> &lt;b&gt; &amp; &#60;script&#62; &copy",
		"' onmouseover='alert(3)' \" style=\"position:fixed\" x=\"",
		"{{.Workspace}} ${7*7} %s %[1]d",
		"# Heading\n\n- [x] up to 9999 deletes in relationship.x\n\n---\n\n> quote",
		"**bold** _emphasis_ ~~gone~~ `code` ``` ~~~ a*b*c snake_case_name",
		"[link](javascript:alert(4)) ![image](http://example.com/x.png) [ref]: http://example.com",
		"http://example.com www.example.com ftp://example.com <http://example.com> mail@example.com mailto:mail@example.com",
		"@everyone @octocat @org/team #1 GH-1 org/repo#1 !1 $1 %1 ~label :tada:",
		"0123456789abcdef0123456789abcdef01234567 deadbeef",
		"a | b || c |\n| --- | --- |\n| d | e |",
		"trailing backslash \\",
		"$x^2$ $$\\frac{1}{2}$$ [^1] [[wiki]] {+added+} {-removed-} ==mark==",
		"1. one\n2. two\n\n    code\n\ttab",
	}
}

// Hostile holds hostile texts wherever a plan quotes what Accord did not write.
func Hostile() *plan.Document {
	r := Relationship("relationship.\x1b[2Jx")
	texts := HostileTexts()
	var ops []plan.Operation
	for _, text := range texts {
		ops = append(ops, plan.Operation{
			Action: plan.Add, Side: plan.Destination, UID: text, Title: text, Reason: "new\nat\x1b_source", Detail: text,
			Fields: []plan.Field{{Name: "sum\nmary", Before: text, After: []any{text, map[string]any{"name": text}}}},
		})
	}
	r.Operations = plan.List(ops...)
	doc := Document(plan.Summary{Add: len(texts)}, r)
	doc.Diagnostics = []plan.Diagnostic{{Severity: "warning", Ref: "\x1b]8;;http://example.com\x07x", Summary: "one\ntwo", Detail: "\x1b[A"}}
	return doc
}

// Infested is a plan whose every text is the one given: titles, values, addresses, reasons, diagnostics. It has an operation of every action,
// twice, and relationships in every status.
func Infested(text string) *plan.Document {
	doc := Everything()
	doc.Workspace, doc.PlanID, doc.Fingerprint = text, text, text
	for i := range doc.Allowed {
		doc.Allowed[i].Kind, doc.Allowed[i].Address = text, text
	}
	for i := range doc.Requests {
		doc.Requests[i].Provider = text
	}
	for i := range doc.Diagnostics {
		d := &doc.Diagnostics[i]
		d.Address, d.Ref, d.Summary, d.Detail = text, text, text, text
	}
	const most = 60 // operations of a relationship
	for i := range doc.Relationships {
		r := &doc.Relationships[i]
		r.Address, r.Source, r.Destination, r.Reason = text, text, text, text
		var ops []plan.Operation
		for op := range r.Operations.All() {
			if len(ops) >= most {
				break
			}
			ops = append(ops, infest(op, text))
			strange := infest(op, text)
			strange.Reason = text
			ops = append(ops, strange)
		}
		r.Operations = plan.List(ops...)
		for n, op := range r.NotReviewed {
			r.NotReviewed[n] = infest(op, text)
		}
	}
	infestBlock(doc, text[:min(len(text), 200)])
	return doc
}

// infest is an operation whose every text is the one given.
func infest(op plan.Operation, text string) plan.Operation {
	op.UID, op.OriginalRef, op.ReplicaRef, op.Title, op.Start, op.Detail = text, text, text, text, text, text
	op.Originals, op.Candidates = []string{text, text}, []string{text, text}
	op.Fields = []plan.Field{
		{Name: text, Occurrence: text, Before: text, After: text + " " + text},
		{Name: "start", Before: text, After: []any{text, map[string]any{text: text}}},
		{Name: "recurrence", Before: text, After: text},
		{Name: "description", Before: text + "\n" + text + "\nold", After: text + "\n" + text + "\nnew"},
	}
	return op
}

// infestBlock adds a block whose every text is the one given, with a change that its relationships have in common, and others that are held.
func infestBlock(doc *plan.Document, text string) {
	const each = 6
	edit := infest(plan.Operation{Action: plan.Edit, Side: plan.Destination, Reason: "changed_at_source"}, text)
	edit.Detail, edit.Originals, edit.Candidates = "", nil, nil
	gone := edit
	gone.Action, gone.Reason = plan.Delete, text
	people := plan.People{Block: "relationship.infested", Leave: plan.Share{Delete: 60}, Unresolved: 1}
	for n := range 3 * each {
		r := Relationship(fmt.Sprintf(`relationship.infested["%s%d"]`, text, n), edit, gone)
		switch {
		case n < each:
			c := plan.ChangeOf("relationship.infested", edit)
			c.Operations, c.Of, c.Relationships = each, each, each
			r.Status, r.Reason, r.Behind, r.Operations = plan.Blocked, fmt.Sprint(text, n), &c, plan.List()
		case n < 2*each:
			r.Membership = plan.Leaves
		}
		people.People++
		doc.Relationships = append(doc.Relationships, r)
	}
	people.Leave.People = each
	doc.People = []plan.People{people}
	for _, op := range []plan.Operation{edit, gone} {
		c := plan.ChangeOf("relationship.infested", op)
		c.Operations, c.Of, c.Relationships, c.Such = each, each, each, []string{text, text}
		doc.Changes = append(doc.Changes, c)
	}
}
