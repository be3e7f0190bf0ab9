package examples

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// posted is a comment or an issue, as both forges show it.
type posted struct {
	ID     int            `json:"id"`
	IID    int            `json:"iid"`
	Number int            `json:"number"`
	Body   string         `json:"body"`
	Text   string         `json:"description"`
	User   map[string]any `json:"user"`
	Author map[string]any `json:"author"`
	Labels any            `json:"labels"`
}

// board is one list of a forge, a page of 100 at a time.
type board struct {
	mu    sync.Mutex
	posts []posted
	title string // of what was created last
}

const (
	robot  = "github-actions[bot]"
	myself = 7
)

func (b *board) add(login string, author int, text string) *posted {
	n := len(b.posts) + 1
	b.posts = append(b.posts, posted{
		ID: 1000 + n, IID: n, Number: n, Body: text, Text: text,
		User: map[string]any{"login": login}, Author: map[string]any{"id": author},
	})
	return &b.posts[len(b.posts)-1]
}

func (b *board) list(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var page int
	if _, err := fmt.Sscan(r.FormValue("page"), &page); err != nil || r.FormValue("per_page") != "100" {
		http.Error(w, "not page by page: "+r.URL.RawQuery, http.StatusBadRequest)
		return
	}
	from := min((page-1)*100, len(b.posts))
	answer(w, b.posts[from:min(from+100, len(b.posts))])
}

// text is what a request wants to post, in JSON as GitHub takes it or in a form as GitLab does.
func text(r *http.Request) (body, title string) {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") && r.Header.Get("PRIVATE-TOKEN") != "" {
		return r.PostFormValue("body") + r.PostFormValue("description"), r.PostFormValue("title")
	}
	var got struct{ Body, Title string }
	if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
		return err.Error(), ""
	}
	return got.Body, got.Title
}

func (b *board) create(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, title := text(r)
	b.title = title
	answer(w, b.add(robot, myself, body))
}

func (b *board) edit(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, p := range b.posts {
		if id := r.PathValue("id"); id == fmt.Sprint(p.ID) || id == fmt.Sprint(p.Number) {
			b.posts[i].Body, _ = text(r)
			answer(w, p)
			return
		}
	}
	http.NotFound(w, r)
}

func answer(w http.ResponseWriter, what any) {
	if err := json.NewEncoder(w).Encode(what); err != nil {
		panic(err)
	}
}

// forge is a copy of the example's ci directory that speaks with a server.
type forge struct {
	t   *testing.T
	dir string
	env []string
}

// speak copies ci, which works beside itself, and starts a server that knows the token.
func speak(t *testing.T, mux *http.ServeMux, header string, env func(url string) []string) *forge {
	t.Helper()
	needs(t, "bash", "curl", "jq", "unzip")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(header) == "" || !strings.HasSuffix(r.Header.Get(header), "t0ken") {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "ci"), os.DirFS("gitops/ci")); err != nil {
		t.Fatal(err)
	}
	return &forge{t, dir, append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ACCORD_TOKEN=t0ken"}, env(server.URL)...)}
}

func (f *forge) run(args ...string) (string, error) {
	f.t.Helper()
	cmd := exec.Command("bash", args...)
	cmd.Dir, cmd.Env = f.dir, f.env
	said, err := cmd.CombinedOutput()
	return string(said), err
}

// post posts a text of which each character must arrive.
func (f *forge) post(kind, body string) {
	f.t.Helper()
	file := filepath.Join(f.dir, "out", kind+".md")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(body), 0o666); err != nil {
		f.t.Fatal(err)
	}
	if said, err := f.run("ci/post", kind, "out/"+kind+".md"); err != nil {
		f.t.Fatalf("ci/post %s: %v: %s", kind, err, said)
	}
}

