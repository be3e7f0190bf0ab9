package state
import ("testing";"os";"strconv";"syscall";"path/filepath";"context")
func TestBulk(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("BULK"))
	if n == 0 { t.Skip() }
	dir := filepath.Join(t.TempDir(), "state")
	s, err := Open(context.Background(), dir, Options{})
	if err != nil { t.Fatal(err) }
	firstApply(t, s, n)
	var a syscall.Rusage
	syscall.Getrusage(0, &a)
	if err := s.Close(); err != nil { t.Fatal(err) }
	var b syscall.Rusage
	syscall.Getrusage(0, &b)
	t.Logf("apply %d.%02d s, close until %d.%02d; %.1f B/pair", a.Utime.Sec, a.Utime.Usec/10000, b.Utime.Sec, b.Utime.Usec/10000, float64(diskUsage(t, dir))/float64(n))
}
