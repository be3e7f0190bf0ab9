package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// workflow is a workflow file of GitHub, as far as the test looks at it.
type workflow struct {
	On          any
	Permissions map[string]string
	Concurrency struct {
		Group  string
		Cancel bool `yaml:"cancel-in-progress"`
	}
	Jobs map[string]struct {
		If          string
		Environment string
		RunsOn      []string `yaml:"runs-on"`
		Permissions map[string]string
		Env         map[string]string
		Steps       []struct {
			If, Run, Uses string
			Env           map[string]string
			With          map[string]any
		}
	}
}

// job is a job of GitLab, as far as the test looks at it.
type job struct {
	Rules         []struct{ If string }
	Script        []string
	AfterScript   []string `yaml:"after_script"`
	ResourceGroup string   `yaml:"resource_group"`
	Environment   struct{ Name string }
	Artifacts     struct {
		Paths    []string
		ExpireIn string `yaml:"expire_in"`
		Access   string
	}
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// step checks that a line of a workflow calls a script of ci and nothing else, and returns the script's name.
func step(t *testing.T, line string) string {
	t.Helper()
	m := regexp.MustCompile(`^ci/(validate|plan|reviewed|apply|drift|post)( (comment|issue) out/[a-z]+\.md)?$`).FindStringSubmatch(line)
	if m == nil || (m[1] == "post") != (m[2] != "") {
		t.Errorf("%q is no call of a script in ci", line)
		return ""
	}
	info, err := os.Stat(filepath.Join("gitops/ci", m[1]))
	if err != nil || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
		t.Errorf("%s: it cannot be run: %v", line, err)
	}
	return m[1]
}

func TestGitopsWorkflows(t *testing.T) {
	tests := map[string]struct {
		on          any
		permissions map[string]string
		steps       string
		condition   string
		environment string
	}{
		"validate": {
			on: "push", permissions: map[string]string{"contents": "read"}, steps: "validate",
		},
		"plan": {
			on:          map[string]any{"pull_request": map[string]any{"branches": []any{"main"}}},
			permissions: map[string]string{"contents": "read", "pull-requests": "write"},
			steps:       "plan, post",
			condition:   "github.event.pull_request.head.repo.full_name == github.repository",
			environment: "accord-plan",
		},
		"apply": {
			on:          map[string]any{"push": map[string]any{"branches": []any{"main"}}},
			permissions: map[string]string{"actions": "read", "contents": "read", "pull-requests": "write"},
			steps:       "reviewed, apply, post",
			environment: "accord-apply",
		},
		"drift": {
			on:          map[string]any{"schedule": []any{map[string]any{"cron": "17 2 * * *"}}, "workflow_dispatch": nil},
			permissions: map[string]string{"contents": "read", "issues": "write"},
			steps:       "drift, post",
			condition:   "github.ref == 'refs/heads/main'",
			environment: "accord-plan",
		},
	}
	files, err := fs.Glob(os.DirFS("gitops/.github/workflows"), "*")
	if err != nil || len(files) != len(tests) {
		t.Errorf("there are %q (%v), and %d are tested", files, err, len(tests))
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			var w workflow
			decode(t, "gitops/.github/workflows/"+name+".yml", &w)
			if !reflect.DeepEqual(w.On, want.on) {
				t.Errorf("it runs on %v, want %v", w.On, want.on)
			}
			if !reflect.DeepEqual(w.Permissions, want.permissions) {
				t.Errorf("its permissions are %v, want %v", w.Permissions, want.permissions)
			}
			job, ok := w.Jobs[name]
			if !ok || len(w.Jobs) != 1 || job.Permissions != nil {
				t.Fatalf("its jobs are %v", w.Jobs)
			}
			if job.If != want.condition || job.Environment != want.environment {
				t.Errorf("it runs if %q in the environment %q, want %q and %q", job.If, job.Environment, want.condition, want.environment)
			}
			if !reflect.DeepEqual(job.RunsOn, []string{"self-hosted", "accord"}) {
				t.Errorf("it runs on %q", job.RunsOn)
			}
			noSecret(t, job.Env)
			var steps []string
			for _, s := range job.Steps {
				if s.Run == "" {
					action(t, s.Uses, s.With)
					noSecret(t, s.Env)
					continue
				}
				called := step(t, s.Run)
				steps = append(steps, called)
				secrets(t, called, s.Env)
			}
			if got := strings.Join(steps, ", "); got != want.steps {
				t.Errorf("it runs %s, want %s", got, want.steps)
			}
			if name == "apply" && (w.Concurrency.Group != "accord-apply" || w.Concurrency.Cancel) {
				t.Errorf("two applies can meet: %+v", w.Concurrency)
			}
		})
	}
}

