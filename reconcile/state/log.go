package state

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"math/bits"
	"strings"
)

// Pebble takes what it cannot read of a log for the end that a crash left there, unless a later block of the log says that more was made durable. What was
// committed after some damage would be lost without a word, as long as the log is small. Here the later chunks of the same block are asked as well.
//
// A log is made of blocks of 32 KiB, and each of chunks, with the header: checksum (4 bytes), length of the content (2), encoding (1), number of the log (4), how
// many bytes of the log were durable when the chunk was written (8). See the package record of Pebble, [pebbleFormat].
const (
	blockLen      = 32 << 10
	chunkHeader   = 4 + 2 + 1 + 4 + 8
	firstEncoding = 9 // of chunks with such a header
	lastEncoding  = 12
	checksumTurn  = 17
	checksumAdd   = 0xa282ead8
	logEnding     = ".log"
)

// checkLogs reports a log that is damaged before the end of what was made durable. A log that was only cut off is none.
func checkLogs(fsys disk, path, dir string) error {
	names, err := fsys.List(dir)
	if err != nil {
		return fmt.Errorf("state %q: %w", path, err)
	}
	for _, name := range names {
		var number uint32
		if n, err := fmt.Sscanf(name, "%d"+logEnding, &number); n != 1 || err != nil || !strings.HasSuffix(name, logEnding) {
			continue
		}
		name = fsys.PathJoin(dir, name)
		f, err := fsys.Open(name)
		if err != nil {
			return fmt.Errorf("state %q: %w", path, err)
		}
		err = checkLog(f, number)
		if err = errors.Join(err, f.Close()); err != nil {
			return &CorruptError{Path: path, What: name, Err: err}
		}
	}
	return nil
}

func checkLog(log io.Reader, number uint32) error {
	damaged := int64(math.MaxInt64) // where the first chunk begins that cannot be read
	block := make([]byte, blockLen)
	for begin := int64(0); ; begin += blockLen {
		n, err := io.ReadFull(log, block)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		for at := 0; at+chunkHeader <= n; {
			length, durable, ok := chunk(block[at:n], number)
			switch {
			case !ok:
				damaged = min(damaged, begin+int64(at))
				at++ // the next one begins somewhere behind it
			case durable > damaged:
				return badRecord(fmt.Sprintf("it cannot be read from byte %d on, and was durable up to byte %d", damaged, durable))
			default:
				at += length
			}
		}
	}
}

// chunk reads what begins with a chunk; ok is false when that is none.
func chunk(b []byte, number uint32) (length int, durable int64, ok bool) {
	length = chunkHeader + int(binary.LittleEndian.Uint16(b[4:]))
	if b[6] < firstEncoding || b[6] > lastEncoding || binary.LittleEndian.Uint32(b[7:]) != number || length > len(b) {
		return 0, 0, false
	}
	sum := crc32.Checksum(b[6:length], crc32.MakeTable(crc32.Castagnoli))
	ok = binary.LittleEndian.Uint32(b) == bits.RotateLeft32(sum, checksumTurn)+checksumAdd
	return length, int64(binary.LittleEndian.Uint64(b[11:])), ok
}