// postsOnce posts twice onto a board where others were before, one of them under our first line, and there is one post of ours.
func (f *forge) postsOnce(kind string, b *board) {
	f.t.Helper()
	const first = "<!-- accord plan: office -->\n"
	for n := range 130 {
		b.add("mallory", 66, first+fmt.Sprint("Forged ", n))
	}
	f.post(kind, first+"one & \"two\" 100%\n\\n `ü` $HOME\n")
	f.post(kind, first+"another push\n")
	f.post(kind, first+"again: a+b=c & <d>\n")
	if n := len(b.posts); n != 131 {
		f.t.Fatalf("there are %d posts, want 131", n)
	}
	if got, want := b.posts[130].Body, first+"again: a+b=c & <d>\n"; got != want {
		f.t.Errorf("the %s says %q, want %q", kind, got, want)
	}
	for _, p := range b.posts[:130] {
		if !strings.Contains(p.Body, "Forged") {
			f.t.Errorf("what somebody else wrote was changed: %q", p.Body)
		}
	}
	if kind == "issue" && b.title != "Accord: drift" {
		f.t.Errorf("the issue is called %q", b.title)
	}
	f.post(kind, "<!-- accord apply: exit code 4 -->\nanother thing\n")
	if n := len(b.posts); n != 132 {
		f.t.Errorf("there are %d posts, want 132", n)
	}
}

// fetches fetches the reviewed plan.
func (f *forge) fetches(number string) {
	f.t.Helper()
	said, err := f.run("ci/reviewed")
	if err != nil || said != "This is the plan of request "+number+".\n" {
		f.t.Fatalf("ci/reviewed: %v: %s", err, said)
	}
	if got, err := os.ReadFile(filepath.Join(f.dir, "out/reviewed.plan")); err != nil || string(got) != "the plan" {
		f.t.Errorf("the plan is %q, %v", got, err)
	}
}

// refuses fetches no plan, and says why.
func (f *forge) refuses(why string, env ...string) {
	f.t.Helper()
	other := &forge{f.t, f.dir, append(f.env, env...)}
	if said, err := other.run("ci/reviewed"); err == nil || !strings.Contains(said, why) {
		f.t.Errorf("ci/reviewed: %v: %s; want %q", err, said, why)
	}
}

type object = map[string]any

func TestGitopsGitHub(t *testing.T) {
	t.Parallel()
	var comments, issues board
	mux := http.NewServeMux()
	const repo = "/repos/acme/calendars"
	mux.HandleFunc("GET "+repo+"/issues/12/comments", comments.list)
	mux.HandleFunc("POST "+repo+"/issues/12/comments", comments.create)
	mux.HandleFunc("PATCH "+repo+"/issues/comments/{id}", comments.edit)
	mux.HandleFunc("GET "+repo+"/issues", issues.list)
	mux.HandleFunc("POST "+repo+"/issues", issues.create)
	mux.HandleFunc("PATCH "+repo+"/issues/{id}", issues.edit)
	mux.HandleFunc("GET "+repo+"/commits/{sha}/pulls", func(w http.ResponseWriter, r *http.Request) {
		merged := object{"number": 12, "merged_at": "2026-11-20T10:00:00Z", "base": object{"ref": "main"}, "head": object{"sha": "headsha"}}
		if r.PathValue("sha") == "unplanned" {
			merged["head"] = object{"sha": "late"}
		}
		list := []object{
			{"number": 10, "merged_at": nil, "base": object{"ref": "main"}, "head": object{"sha": "open"}},
			{"number": 11, "merged_at": "2026-11-20T10:00:00Z", "base": object{"ref": "other"}, "head": object{"sha": "elsewhere"}},
		}
		if r.PathValue("sha") != "direct" {
			list = append(list, merged)
		}
		answer(w, list)
	})
	mux.HandleFunc("GET "+repo+"/actions/artifacts", func(w http.ResponseWriter, r *http.Request) {
		artifact := func(name, created string, from int, expired bool) object {
			return object{
				"created_at": created, "expired": expired, "archive_download_url": "http://" + r.Host + "/zip/" + name,
				"workflow_run": object{"repository_id": 1, "head_repository_id": from},
			}
		}
		list := []object{}
		if r.FormValue("name") == "accord-plan-headsha" {
			list = []object{
				artifact("before", "2026-11-20T08:00:00Z", 1, false), artifact("ours", "2026-11-20T09:00:00Z", 1, false),
				artifact("gone", "2026-11-20T09:30:00Z", 1, true), artifact("forged", "2026-11-20T09:40:00Z", 2, false),
			}
		}
		answer(w, object{"total_count": len(list), "artifacts": list})
	})
	mux.HandleFunc("GET /zip/ours", func(w http.ResponseWriter, _ *http.Request) {
		archive := zip.NewWriter(w)
		f, err := archive.Create("reviewed.plan")
		if err == nil {
			_, err = f.Write([]byte("the plan"))
		}
		if err != nil || archive.Close() != nil {
			panic(err)
		}
	})
	f := speak(t, mux, "Authorization", func(url string) []string {
		return []string{
			"GITHUB_ACTIONS=true", "GITHUB_API_URL=" + url, "GITHUB_REPOSITORY=acme/calendars", "GITHUB_SHA=merge", "GITHUB_REF_NAME=main",
		}
	})
	f.fetches("12") // which also says whose comments are written
	f.postsOnce("comment", &comments)
	f.postsOnce("issue", &issues)
	f.refuses("no pull request was merged with direct", "GITHUB_SHA=direct")
	f.refuses("pull request 12 has no plan", "GITHUB_SHA=unplanned")
}

