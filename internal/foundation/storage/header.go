package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"
)

// The two formats of a backup, by the first bytes of the file.
const (
	magic1 = "ASHARDB1" // of before: no slots, the keys of the owners stand in the body
	magic2 = "ASHARDB2"
)

// Sizes in bytes. Header and slots are whole parts of a disk's sector of 512
// bytes, so that no slot lies in two of them.
const (
	header1Size = 8 + 1 + 16
	headerSize  = 256
	headerUsed  = 96 // of the header; the rest is for later, and zero
)

// header is what a backup says of itself in clear.
type header struct {
	format    int
	encrypted bool
	salt      [16]byte  // random, another in each file
	mark      [32]byte  // names the installation to who has its secret; zero: of none
	count     uint64    // of slots
	made      time.Time // zero in format 1, whose body alone tells
}

// bytes gives the header of today's format: magic, 1 when encrypted, the salt
// from 16, the mark from 32, the count from 64, the moment from 72, and from 80
// to 96 the beginning of the SHA-256 of all before.
func (h header) bytes() []byte {
	out := make([]byte, headerSize)
	copy(out, magic2)
	if h.encrypted {
		out[8] = 1
	}
	copy(out[16:], h.salt[:])
	copy(out[32:], h.mark[:])
	binary.BigEndian.PutUint64(out[64:], h.count)
	binary.BigEndian.PutUint64(out[72:], uint64(Micros(h.made)))
	sum := sha256.Sum256(out[:80])
	copy(out[80:], sum[:16])
	return out
}

// readHeader reads the header of either format. ErrNotBackup when it is none.
func readHeader(r io.Reader) (raw []byte, h header, err error) {
	raw = make([]byte, headerSize)
	if _, err := io.ReadFull(r, raw[:header1Size]); err != nil {
		return nil, h, notBackup(err)
	}
	h.encrypted = raw[8] == 1
	switch string(raw[:8]) {
	case magic1:
		h.format = 1
		copy(h.salt[:], raw[9:])
		return raw[:header1Size], h, nil
	case magic2:
		h.format = 2
	default:
		return nil, h, ErrNotBackup
	}
	if _, err := io.ReadFull(r, raw[header1Size:]); err != nil {
		return nil, h, fmt.Errorf("%w: its head is cut off", ErrBackupDamaged)
	}
	if sum := sha256.Sum256(raw[:80]); !bytes.Equal(sum[:16], raw[80:96]) {
		return nil, h, fmt.Errorf("%w: its head", ErrBackupDamaged)
	}
	copy(h.salt[:], raw[16:])
	copy(h.mark[:], raw[32:])
	h.count = binary.BigEndian.Uint64(raw[64:])
	h.made = Instant(int64(binary.BigEndian.Uint64(raw[72:])))
	return raw, h, nil
}

// notBackup is for a file too short to be one; a disk that cannot be read is another matter.
func notBackup(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrNotBackup
	}
	return err
}

// authenticated is what of the header each chunk of an encrypted body vouches for.
func (a *archive) authenticated() []byte {
	if a.format == 1 {
		return a.head
	}
	return a.head[:headerUsed]
}
