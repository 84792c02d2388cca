package offline

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"platforma.kg/ashar/internal/foundation/seal"
)

// A Box is closed by a device to a public key of the house, which lies in the pack: the device
// itself cannot open it again. It is one point of the curve in 65 bytes, new for each box, and
// what is sealed under it, in base64url:
//
//	ephemeral P-256 ─ECDH─ key of the house ─HKDF-SHA-256─ AES-256-GCM, nonce of zeros
//
// The key closes this one box, so its nonce is never used twice. web/ts/offline/box.ts closes.

// boxUse names what the key of a box is for, and its version.
const boxUse = "ashar offline box 1"

// pointLen is the length of a point of P-256 that is not compressed.
const pointLen = 65

// LongestBox bounds a box, in characters: more than any record that is sealed needs.
const LongestBox = 8192

// BoxKey is the secret half of the key that boxes are closed to.
type BoxKey struct{ private *ecdh.PrivateKey }

// BoxKeyOf gives the key for what the parts name, such as one activity: another activity has
// another. It is the same whenever it is asked for, and is kept nowhere.
func BoxKeyOf(house *seal.Keyring, parts ...[]byte) BoxKey {
	for try := uint64(0); ; try++ {
		k := KeyOf(house, "box", append(parts[:len(parts):len(parts)], binary.BigEndian.AppendUint64(nil, try))...)
		if private, err := ecdh.P256().NewPrivateKey(k[:]); err == nil { // of 2³² keys one is none
			return BoxKey{private}
		}
	}
}

// Public is what a device closes boxes to: the point in 65 bytes, in base64url.
func (k BoxKey) Public() string {
	return base64.RawURLEncoding.EncodeToString(k.private.PublicKey().Bytes())
}

// Open opens a box that was closed to this key for what of names, such as the nonce of the
// record in which it lies. ErrClosed for another key or record, and for a box that is cut,
// changed or longer than LongestBox.
func (k BoxKey) Open(of, box string) ([]byte, error) {
	if len(box) > LongestBox {
		return nil, ErrClosed
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(box)
	if err != nil || len(raw) < pointLen {
		return nil, ErrClosed
	}
	point, err := ecdh.P256().NewPublicKey(raw[:pointLen])
	if err != nil {
		return nil, ErrClosed
	}
	shared, err := k.private.ECDH(point)
	if err != nil {
		return nil, ErrClosed
	}
	padded, err := gcm(boxSecret(shared, raw[:pointLen], k.private.PublicKey().Bytes())).Open(nil, make([]byte, 12), raw[pointLen:], []byte(of))
	if err != nil {
		return nil, ErrClosed
	}
	return unpadded(padded)
}

// CloseBox closes a text to a public key, as a device does. ErrClosed when the key is none.
func CloseBox(public, of string, plain []byte) (string, error) {
	one, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	return closeBox(one, public, of, plain)
}

func closeBox(one *ecdh.PrivateKey, public, of string, plain []byte) (string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(public)
	if err != nil {
		return "", ErrClosed
	}
	to, err := ecdh.P256().NewPublicKey(raw)
	if err != nil {
		return "", ErrClosed
	}
	shared, err := one.ECDH(to)
	if err != nil {
		return "", err
	}
	point := one.PublicKey().Bytes()
	return base64.RawURLEncoding.EncodeToString(gcm(boxSecret(shared, point, raw)).Seal(point, make([]byte, 12), padded(plain), []byte(of))), nil
}

// boxSecret binds the key of a box to both points.
func boxSecret(shared, point, to []byte) []byte {
	out, err := hkdf.Key(sha256.New, shared, append(point[:len(point):len(point)], to...), boxUse, 32)
	if err != nil {
		panic("offline: " + err.Error()) // only when more than 255 blocks are asked for
	}
	return out
}
