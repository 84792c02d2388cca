package seal

import (
	"crypto/rand"
	"encoding/binary"

	"golang.org/x/crypto/chacha20poly1305"
)

// DataKey seals what belongs to one owner. The zero value opens and seals nothing.
type DataKey struct{ key []byte }

// Seal closes plain in a box that opens only for the same record and field.
func (d DataKey) Seal(record []byte, field string, plain []byte) []byte {
	aead, err := chacha20poly1305.NewX(d.key)
	if err != nil {
		panic("seal: the zero data key")
	}
	box := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(box)
	return aead.Seal(box, box, plain, place(record, field))
}

// Open opens what Seal closed. ErrClosed when the key, the record or the field
// is another, or the box was changed.
func (d DataKey) Open(record []byte, field string, box []byte) ([]byte, error) {
	aead, err := chacha20poly1305.NewX(d.key)
	if err != nil || len(box) < aead.NonceSize() {
		return nil, ErrClosed
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], place(record, field))
	if err != nil {
		return nil, ErrClosed
	}
	return plain, nil
}

// place joins record and field so that no two pairs give the same bytes.
func place(record []byte, field string) []byte {
	out := binary.AppendUvarint(make([]byte, 0, len(record)+len(field)+2), uint64(len(record)))
	return append(append(out, record...), field...)
}
