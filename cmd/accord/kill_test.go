package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// TestKilledAgainAndAgain lets people change random items, kills applies of the program at random instants, people going on between them, and has one more apply
// finish, in as many rounds as ACCORD_KILLS says. After each round every original has exactly one replica in every other folder, all folders say what people
// said last, and the next plan is empty. ACCORD_KILL_SEED repeats a history.
func TestKilledAgainAndAgain(t *testing.T) {
	accord := build(t)
	rounds := int(numberOf(t, "ACCORD_KILLS", 5))
	seed := numberOf(t, "ACCORD_KILL_SEED", uint64(time.Now().UnixNano()))
	for _, store := range []string{"vdir", "radicale"} {
		for _, profile := range []string{"one_way", "two_way"} {
			t.Run(store+"/"+profile, func(t *testing.T) {
				k := newKilled(t, accord, store, profile, seed)
				kills, inFlight := 0, 0
				for round := range rounds {
					for again := true; again; again = k.random.IntN(3) == 0 {
						k.people()
						if k.kill() {
							kills++
						}
						inFlight += k.inFlight()
					}
					k.finish(fmt.Sprintf("round %d of seed %d", round+1, seed))
				}
				t.Logf("%s, %s: %d rounds, %d applies killed, %d writes whose outcome was not recorded, %d applies met what arrived late, %d items at the end, ACCORD_KILL_SEED=%d",
					store, profile, rounds, kills, inFlight, k.late, len(k.want), seed)
				if k.late > 1+rounds/20 {
					t.Errorf("%d of %d applies did not finish", k.late, rounds)
				}
			})
		}
	}
}

// TestKilledAtEveryStepOfAServer kills the n-th apply at its n-th step, until one has fewer: see [mortal]. TestKilled does so with directories.
func TestKilledAtEveryStepOfAServer(t *testing.T) {
	servers.One(t, "radicale")
	accord := build(t)
	for _, profile := range []string{"one_way", "two_way"} {
		t.Run(profile, func(t *testing.T) {
			k := newKilled(t, accord, "radicale", profile, 6)
			step := 0
			for ended := false; !ended; {
				step++
				k.people()
				_, ended = k.mortal(step)
				k.finish(fmt.Sprintf("killed at step %d", step))
			}
			if step < 12 {
				t.Errorf("an apply had only %d steps", step-1)
			}
			t.Logf("radicale, %s: killed at each of %d steps", profile, step-1)
		})
	}
}

// numberOf is what an environment variable says.
func numberOf(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

// killed is a workspace of three folders whose applies get killed: the first is copied to the others, or all are kept the same.
type killed struct {
	place
	accord  runner
	random  *rand.Rand
	folders []folder
	twoWay  bool
	remote  bool          // there is a server
	late    int           // how often it was at the work of an apply that was killed while the next one read
	longest time.Duration // that an apply took

	made    int
	want    map[string]string         // what every folder says of each item, but for what people changed since the last apply
	edits   map[string]map[int]string // since then: what people said last, by item and folder
	deleted map[string]bool           // since then
}

// newKilled is a workspace where a first apply has settled some items. With radicale, one of the folders is a directory and two are calendars of the server.
func newKilled(t *testing.T, accord runner, store, profile string, seed uint64) *killed {
	t.Helper()
	k := &killed{
		place: newPlace(t, ""), accord: accord, random: rand.New(rand.NewPCG(seed, 0)), twoWay: profile == "two_way",
		want: map[string]string{}, edits: map[string]map[int]string{}, deleted: map[string]bool{},
	}
	names := []string{"a", "b", "c"}
	config := blocks(names...)
	if store == "radicale" {
		s := servers.One(t, store)
		k.remote = true
		config = blocks("c") + fmt.Sprintf("provider \"caldav\" \"server\" {\n  url = %q\n  username = \"alice\"\n  password = %q\n}\n", s.Base, s.Password("alice"))
		for _, name := range names[:2] {
			path := s.MakeCalendar(t, "alice", "VEVENT")
			config += fmt.Sprintf("folder %q {\n  provider = provider.caldav.server\n  kind = \"calendar\"\n  path = %q\n}\n", name, path)
			k.folders = append(k.folders, &remote{t: t, server: s, path: path, kind: pim.Calendar})
		}
	}
	for _, name := range names[len(k.folders):] {
		dir := filepath.Join(k.dir, "data", name)
		k.check(os.MkdirAll(dir, 0o777))
		k.folders = append(k.folders, &local{dir: dir, kind: pim.Calendar})
	}
	if k.twoWay {
		k.configure(config + mesh(""))
	} else {
		k.configure(config + oneWay("ab", "a", "b", "") + oneWay("ac", "a", "c", ""))
	}
	for range 12 {
		k.add()
	}
	k.finish("at first")
	k.longest = 0
	k.people()
	k.finish("before anything was killed")
	return k
}

// people add, edit and delete random items. What was changed since the last apply is not deleted.
func (k *killed) people() {
	k.t.Helper()
	for range k.random.IntN(3) {
		k.add()
	}
	for range 2 + k.random.IntN(6) {
		k.edit()
	}
	for range k.random.IntN(3) {
		k.delete()
	}
}

func (k *killed) add() {
	k.made++
	name, where := fmt.Sprint("Item ", k.made), 0
	if k.twoWay {
		where = k.random.IntN(len(k.folders))
	}
	says := fmt.Sprint("begun ", k.made)
	k.check(k.folders[where].put(newItem(name, name, says)))
	k.edits[name] = map[int]string{where: says}
}

// any is an item of a random folder, of those that are to stay.
func (k *killed) any() (it item, where int) {
	k.t.Helper()
	where = k.random.IntN(len(k.folders))
	all, err := k.folders[where].items()
	k.check(err)
	all = slices.DeleteFunc(all, func(it item) bool {
		_, settled := k.want[it.name()]
		return k.deleted[it.name()] || !settled && k.edits[it.name()] == nil
	})
	if len(all) == 0 {
		k.t.Fatalf("folder %d is empty", where)
	}
	slices.SortFunc(all, func(a, b item) int { return strings.Compare(a.name(), b.name()) })
	return all[k.random.IntN(len(all))], where
}

func (k *killed) edit() {
	k.t.Helper()
	it, where := k.any()
	k.made++
	says := fmt.Sprint("edited ", k.made)
	k.check(k.folders[where].put(it.saying(says)))
	if !k.twoWay && where > 0 {
		return // is set back
	}
	if k.edits[it.name()] == nil {
		k.edits[it.name()] = map[int]string{}
	}
	k.edits[it.name()][where] = says
}

func (k *killed) delete() {
	k.t.Helper()
	it, where := k.any()
	if k.edits[it.name()] != nil || len(k.want)-len(k.deleted) < 10 {
		return
	}
	k.check(k.folders[where].remove(it))
	if k.twoWay || where == 0 {
		k.deleted[it.name()] = true
	} else { // is made again, from the original
		k.edits[it.name()] = map[int]string{0: k.want[it.name()]}
	}
}

// kill starts an apply and kills it at a random instant, unless it ends before.
func (k *killed) kill() (killed bool) {
	k.t.Helper()
	ctx, cancel := context.WithTimeout(k.t.Context(), time.Duration(k.random.Int64N(int64(k.longest))))
	defer cancel()
	cmd := exec.CommandContext(ctx, k.accord.path, "-chdir", k.dir, "apply", "-auto-approve", patience, fmt.Sprint("-parallelism=", 1+3*k.random.IntN(2)))
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil || cmd.ProcessState == nil: // it came to its end, or did not begin
		return false
	case cmd.ProcessState.Exited() && cmd.ProcessState.ExitCode() != 0:
		k.t.Fatalf("it failed before it was killed: %v\n%s", err, out)
	}
	return !cmd.ProcessState.Exited()
}

