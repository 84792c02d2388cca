package seats

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Pass is what the QR of a ticket carries:
//
//	1 byte   version, 1
//	1 byte   key id, the first byte of SHA-256 of the public key
//	5 bytes  serial
//	2 bytes  last valid day, days since 1970-01-01 UTC
//	4 bytes  activity, the first bytes of SHA-256 of its id
//	64 bytes Ed25519 over "ashar ticket" and the 13 bytes above
//
// 77 bytes, in Base45 116 characters of a QR's alphanumeric mode: version 5
// with medium correction. A phone without network can so tell a true ticket,
// its day and its activity; whether it was taken back only the list says.
type Pass struct {
	Serial   Serial
	LastDay  uint16
	Activity [4]byte
}

const (
	passVersion = 1
	passHead    = 13
	PassLength  = passHead + ed25519.SignatureSize
	passDomain  = "ashar ticket"
)

var (
	errPass        = errors.New("seminars: not a ticket's QR")
	ErrForeignPass = errors.New("seminars: a ticket of another house, or a forged one")
)

// ActivityTag is the short name of an activity in a pass.
func ActivityTag(id storage.ID) (tag [4]byte) {
	sum := sha256.Sum256(id[:])
	copy(tag[:], sum[:])
	return tag
}

func dayOf(t time.Time) uint16 {
	day := t.Unix() / 86400
	return uint16(min(max(day, 0), 65535))
}

func keyID(key ed25519.PublicKey) byte {
	sum := sha256.Sum256(key)
	return sum[0]
}

// Sign gives the text of the QR.
func (p Pass) Sign(key ed25519.PrivateKey) string {
	public, _ := key.Public().(ed25519.PublicKey)
	b := make([]byte, passHead, PassLength)
	b[0], b[1] = passVersion, keyID(public)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(p.Serial))
	copy(b[2:7], n[3:])
	binary.BigEndian.PutUint16(b[7:9], p.LastDay)
	copy(b[9:13], p.Activity[:])
	return Base45(append(b, ed25519.Sign(key, append([]byte(passDomain), b...))...))
}

// ReadPass reads the text of a QR and checks its signature: errPass when it is
// no ticket, ErrForeignPass when it is one that this house did not sign.
func ReadPass(text string, key ed25519.PublicKey) (Pass, error) {
	b, ok := Unbase45(text, PassLength)
	if !ok || len(b) != PassLength || b[0] != passVersion {
		return Pass{}, errPass
	}
	head := b[:passHead]
	if b[1] != keyID(key) || !ed25519.Verify(key, append([]byte(passDomain), head...), b[passHead:]) {
		return Pass{}, ErrForeignPass
	}
	var n [8]byte
	copy(n[3:], b[2:7])
	p := Pass{Serial: Serial(binary.BigEndian.Uint64(n[:])), LastDay: binary.BigEndian.Uint16(b[7:9])}
	copy(p.Activity[:], b[9:13])
	if p.Serial >= Serials {
		return Pass{}, errPass
	}
	return p, nil
}
