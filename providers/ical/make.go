package ical

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// CreateFolder makes the file, for its owner alone, and the directories above it that are missing: a VCALENDAR without items, or an empty file for contacts.
// The file has its content from the moment it has its name.
func (p *files) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	path, err := locate(p.config, cfg)
	if err != nil {
		return err
	}
	if text, err := open(path); err == nil {
		text.Close()
		return ctx.Err()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return failure(err, "make", path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return failure(err, "make", path)
	}
	if err := p.make(path, cfg.Kind); err != nil {
		return failure(err, "make", path)
	}
	return ctx.Err()
}

func (p *files) make(path string, kind pim.Kind) error {
	dir, begin, end := temporary(path)
	temp, err := p.disk.create(dir, begin, end)
	if err != nil {
		return err
	}
	defer p.disk.remove(temp.Name())
	if kind != pim.Contacts {
		_, err = temp.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + productID + "\r\nEND:VCALENDAR\r\n")
	}
	if err == nil {
		err = p.disk.flush(temp)
	}
	if e := temp.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = p.disk.link(temp.Name(), path)
	}
	if errors.Is(err, fs.ErrExist) { // another process was faster, unless it is a link
		if _, err := os.Stat(path); err != nil {
			return errNowhere
		}
		return nil
	}
	if err != nil {
		return err
	}
	return p.disk.sync(dir)
}
