package main

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a b?.db")
	steps := []struct {
		args     []string
		in, says string
		fails    string
	}{
		{args: []string{file}, in: "create table room (id integer primary key, name text);\ninsert into room values (1, 'Hall; north'), (2, null); -- two\n"},
		{args: []string{file, "select id, name from room order by id"}, says: "1\tHall; north\n2\t\n"},
		{args: []string{file, "delete from room; insert into nowhere values (1)"}, fails: "nowhere"},
		{args: []string{file, "select count(*) from room"}, says: "2\n"},
		{args: []string{}, fails: "usage"},
		{args: []string{filepath.Join(t.TempDir(), "absent", "a.db"), "select 1"}, fails: "unable to open"},
	}
	for _, step := range steps {
		var out strings.Builder
		err := run(step.args, strings.NewReader(step.in), &out)
		switch {
		case step.fails == "" && err != nil, step.fails != "" && (err == nil || !strings.Contains(err.Error(), step.fails)):
			t.Errorf("%q: the error is %v, want one that says %q", step.args, err, step.fails)
		case out.String() != step.says:
			t.Errorf("%q says %q, want %q", step.args, &out, step.says)
		}
	}
}
