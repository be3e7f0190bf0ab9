package backup

import (
	"bufio"
	"context"
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
	"slices"
	"strings"
)

// Backup is a backup that was written, and found to be whole.
type Backup struct {
	Head
	Folders []Stored

	root *os.Root
}

// Stored is a folder of a backup.
type Stored struct {
	Folder
	Counts
}

// Open reads a backup, and checks every file of it. What is not as it was written is an error that matches ErrDamaged. The backup must be closed.
func Open(ctx context.Context, dir string) (_ *Backup, err error) {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no backup %s: name a directory that accord backup wrote", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("backup %s: %w", dir, err)
	}
	b := &Backup{root: root}
	if err = b.check(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("backup %s: %w", dir, err), root.Close())
	}
	return b, nil
}

// Close gives back the directory.
func (b *Backup) Close() error { return b.root.Close() }

// check reads the manifest, and the files that it names.
func (b *Backup) check(ctx context.Context) error {
	err := b.walk(func(f *Stored, it Item) error {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		if it.File == "" {
			f.Unreadable++
			return nil
		}
		f.Items++
		if !isName(it.File) {
			return fmt.Errorf("%w: %q is no name of a file in a backup", ErrDamaged, it.File)
		}
		return nil
	}, func(f *Stored) error {
		if !isName(f.Directory) || !f.Kind.Valid() || f.Address == "" {
			return fmt.Errorf("%w: %s describes no folder that a backup can hold: %q in %q", ErrDamaged, ManifestName, f.Address, f.Directory)
		}
		b.Folders = append(b.Folders, *f)
		return nil
	})
	if err != nil {
		return err
	}
	for i := range b.Folders {
		err := b.Items(&b.Folders[i], func(it Item) error {
			if err := ctx.Err(); err != nil {
				return context.Cause(ctx)
			}
			return b.checkFile(&b.Folders[i], it)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// isName reports whether a name stays where it is.
func isName(name string) bool {
	return filepath.IsLocal(name) && name == path.Base(name) && !strings.ContainsAny(name, `/\:`)
}

// Items streams the items of a folder that the backup holds, in the order in which they were written.
func (b *Backup) Items(of *Stored, each func(Item) error) error {
	at := slices.IndexFunc(b.Folders, func(f Stored) bool { return f.Directory == of.Directory })
	n := 0
	return b.walk(func(_ *Stored, it Item) error {
		if n != at || it.File == "" {
			return nil
		}
		return each(it)
	}, func(*Stored) error {
		n++
		return nil
	})
}

// Read is what an item said.
func (b *Backup) Read(of *Stored, it Item) ([]byte, error) {
	name := path.Join(of.Directory, it.File)
	data, err := b.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return data, checked(name, it, sha256.Sum256(data))
}

// checkFile compares a file with its checksum, without holding it.
func (b *Backup) checkFile(of *Stored, it Item) error {
	name := path.Join(of.Directory, it.File)
	f, err := b.root.Open(name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return checked(name, it, [sha256.Size]byte(h.Sum(nil)))
}

func checked(name string, it Item, sum [sha256.Size]byte) error {
	if hex.EncodeToString(sum[:]) != it.SHA256 {
		return fmt.Errorf("%w: %s is not what was written into it. Nothing is restored from this backup; the files of other items can still be read by hand", ErrDamaged, name)
	}
	return nil
}

// walk reads the manifest as a stream: item is called for the items of a folder, of which not everything may be known yet, and then folder, with all of it.
func (b *Backup) walk(item func(*Stored, Item) error, folder func(*Stored) error) error {
	f, err := b.root.Open(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: it has no %s, so it was not finished, or is no backup", ErrDamaged, ManifestName)
	}
	if err != nil {
		return err
	}
	defer f.Close()
	m := &manifest{json.NewDecoder(bufio.NewReader(f))}
	head := map[string]any{"format_version": &b.FormatVersion, "workspace": &b.Workspace, "created": &b.Created}
	err = m.object(head, "folders", func() error {
		var stored Stored
		fields := map[string]any{"address": &stored.Address, "kind": &stored.Kind, "location": &stored.Location, "identity": &stored.Identity,
			"directory": &stored.Directory, "complete": &stored.Complete, "reason": &stored.Reason}
		err := m.object(fields, "items", func() error {
			var it Item
			if err := m.Decode(&it); err != nil {
				return m.unreadable(err)
			}
			return item(&stored, it)
		})
		if err != nil {
			return err
		}
		return folder(&stored)
	})
	if err == nil && b.FormatVersion != FormatVersion {
		err = fmt.Errorf("its format is %q, and this Accord reads %q: use the Accord that wrote it, or a later one", b.FormatVersion, FormatVersion)
	}
	return err
}
