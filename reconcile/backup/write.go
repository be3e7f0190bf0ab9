package backup

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// Writer writes a backup into a directory of its own, folder by folder, and holds no more than one item. Its owner alone can read what it writes.
type Writer struct {
	dir      string
	root     *os.Root
	file     *os.File // the manifest, under another name until it is whole
	out      *bufio.Writer
	folder   *Folder // that is being written
	folders  int     // written or begun
	counts   Counts  // of the folder
	finished bool
}

// unfinished is the manifest's name while it is written.
const unfinished = ManifestName + ".part"

// Create begins a backup in a directory that is not there yet, or is empty.
func Create(dir, workspace string, created time.Time) (_ *Writer, err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !isEmpty(dir) {
		if errors.Is(err, fs.ErrExist) {
			err = fmt.Errorf("%s is there already, and is not empty: name a new directory", dir)
		}
		return nil, fmt.Errorf("backup: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	w := &Writer{dir: dir, root: root}
	if w.file, err = root.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("backup: %w", err), root.Close())
	}
	w.out = bufio.NewWriter(w.file)
	head, err := json.Marshal(Head{FormatVersion: FormatVersion, Workspace: workspace, Created: created.UTC().Truncate(time.Second)})
	if err == nil {
		err = w.put(string(head[:len(head)-1]), `,"folders":[`)
	}
	if err != nil {
		return nil, errors.Join(err, w.Abandon())
	}
	return w, nil
}

// isEmpty reports whether dir is a directory with nothing in it.
func isEmpty(dir string) bool {
	f, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = f.Readdirnames(1)
	return errors.Is(err, io.EOF)
}

// Dir is the directory of the backup.
func (w *Writer) Dir() string { return w.dir }

// Begin begins a folder; what its Directory is, is the Writer's affair.
func (w *Writer) Begin(f Folder) error {
	f.Directory = directoryName(f.Address)
	if err := w.root.Mkdir(f.Directory, 0o700); err != nil {
		return fmt.Errorf("backup of %s: %w", f.Address, err)
	}
	separator := "\n"
	if w.folders > 0 {
		separator = ",\n"
	}
	w.folder, w.counts = &f, Counts{}
	w.folders++
	return w.put(separator, `{"items":[`)
}

// Add adds an item to the folder that was begun last.
func (w *Writer) Add(it Item, data []byte) error {
	sum := sha256.Sum256(data)
	it.File, it.SHA256 = fileName(w.folder.Kind, it), hex.EncodeToString(sum[:])
	if err := w.write(path.Join(w.folder.Directory, it.File), data); err != nil {
		return fmt.Errorf("backup of %s, item %q: %w", w.folder.Address, it.Ref, err)
	}
	w.counts.Items++
	return w.line(it)
}

func (w *Writer) write(name string, data []byte) error {
	f, err := w.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = keepFile(f)
	}
	return errors.Join(err, f.Close())
}

// Lack notes an item of the folder that could not be read.
func (w *Writer) Lack(it Item) error {
	w.counts.Unreadable++
	return w.line(it)
}

func (w *Writer) line(it Item) error {
	data, err := json.Marshal(it)
	if err != nil {
		return fmt.Errorf("backup of %s, item %q: %w", w.folder.Address, it.Ref, err)
	}
	separator := "\n"
	if w.counts.Items+w.counts.Unreadable > 1 {
		separator = ",\n"
	}
	return w.put(separator, string(data))
}

// End ends the folder that was begun last: it was read to its end, or lacks something for the reason given.
func (w *Writer) End(lacks string) (Counts, error) {
	w.folder.Complete, w.folder.Reason = lacks == "", lacks
	data, err := json.Marshal(w.folder)
	if err != nil {
		return w.counts, fmt.Errorf("backup of %s: %w", w.folder.Address, err)
	}
	return w.counts, w.put("],\n", string(data[1:]))
}

// Finish makes the backup whole, once all of it is on the disk. The Writer is of no more use, also when it fails: then the backup is not whole.
func (w *Writer) Finish() error {
	err := w.put("\n]}\n")
	if err == nil {
		err = w.out.Flush()
	}
	if err == nil {
		err = w.file.Sync()
	}
	if err == nil {
		err = keepAll(w.file)
	}
	if err == nil {
		err = w.root.Rename(unfinished, ManifestName)
	}
	if err = errors.Join(err, w.Abandon()); err != nil {
		return fmt.Errorf("backup in %s: %w", w.dir, err)
	}
	return nil
}

// Abandon leaves the backup as it is: without a manifest, it is not whole.
func (w *Writer) Abandon() error {
	if w.finished {
		return nil
	}
	w.finished = true
	return errors.Join(w.file.Close(), w.root.Close())
}

func (w *Writer) put(texts ...string) error {
	for _, text := range texts {
		if _, err := w.out.WriteString(text); err != nil {
			return fmt.Errorf("backup in %s: %w", w.dir, err)
		}
	}
	return nil
}
