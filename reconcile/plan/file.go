package plan

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// magic is the first line of a plan file; the second is the SHA-256 of all that follows.
const magic = "accord plan 1\n"

// ErrDamaged is matched by the errors of ReadFile for a file that is not a whole and untouched plan.
var ErrDamaged = errors.New("the plan file is damaged")

// WriteFile saves a plan, readable by its owner alone. An existing file is replaced, at once or not at all.
func WriteFile(path string, p *Plan) error {
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	if err := json.NewEncoder(zip).Encode(p); err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	if err := zip.Close(); err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	sum := sha256.Sum256(body.Bytes())
	tmp, err := os.CreateTemp(filepath.Dir(path), ".accord-plan-*")
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	_, err = fmt.Fprintf(tmp, "%s%s\n%s", magic, hex.EncodeToString(sum[:]), body.Bytes())
	err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	return nil
}

// ReadFile reads a saved plan. A file that is cut short, changed or no plan at all is an error that matches ErrDamaged.
func ReadFile(path string) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	defer f.Close()
	damaged := func(why string) error { return fmt.Errorf("%w: %s: %s; make a new plan", ErrDamaged, path, why) }

	in := bufio.NewReader(f)
	head := make([]byte, len(magic)+sha256.Size*2+1)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, damaged("it is too short to be a plan")
	}
	if string(head[:len(magic)]) != magic {
		return nil, damaged("it is not a plan that this version of accord wrote")
	}
	body, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("read plan %s: %w", path, err)
	}
	sum := sha256.Sum256(body)
	if hex.EncodeToString(sum[:]) != string(head[len(magic):len(head)-1]) || head[len(head)-1] != '\n' {
		return nil, damaged("its checksum is not that of its content: it was cut short or changed")
	}
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, damaged(err.Error())
	}
	var p Plan
	if err := json.NewDecoder(zip).Decode(&p); err != nil {
		return nil, damaged(err.Error())
	}
	p.Saved = true
	return &p, nil
}
