package vdir

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Versions are made of what stat(2) says, so that a listing opens no file: modification time and change time in nanoseconds,
// size and inode number, hashed to 64 bits.
//
// A stamp alone could miss a change. File systems keep times in steps, from a few milliseconds (the kernel's tick) to
// 2 seconds (FAT), and a file that is rewritten in place, with the same size, in the same step in which we looked keeps its stamp: the
// problem that Git calls racy. So while a file is so young that this could happen, younger than [youth] at the moment of the
// look (or [fineYouth], where times are known to be fine), its version also holds a hash of its content. A later look finds it older and gives the stamp alone: another
// version, so the file is read once more, and a change made after the first look comes to light.
//
// What we write ourselves would always be young, and reading all of it again at the next look is what the stamp is there to
// avoid. So a file that we write is given a modification time that lies [youth] back. Whoever writes to it later, even within the same
// nanosecond, gives it the time of then, which is another step on every file system.
const youth = 3 * time.Second

// fineYouth is youth on file systems of this machine that keep times to the nanosecond: they take them from the kernel's tick, of 10 ms at the most.
const fineYouth = 100 * time.Millisecond

// stat is what a look at a file says.
type stat struct {
	mtime, ctime int64 // nanoseconds since 1970
	size         int64
	inode        uint64
	permissions  uint32
	regular      bool
}

// same reports whether two looks saw the same file, untouched. A rename in between changes ctime alone.
func (s stat) same(t stat) bool { return s.mtime == t.mtime && s.size == t.size && s.inode == t.inode }

// stamp is the version of a file that is not young.
func (s stat) stamp() string {
	var b [32]byte
	binary.LittleEndian.PutUint64(b[0:], uint64(s.mtime))
	binary.LittleEndian.PutUint64(b[8:], uint64(s.ctime))
	binary.LittleEndian.PutUint64(b[16:], uint64(s.size))
	binary.LittleEndian.PutUint64(b[24:], s.inode)
	return text(xxhash.Sum64(b[:]))
}

// young reports whether a file could change after a look at this time without getting another stamp. fine tells whether its file system keeps fine
// times; times of whole milliseconds are not taken for fine ones, since old formats of such file systems keep seconds.
func (s stat) young(look time.Time, fine func() bool) bool {
	if s.mtime <= look.Add(-youth).UnixNano() {
		return false
	}
	whole := int64(time.Millisecond)
	return s.mtime > look.Add(-fineYouth).UnixNano() || s.mtime%whole == 0 || s.ctime%whole == 0 || !fine()
}

// youngVersion is the version of a file that is young.
func (s stat) youngVersion(content []byte) string {
	return s.stamp() + "." + text(xxhash.Sum64(content))
}

// stampOf splits a version. content is the hash, "" for a file that was not young.
func stampOf(version string) (stamp, content string) {
	stamp, content, _ = strings.Cut(version, ".")
	return stamp, content
}

func text(sum uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], sum)
	var t [11]byte
	base64.RawURLEncoding.Encode(t[:], b[:])
	return string(t[:])
}
