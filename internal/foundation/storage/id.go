package storage

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// ID is a UUIDv7: 16 bytes, the first six the milliseconds since 1970, so that
// ids sort by the time they were made. Stored as a blob; the zero ID is stored
// as NULL.
type ID [16]byte

// NewID makes an ID for the instant at from the random source r.
func NewID(at time.Time, r io.Reader) ID {
	var id ID
	if _, err := io.ReadFull(r, id[6:]); err != nil {
		panic("storage: random source: " + err.Error())
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}

// RandomID makes an ID for the instant at from the system's random source.
func RandomID(at time.Time) ID { return NewID(at, rand.Reader) }

// IsZero reports whether the ID is unset.
func (id ID) IsZero() bool { return id == ID{} }

// String gives the usual form, 8-4-4-4-12 hexadecimal digits; empty for zero.
func (id ID) String() string {
	if id.IsZero() {
		return ""
	}
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ParseID reads the form of String.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return id, fmt.Errorf("storage: %q is not an id", s)
	}
	raw, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	if err != nil {
		return id, fmt.Errorf("storage: %q is not an id", s)
	}
	copy(id[:], raw)
	return id, nil
}

// MarshalText and UnmarshalText make the ID a string in JSON and in map keys.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (id *ID) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*id = ID{}
		return nil
	}
	*id, err = ParseID(string(b))
	return err
}

// Value stores the ID as bytes, the zero ID as NULL.
func (id ID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil
	}
	return id[:], nil
}

// Scan reads bytes or NULL.
func (id *ID) Scan(v any) error {
	switch b := v.(type) {
	case nil:
		*id = ID{}
		return nil
	case []byte:
		if len(b) == 16 {
			copy(id[:], b)
			return nil
		}
	}
	return fmt.Errorf("storage: cannot read %T as an id", v)
}
