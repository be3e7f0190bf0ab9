package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
)

// pebbleFormat is the format of Pebble's files. It is part of [Format]: another one is another format of the state.
const pebbleFormat = pebble.FormatTableFormatV6

// What a state may use of memory and of space in a file.
const (
	cacheSize    = 4 << 20
	memTableSize = 4 << 20
	blockSize    = 32 << 10
	openFiles    = 64

	// baseSize is how large the first level is, which is written anew as often as memory is written out: records are added in several places at a time.
	baseSize = 16 << 20

	// compactAfter is how much has to be written, in bytes, for the files to be put in order at closing, and compactFrom which part of them it has to be: they
	// are all written anew.
	compactAfter = 1 << 20
	compactFrom  = 10
)

// pebbleKV is a kv in a directory.
type pebbleKV struct {
	path string // of the state
	dir  string
	disk disk
	db   *pebble.DB

	readOnly bool
	fuse     *fuse

	mu      sync.Mutex
	written int    // bytes since opening
	damage  string // the file that Pebble found to be damaged; "" when it found none
}

// openPebble opens the database of the state at path in dir, where it has to be unless create is set. It writes nothing when fsys is
// read-only.
func openPebble(fsys disk, path, dir string, create bool) (*pebbleKV, error) {
	p := &pebbleKV{path: path, dir: dir, disk: fsys, readOnly: fsys.fuse.err() != nil, fuse: fsys.fuse}
	if p.readOnly {
		p.fuse = newFuse()
	} else if err := breakSeal(fsys, dir); err != nil {
		return nil, &FailedError{Path: path, Err: err}
	}
	opts := &pebble.Options{
		FS:                    fsys.forPebble(),
		ReadOnly:              p.readOnly,
		ErrorIfNotExists:      !create,
		FormatMajorVersion:    pebbleFormat,
		CacheSize:             cacheSize,
		MemTableSize:          memTableSize,
		MaxOpenFiles:          openFiles,
		Cleaner:               remover{},
		Logger:                quiet{p},
		EventListener:         p.listener(),
		DisableTableStats:     true,
		L0CompactionThreshold: 2,
		LBaseMaxBytes:         baseSize,
	}
	opts.ApplyCompressionSettings(func() pebble.DBCompressionSettings {
		settings := pebble.UniformDBCompressionSettings(pebble.DBCompressionGood.Levels[len(pebble.DBCompressionGood.Levels)-1])
		for i := range settings.Levels[:len(settings.Levels)-1] {
			settings.Levels[i] = pebble.DBCompressionFastest.Levels[i]
		}
		return settings
	})
	for i := range opts.Levels {
		opts.Levels[i].BlockSize = blockSize
	}
	err := p.run(func() (err error) { p.db, err = pebble.Open(dir, opts); return err })
	if err != nil {
		return nil, p.explain(err)
	}
	return p, nil
}

// run calls what may write, and comes back when it is done or when the fuse blows: Pebble may then wait for ever for a part of
// itself that has stopped.
func (p *pebbleKV) run(do func() error) error {
	if err := p.fuse.err(); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		err := errors.New("the database stopped")
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("the database stopped: %v", r)
			}
			done <- err
		}()
		err = do()
	}()
	select {
	case err := <-done:
		if p.fuse.err() != nil {
			return p.fuse.err()
		}
		return err
	case <-p.fuse.blown:
		return p.fuse.err()
	}
}

func (p *pebbleKV) get(key []byte) ([]byte, error) {
	if err := p.fuse.err(); err != nil {
		return nil, p.explain(err)
	}
	value, closer, err := p.db.Get(key)
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, p.explain(err)
	}
	value = append(make([]byte, 0, len(value)), value...)
	return value, p.explain(closer.Close())
}