func TestGitopsGitLabForge(t *testing.T) {
	t.Parallel()
	var comments, issues board
	mux := http.NewServeMux()
	const project = "/projects/42"
	mux.HandleFunc("GET /user", func(w http.ResponseWriter, _ *http.Request) { answer(w, object{"id": myself}) })
	mux.HandleFunc("GET "+project+"/merge_requests/12/notes", comments.list)
	mux.HandleFunc("POST "+project+"/merge_requests/12/notes", comments.create)
	mux.HandleFunc("PUT "+project+"/merge_requests/12/notes/{id}", comments.edit)
	mux.HandleFunc("GET "+project+"/issues", issues.list)
	mux.HandleFunc("POST "+project+"/issues", issues.create)
	mux.HandleFunc("PUT "+project+"/issues/{id}", issues.edit)
	mux.HandleFunc("GET "+project+"/merge_requests", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("state") != "merged" || r.FormValue("target_branch") != "main" {
			http.Error(w, r.URL.RawQuery, http.StatusBadRequest)
			return
		}
		answer(w, []object{
			{"iid": 13, "sha": "late", "merge_commit_sha": "unplanned", "squash_commit_sha": nil},
			{"iid": 12, "sha": "headsha", "merge_commit_sha": nil, "squash_commit_sha": "merge"},
		})
	})
	mux.HandleFunc("GET "+project+"/merge_requests/{iid}/pipelines", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, []object{
			{"id": 104, "sha": "headsha", "project_id": 66, "source": "merge_request_event"},
			{"id": 103, "sha": "headsha", "project_id": 42, "source": "push"},
			{"id": 101, "sha": "earlier", "project_id": 42, "source": "merge_request_event"},
			{"id": 102, "sha": "headsha", "project_id": 42, "source": "merge_request_event"},
		})
	})
	mux.HandleFunc("GET "+project+"/pipelines/102/jobs", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, []object{{"id": 5, "name": "validate"}, {"id": 6, "name": "plan"}})
	})
	mux.HandleFunc("GET "+project+"/jobs/6/artifacts/out/reviewed.plan", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := w.Write([]byte("the plan")); err != nil {
			panic(err)
		}
	})
	f := speak(t, mux, "PRIVATE-TOKEN", func(url string) []string {
		return []string{"GITLAB_CI=true", "CI_API_V4_URL=" + url, "CI_PROJECT_ID=42", "CI_COMMIT_SHA=merge", "CI_COMMIT_BRANCH=main"}
	})
	f.fetches("12")
	f.postsOnce("comment", &comments)
	f.postsOnce("issue", &issues)
	f.refuses("no merge request was merged with direct", "CI_COMMIT_SHA=direct")
	f.refuses("merge request 13 has no plan", "CI_COMMIT_SHA=unplanned")
}
