// Package image packs what an item was before a write and is after it into one journal image, in which each says only what the other does not.
package image

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"

	"github.com/accord-sync/accord/schema/encrypt"
)

// Packer packs images one after the other. The zero Packer seals nothing. It is not safe for concurrent use.
type Packer struct {
	Key *encrypt.Key // seals them; nil: they are open

	deflate *flate.Writer
	out     bytes.Buffer
}

// Pack makes an image: the length of before, and both texts behind each other, compressed, so that what they share is there once. Without either it is nil.
func (p *Packer) Pack(before, after []byte) ([]byte, error) {
	if len(before)+len(after) == 0 {
		return nil, nil
	}
	p.out.Reset()
	if p.deflate == nil {
		var err error
		if p.deflate, err = flate.NewWriter(&p.out, flate.BestSpeed); err != nil {
			return nil, err
		}
	} else {
		p.deflate.Reset(&p.out)
	}
	var err error
	for _, text := range [][]byte{binary.AppendUvarint(nil, uint64(len(before))), before, after} {
		if err == nil {
			_, err = p.deflate.Write(text)
		}
	}
	if err = errors.Join(err, p.deflate.Close()); err != nil {
		return nil, err
	}
	if p.Key != nil {
		return p.Key.Seal(p.out.Bytes())
	}
	return bytes.Clone(p.out.Bytes()), nil
}

// most is how much an image may hold: what is larger was damaged.
const most = 256 << 20

// Unpack gives back what Pack packed. key is nil for what is not sealed.
func Unpack(image []byte, key *encrypt.Key) (before, after []byte, err error) {
	if len(image) == 0 {
		return nil, nil, nil
	}
	if key != nil {
		if image, err = key.Open(image); err != nil {
			return nil, nil, err
		}
	}
	all, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(image)), most))
	if err != nil {
		return nil, nil, err
	}
	n, used := binary.Uvarint(all)
	if used <= 0 || n > uint64(len(all)-used) {
		return nil, nil, errors.New("an image of the journal is damaged")
	}
	all = all[used:]
	return all[:n:n], all[n:], nil
}