// action checks that an action is GitHub's own, and that a checkout leaves no token behind.
func action(t *testing.T, uses string, with map[string]any) {
	t.Helper()
	if !regexp.MustCompile(`^actions/(checkout|upload-artifact)@v\d+$`).MatchString(uses) {
		t.Errorf("it uses %q", uses)
	}
	if strings.HasPrefix(uses, "actions/checkout@") && with["persist-credentials"] != false {
		t.Errorf("%s leaves its token in the checkout", uses)
	}
	if strings.HasPrefix(uses, "actions/upload-artifact@") && (with["path"] != "out/reviewed.plan" || with["retention-days"] == nil) {
		t.Errorf("%s keeps %v", uses, with)
	}
}

func noSecret(t *testing.T, env map[string]string) {
	t.Helper()
	for name, value := range env {
		if strings.Contains(value, "secrets.") || strings.Contains(value, "github.token") {
			t.Errorf("%s=%s is seen by more than the step that needs it", name, value)
		}
	}
}

// secrets checks that the password goes to what speaks with the folders, and the token to what speaks with the forge.
func secrets(t *testing.T, called string, env map[string]string) {
	t.Helper()
	password, token := env["ACCORD_VAR_password"], env["ACCORD_TOKEN"]
	switch called {
	case "plan", "apply", "drift":
		if password != "${{ secrets.ACCORD_PASSWORD }}" || token != "" {
			t.Errorf("ci/%s gets %v", called, env)
		}
	case "reviewed", "post":
		if password != "" || token != "${{ github.token }}" {
			t.Errorf("ci/%s gets %v", called, env)
		}
	default:
		noSecret(t, env)
	}
}

func TestGitopsGitLab(t *testing.T) {
	const file = "gitops/.gitlab-ci.yml"
	var jobs map[string]yaml.Node
	decode(t, file, &jobs)
	delete(jobs, "stages")
	delete(jobs, "default")
	tests := map[string]struct {
		rule, steps, environment, group string
	}{
		"validate": {rule: `$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH`, steps: "validate"},
		"plan": {
			rule: `$CI_PIPELINE_SOURCE == "merge_request_event" && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "main" && ` +
				`$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID`,
			steps: "plan, post", environment: "accord-plan",
		},
		"apply": {
			rule: `$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == "main"`, steps: "reviewed, apply, post", environment: "accord-apply", group: "accord-apply",
		},
		"drift": {rule: `$CI_PIPELINE_SOURCE == "schedule" && $CI_COMMIT_BRANCH == "main"`, steps: "drift, post", environment: "accord-plan"},
	}
	if len(jobs) != len(tests) {
		t.Errorf("it has %d jobs, and %d are tested", len(jobs), len(tests))
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			var got job
			node := jobs[name]
			if err := node.Decode(&got); err != nil {
				t.Fatal(err)
			}
			if len(got.Rules) != 1 || got.Rules[0].If != want.rule {
				t.Errorf("it runs if %v, want %s", got.Rules, want.rule)
			}
			if got.Environment.Name != want.environment || got.ResourceGroup != want.group {
				t.Errorf("environment %q and resource group %q, want %q and %q", got.Environment.Name, got.ResourceGroup, want.environment, want.group)
			}
			var steps []string
			for _, line := range append(got.Script, got.AfterScript...) {
				steps = append(steps, step(t, line))
			}
			if s := strings.Join(steps, ", "); s != want.steps {
				t.Errorf("it runs %s, want %s", s, want.steps)
			}
			kept := name == "plan"
			if kept != reflect.DeepEqual(got.Artifacts.Paths, []string{"out/reviewed.plan"}) || kept != (got.Artifacts.ExpireIn != "") || kept != (got.Artifacts.Access == "developer") {
				t.Errorf("it keeps %+v", got.Artifacts)
			}
		})
	}
}