// inFlight is how many writes are in the journal whose outcome is not.
func (k *killed) inFlight() int {
	k.t.Helper()
	s, err := state.OpenReader(k.t.Context(), filepath.Join(k.dir, ".accord", "state"), state.Options{Wait: time.Minute})
	k.check(err)
	open, err := s.Open()
	k.check(err)
	k.check(s.Close())
	return len(open)
}

// finish applies once, undisturbed, and compares what all folders hold with what people said. A server may still be at what the killed apply had sent, and change an
// item while the next one reads it: that one says so with exit code 3, and there is another.
func (k *killed) finish(when string) {
	k.t.Helper()
	began := time.Now()
	code, out := k.accord.run(k.place, "apply", "-auto-approve", patience)
	if code == 3 && k.remote {
		k.late++
		code, out = k.accord.run(k.place, "apply", "-auto-approve", patience)
	}
	if code != 0 {
		k.t.Fatalf("%s: the apply that finishes: exit code %d\n%s", when, code, out)
	}
	k.longest = max(k.longest, time.Since(began))
	if code, out := k.accord.run(k.place, "plan", "-detailed-exitcode", patience); code != 0 {
		k.t.Fatalf("%s: there is something left to do: exit code %d\n%s", when, code, out)
	}
	held := make([]map[string]string, len(k.folders))
	for i, f := range k.folders {
		held[i] = map[string]string{}
		all, err := f.items()
		k.check(err)
		for _, it := range all {
			if _, twice := held[i][it.name()]; twice {
				k.t.Fatalf("%s: folder %d holds %q twice", when, i, it.name())
			}
			held[i][it.name()] = it.says()
		}
		for name, says := range held[i] {
			if first, there := held[0][name]; !there || first != says {
				k.t.Fatalf("%s: %q says %q in folder %d, and %q in the first", when, name, says, i, first)
			}
		}
		if len(held[i]) != len(held[0]) {
			k.t.Fatalf("%s: folder %d holds %d items, and the first %d", when, i, len(held[i]), len(held[0]))
		}
	}
	k.settle(when, held[0])
}

// settle compares what is held with what was said, and has it as what was said from then on.
func (k *killed) settle(when string, held map[string]string) {
	k.t.Helper()
	for name := range k.deleted {
		delete(k.want, name)
	}
	for name, said := range k.edits {
		says, there := held[name]
		ok := false
		for _, one := range said {
			ok = ok || says == one
		}
		if !there || !ok {
			k.t.Fatalf("%s: %q says %q, and people said %v", when, name, says, said)
		}
		k.want[name] = says
	}
	for name, says := range k.want {
		if held[name] != says {
			k.t.Fatalf("%s: %q says %q, want %q", when, name, held[name], says)
		}
	}
	if len(held) != len(k.want) {
		k.t.Fatalf("%s: there are %d items, want %d", when, len(held), len(k.want))
	}
	clear(k.edits)
	clear(k.deleted)
}
