package state

import (
	"encoding/binary"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/reconcile/internal/recent"
	"github.com/accord-sync/accord/schema/pim"
)

// words numbers texts that records have in common: what thirty thousand copies of one lesson hold is the same. A text is one from the second time on that it is
// written. Its number is never given to another one.
type words struct {
	mu      sync.RWMutex
	texts   []string
	numbers map[string]uint32 // of texts; nil: nobody has written yet
	seen    *recent.Filter
	size    int              // bytes of texts
	bases   map[uint64]bases // what texts say, by number
}

// bases are both sides of the base of a pair.
type bases struct{ original, replica pim.Digests }

// Memory and state hold no more than this. Texts that come later are written where they belong.
const (
	mostWords     = 1 << 16
	mostWordBytes = 8 << 20
	mostBases     = 1 << 13
	shortestWord  = 8 // bytes
)

func newWords() *words { return &words{bases: map[uint64]bases{}} }

// number is the number of a text that is worth one.
func (w *words) number(text string) (n uint32, ok bool) {
	if len(text) < shortestWord {
		return 0, false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.numbers == nil {
		w.numbers = make(map[string]uint32, len(w.texts))
		for n, text := range w.texts {
			w.numbers[text] = uint32(n)
		}
		w.seen = recent.New(mostWords)
	}
	if n, ok = w.numbers[text]; ok || len(w.texts) == mostWords || w.size+len(text) > mostWordBytes {
		return n, ok
	}
	if !w.seen.Again(xxhash.Sum64String(text)) {
		return 0, false
	}
	w.numbers[text] = uint32(len(w.texts))
	w.add(text)
	return w.numbers[text], true
}

// add gives a text the next number.
func (w *words) add(text string) {
	w.texts = append(w.texts, text)
	w.size += len(text)
}

// load reads the text of a number when the state is opened. It reports whether it is the next one.
func (w *words) load(n uint32, text string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.add(text)
	return n == uint32(len(w.texts)-1)
}

func (w *words) text(n uint64) (text string, ok bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if n >= uint64(len(w.texts)) {
		return "", false
	}
	return w.texts[n], true
}

// since lists the texts that were numbered after the first n, in order.
func (w *words) since(n int) []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.texts[n:]
}

// append appends a text, or the number that it has.
func (w *words) append(b []byte, text []byte) []byte {
	if n, ok := w.number(string(text)); ok {
		return binary.AppendUvarint(b, uint64(n)<<1|1)
	}
	return append(binary.AppendUvarint(b, uint64(len(text))<<1), text...)
}

// read reads what append wrote. number is 0 for a text that has none, and one more than its number otherwise.
func (w *words) read(d *decoder) (text []byte, number uint64) {
	n := d.uvarint()
	if n&1 == 0 {
		return d.bytes(n >> 1), 0
	}
	known, ok := w.text(n >> 1)
	if !ok {
		d.fail("a text has an unknown number")
	}
	return []byte(known), n>>1 + 1
}

// appendName appends a packed name, or the number that it has.
func (w *words) appendName(b []byte, s, context string) []byte {
	packed := appendPackedAs(nil, s, context)
	if n, ok := w.number(string(packed)); ok {
		return binary.AppendUvarint(append(b, byte(word)), uint64(n))
	}
	return append(b, packed...)
}

// name reads what appendName wrote with the same context.
func (w *words) name(d *decoder, context string) string {
	if len(d.b) == 0 || d.b[0] != byte(word) {
		return d.packedAs(context)
	}
	d.byte()
	text, ok := w.text(d.uvarint())
	if !ok {
		d.fail("a name has an unknown number")
		return ""
	}
	own := decoder{b: []byte(text)}
	s := own.packedAs(context)
	d.join(own)
	return s
}

// appendBases appends both sides of the base of a pair. same says that they are equal.
func (w *words) appendBases(b []byte, p Pair, same bool) ([]byte, error) {
	text, err := appendDigests(nil, p.BaseOriginal)
	if err == nil && !same {
		text, err = appendDigestChanges(text, p.BaseOriginal, p.BaseReplica)
	}
	return w.append(b, text), err
}

// readBases reads what appendBases wrote. Those of a text that has a number are the same each time.
func (w *words) readBases(d *decoder, same bool) (read bases) {
	text, number := w.read(d)
	key := number<<1 | uint64(bit(same))
	if number > 0 {
		w.mu.RLock()
		known, ok := w.bases[key]
		w.mu.RUnlock()
		if ok {
			return known
		}
	}
	own := decoder{b: text}
	read.original = own.digests()
	read.replica = read.original
	if !same {
		read.replica = own.digestChanges(read.original)
	}
	d.join(own)
	if number > 0 && d.err == nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.bases) < mostBases {
			w.bases[key] = read
		}
	}
	return read
}
