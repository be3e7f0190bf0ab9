package ical

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/accord-sync/accord/providers"
)

// rewrite puts the file with the edits in the place of the file, and gives the writes their outcomes. errMoved: it was changed meanwhile, and nothing was done.
func (b *batch) rewrite(ctx context.Context, o *opened) error {
	dir, begin, end := temporary(b.target)
	disk := b.provider.disk
	temp, err := disk.create(dir, begin, end)
	if err != nil {
		return failure(err, "write beside", b.target)
	}
	placed := false
	defer func() {
		temp.Close()
		if !placed {
			disk.remove(temp.Name())
		}
	}()
	starts, err := b.copy(ctx, o, temp)
	if err != nil {
		return err
	}
	if err := disk.likeness(temp, o.info); err != nil {
		return failure(err, "write beside", b.target)
	}
	if err := disk.flush(temp); err != nil {
		return failure(err, "write beside", b.target)
	}
	x, done, err := b.prove(ctx, o, temp, starts)
	if err != nil {
		return err
	}
	info, err := temp.Stat()
	if err == nil {
		err = temp.Close()
	}
	if err != nil {
		return failure(err, "write beside", b.target)
	}
	o.close() // on some systems no file that is open can be replaced
	if now, err := os.Stat(b.target); err != nil || !same(now, o.info) {
		return errMoved
	}
	if err := disk.place(temp.Name(), b.target); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return errMoved // another process took the temporary file for one that a crash left
		}
		return failure(err, "replace", b.target)
	}
	placed = true
	b.rewrites++
	b.keep(x, info)
	if err := disk.sync(dir); err != nil { // nobody knows what a crash would leave
		return providers.Classed(providers.Unknown, fmt.Errorf("ical: replace %q: %w", b.target, err))
	}
	for i := range b.writes {
		if b.pending(i) {
			b.outcomes[i] = done[i]
		}
	}
	return nil
}

// copy writes the file with the edits, and says at which octet the item of each write begins. The file is held to what was scanned.
func (b *batch) copy(ctx context.Context, o *opened, temp *os.File) (starts map[int64]int, err error) {
	edits := append(slices.Clone(b.zones), b.edits...) // in one place, time zones come first
	slices.SortStableFunc(edits, func(x, y edit) int { return cmp.Compare(x.from, y.from) })
	in := newTally(io.NewSectionReader(o.text, 0, o.size))
	out := &output{Writer: bufio.NewWriterSize(temp, 256<<10), buf: make([]byte, 64<<10)}
	starts = map[int64]int{}
	for n, e := range edits {
		if n%breath == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := out.take(in, e.from-in.size); err != nil {
			return nil, b.copying(err)
		}
		if _, err := io.CopyN(io.Discard, in, e.to-e.from); err != nil {
			return nil, b.copying(err)
		}
		if e.from == o.size && len(e.text) > 0 && out.size > 0 && out.last != '\n' {
			out.put(o.ended([]byte("\r\n")))
		}
		if e.write != none {
			starts[out.size+int64(e.lead)] = e.write
		}
		out.put(e.text)
	}
	if err := out.take(in, o.size-in.size); err != nil {
		return nil, b.copying(err)
	}
	if err := out.Flush(); err != nil {
		return nil, b.copying(err)
	}
	if in.digest.Sum64() != o.digest {
		return nil, errMoved
	}
	return starts, nil
}

// copying is the error of a copy: a file that became shorter is one that was changed.
func (b *batch) copying(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errMoved
	}
	return failure(err, "write beside", b.target)
}

// output is a file being written; errors come out at its Flush.
type output struct {
	*bufio.Writer
	buf  []byte
	size int64
	last byte
}

func (w *output) put(text []byte) {
	if len(text) > 0 {
		w.Writer.Write(text)
		w.size += int64(len(text))
		w.last = text[len(text)-1]
	}
}

// take copies n octets.
func (w *output) take(in io.Reader, n int64) error {
	for n > 0 {
		got, err := io.ReadFull(in, w.buf[:min(n, int64(len(w.buf)))])
		w.put(w.buf[:got])
		if n -= int64(got); err != nil {
			return err
		}
	}
	return nil
}

// prove reads the new file before it takes the old one's place: every item that was written is where it was put, and no other came or went.
func (b *batch) prove(ctx context.Context, o *opened, temp *os.File, starts map[int64]int) (*index, map[int]providers.Outcome, error) {
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return nil, nil, failure(err, "read what was written beside", b.target)
	}
	x, err := scan(ctx, temp, b.kind, false)
	if err != nil {
		return nil, nil, failure(err, "read what was written beside", b.target)
	}
	done := map[int]providers.Outcome{}
	for _, e := range x.entries {
		if i, ok := starts[x.spans[e.first].from]; ok {
			done[i] = providers.Outcome{Class: providers.Done, Ref: e.ref, Version: hashText(e.version)}
		}
	}
	if len(x.entries) != b.count || len(done) != len(starts) || x.cut || (x.damage == "") != (o.damage == "") {
		return nil, nil, providers.Classed(providers.Refused,
			fmt.Errorf("ical: write to %q: the outcome would not hold what it should (%d items of %d): nothing was written", b.path, len(x.entries), b.count))
	}
	for i, w := range b.writes {
		if w.Kind == providers.Delete {
			done[i] = providers.Outcome{Class: providers.Done}
		}
	}
	return x, done, nil
}