func (p *pebbleKV) scan(from, to []byte, each func(key, value []byte) error) (err error) {
	if err := p.fuse.err(); err != nil {
		return p.explain(err)
	}
	it, err := p.db.NewIter(&pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err != nil {
		return p.explain(err)
	}
	defer func() {
		if closing := it.Close(); err == nil {
			err = p.explain(closing)
		}
	}()
	for ok := it.First(); ok; ok = it.Next() {
		value, err := it.ValueAndErr()
		if err != nil {
			return p.explain(err)
		}
		if err := each(it.Key(), value); err != nil {
			return err
		}
	}
	return p.explain(it.Error())
}

func (p *pebbleKV) commit(changes []change) (durable func() error, err error) {
	var batch *pebble.Batch
	err = p.run(func() error {
		batch = p.db.NewBatch()
		for _, c := range changes {
			var err error
			switch {
			case c.end != nil:
				err = batch.DeleteRange(c.key, c.end, nil)
			case c.value == nil:
				err = batch.Delete(c.key, nil)
			default:
				err = batch.Set(c.key, c.value, nil)
			}
			if err != nil {
				return err
			}
		}
		p.mu.Lock()
		p.written += batch.Len()
		p.mu.Unlock()
		return p.db.ApplyNoSyncWait(batch, pebble.Sync)
	})
	if err != nil {
		return nil, p.explain(p.fuse.blow(err))
	}
	return func() error {
		err := p.run(func() error { return errors.Join(batch.SyncWait(), batch.Close()) })
		return p.explain(p.fuse.blow(err))
	}, nil
}

// close puts the files in order when something was written: what is read next time is read fast, and takes little space. What has failed
// is left as it is: Pebble cannot be asked any more.
func (p *pebbleKV) close() error {
	err := p.run(func() error {
		if p.written > 0 {
			if err := p.db.Flush(); err != nil {
				return err
			}
		}
		if p.written >= compactAfter && uint64(p.written) >= p.db.Metrics().DiskSpaceUsage()/compactFrom {
			if err := p.db.Compact(context.Background(), []byte{0}, []byte{0xff}, false); err != nil {
				return err
			}
		}
		if err := p.db.Close(); err != nil || p.readOnly {
			return err
		}
		return seal(p.disk, p.dir)
	})
	return p.explain(p.fuse.blow(err))
}

// explain says what an error of the database means to a person.
func (p *pebbleKV) explain(err error) error {
	if err == nil {
		return nil
	}
	if cause := p.fuse.err(); cause != nil {
		if _, ok := errors.AsType[*CorruptError](cause); ok {
			return cause
		}
		return &FailedError{Path: p.path, Err: cause}
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state %q cannot be read: %w", p.path, err)
	}
	return p.corrupt(err)
}

func (p *pebbleKV) corrupt(err error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	what := p.damage
	if what == "" {
		what = "its database"
	}
	return &CorruptError{Path: p.path, What: what, Err: err}
}

// listener hears of trouble that Pebble meets in the background. It would try again without end; a blown fuse ends it.
func (p *pebbleKV) listener() *pebble.EventListener {
	return &pebble.EventListener{
		DataCorruption: func(info pebble.DataCorruptionInfo) {
			p.mu.Lock()
			defer p.mu.Unlock()
			if p.damage == "" {
				p.damage = info.Path
			}
		},
		BackgroundError: p.stop,
	}
}

// stop blows the fuse, if no failed write has, and keeps the goroutine of Pebble's that met err from going on, as [disk] does.
func (p *pebbleKV) stop(err error) {
	_ = p.fuse.blow(p.corrupt(err))
	select {}
}

// quiet is a logger that says nothing. What Pebble finds fatal stops the database instead of the process.
type quiet struct{ p *pebbleKV }

func (quiet) Infof(string, ...any)  {}
func (quiet) Errorf(string, ...any) {}

func (q quiet) Fatalf(format string, args ...any) { q.p.stop(fmt.Errorf(format, args...)) }

// remover removes files that are not needed any more. What it gets from reads keeps Pebble from setting old logs aside for later use: after a
// large apply they would be most of a state.
type remover struct {
	pebble.DeleteCleaner
	reads
}

type reads struct{ pebble.ArchiveCleaner }
