package offline

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"

	"platforma.kg/ashar/internal/foundation/seal"
)

// ErrClosed says that a box does not open: another secret, another use, or it was changed.
var ErrClosed = errors.New("offline: the box does not open")

// Key is what one pack hashes with. It lies in the pack, so it keeps nothing secret by
// itself; it makes what one device stores say nothing on another.
type Key [32]byte

// KeyOf gives the key of a use of the house for what the parts name, "an activity, a
// device". It is the same whenever it is asked for.
func KeyOf(house *seal.Keyring, use string, parts ...[]byte) (k Key) {
	mac := hmac.New(sha256.New, house.Derive("offline "+use))
	for _, p := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		mac.Write(p)
	}
	mac.Sum(k[:0])
	return k
}

// nameLen is how many bytes of an HMAC stand for a thing: among thousands of them no two
// are the same by chance.
const nameLen = 12

func (k Key) sum(kind string, of []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(kind))
	mac.Write([]byte{0})
	mac.Write(of)
	return mac.Sum(nil)
}

// Name is what a thing of a kind is called in this pack: 16 characters. Who has the pack can
// compute it, and so can test guesses; of what can be guessed it is to be asked of Under.
func (k Key) Name(kind string, of []byte) string {
	return base64.RawURLEncoding.EncodeToString(k.sum(kind, of)[:nameLen])
}

// Under gives the key of a use that only who has the secret can compute.
func (k Key) Under(use string, secret []byte) (under Key) {
	copy(under[:], k.derive(use, secret))
	return under
}

func (k Key) derive(use string, secret []byte) []byte {
	out, err := hkdf.Key(sha256.New, secret, k[:], "ashar offline "+use, 32)
	if err != nil {
		panic("offline: " + err.Error()) // only when more than 255 blocks are asked for
	}
	return out
}

// padTo is the step of the length of what is sealed, so that lengths tell little.
const padTo = 32

// Seal closes a text in a box that only the secret opens: nonce, then AES-256-GCM with the
// use as associated data, in base64url. The secret must be one that nobody can guess.
func (k Key) Seal(use string, secret, plain []byte) string {
	nonce := make([]byte, 12)
	rand.Read(nonce) // never fails, crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(gcm(k.derive(use, secret)).Seal(nonce, nonce, padded(plain), []byte(use)))
}

// Open opens what Seal closed. ErrClosed when it does not open.
func (k Key) Open(use string, secret []byte, box string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(box)
	if err != nil || len(raw) < 12 {
		return nil, ErrClosed
	}
	padded, err := gcm(k.derive(use, secret)).Open(nil, raw[:12], raw[12:], []byte(use))
	if err != nil {
		return nil, ErrClosed
	}
	return unpadded(padded)
}

// padded is a text with a mark at its end and zeros up to the next step.
func padded(plain []byte) []byte {
	out := append(append(make([]byte, 0, len(plain)+padTo), plain...), 0x80)
	for len(out)%padTo != 0 {
		out = append(out, 0)
	}
	return out
}

// unpadded is the text before the mark. ErrClosed without one.
func unpadded(padded []byte) ([]byte, error) {
	for n := len(padded) - 1; n >= 0; n-- {
		switch padded[n] {
		case 0:
		case 0x80:
			return padded[:n], nil
		default:
			return nil, ErrClosed
		}
	}
	return nil, ErrClosed
}

// gcm is AES-256-GCM; the key has 32 bytes.
func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("offline: " + err.Error()) // only of another length
	}
	out, err := cipher.NewGCM(block)
	if err != nil {
		panic("offline: " + err.Error()) // only of another block
	}
	return out
}
