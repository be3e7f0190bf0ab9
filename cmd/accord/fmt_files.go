package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/accord-sync/accord/schema/form"
	"github.com/accord-sync/accord/schema/format"
)

// configurationFiles are the files that fmt formats at a name of the command line, a file's or a directory's, in order; and those of YAML, which
// it leaves. at says where a name is.
func configurationFiles(at func(string) string, name string, recursive bool) (files, left []string, err error) {
	info, err := os.Stat(at(name))
	if err != nil {
		return nil, nil, fmt.Errorf("fmt: %w", err)
	}
	sort := func(name string) bool {
		switch {
		case format.Has(name):
			files = append(files, name)
		case form.IsYAML(name) && strings.Contains(filepath.Base(name), ".accord."):
			left = append(left, name)
		default:
			return false
		}
		return true
	}
	if !info.IsDir() {
		if !sort(name) {
			return nil, nil, fmt.Errorf("%s: %w", name, errNoLayout)
		}
		return files, left, nil
	}
	err = fs.WalkDir(os.DirFS(at(name)), ".", func(below string, d fs.DirEntry, err error) error {
		hidden := below != "." && strings.HasPrefix(d.Name(), ".")
		switch {
		case err != nil:
			return err
		case d.IsDir() && below != "." && (hidden || !recursive):
			return fs.SkipDir
		case !d.IsDir() && !hidden:
			sort(filepath.Join(name, filepath.FromSlash(below)))
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("fmt: %w", err)
	}
	return files, left, nil
}

// replaceFile puts a text in the place of a file's, at once and with the file's permissions: who reads the file meanwhile reads the one or the
// other. A symbolic link stays one.
func replaceFile(path string, text []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".accord-fmt-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return nil
}
