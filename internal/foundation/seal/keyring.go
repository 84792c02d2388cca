package seal

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
)

// ErrClosed says that a box does not open: another key, another place, or it was changed.
var ErrClosed = errors.New("seal: the box does not open")

// SecretLen is the length of the installation's secret in bytes.
const SecretLen = 32

// Keyring holds the keys of one installation, all derived from one secret.
type Keyring struct {
	secret []byte
	wrap   DataKey
	box    DataKey
	index  hash.Cloner // keyed; only cloned, so that many may do so at once
}

// New derives the keys from a secret of at least SecretLen random bytes.
func New(secret []byte) (*Keyring, error) {
	if len(secret) < SecretLen {
		return nil, fmt.Errorf("seal: the secret has %d bytes, at least %d are needed", len(secret), SecretLen)
	}
	k := &Keyring{secret: append([]byte(nil), secret...)}
	k.wrap = DataKey{key: k.derive("wrapping of data keys")}
	k.box = DataKey{key: k.derive("boxes of the installation")}
	keyed := hmac.New(sha256.New, k.derive("blind indexes"))
	keyed.Reset() // computes what depends on the key alone, once
	k.index = keyed.(hash.Cloner)
	return k, nil
}

// derive gives 32 bytes for one use (HKDF-SHA256, RFC 5869).
func (k *Keyring) derive(use string) []byte {
	out, err := hkdf.Key(sha256.New, k.secret, nil, "ashar/1 "+use, 32)
	if err != nil {
		panic("seal: " + err.Error()) // only when more than 255 blocks are asked for
	}
	return out
}

// NewDataKey makes the data key of an owner, and the same wrapped for storage.
func (k *Keyring) NewDataKey(owner []byte) (DataKey, []byte) {
	key := make([]byte, 32)
	rand.Read(key) // never fails, crypto/rand ends the process instead
	return DataKey{key: key}, k.wrap.Seal(owner, "data key", key)
}

// OpenDataKey unwraps the data key of an owner. ErrClosed when it is another's.
func (k *Keyring) OpenDataKey(owner, wrapped []byte) (DataKey, error) {
	key, err := k.wrap.Open(owner, "data key", wrapped)
	if err != nil {
		return DataKey{}, err
	}
	return DataKey{key: key}, nil
}

// Seal closes a box of the installation itself, for what belongs to no person.
func (k *Keyring) Seal(record []byte, field string, plain []byte) []byte {
	return k.box.Seal(record, field, plain)
}

// Open opens what Seal closed. ErrClosed when it does not open.
func (k *Keyring) Open(record []byte, field string, box []byte) ([]byte, error) {
	return k.box.Open(record, field, box)
}

// Index gives the blind index of a value: equal values of one use have equal
// indexes, and only the holder of the key can compute or test one.
// HMAC-SHA256, 32 bytes.
func (k *Keyring) Index(use, value string) []byte {
	m, err := k.index.Clone() // keyed already
	if err != nil {
		panic("seal: " + err.Error()) // only of a hash that does not clone
	}
	m.Write(append(append(append(make([]byte, 0, len(use)+len(value)+1), use...), 0), value...))
	return m.Sum(make([]byte, 0, sha256.Size))
}

// Signing gives the Ed25519 key of one use, "tickets". Keys of different uses
// are unrelated, so that a ticket never verifies as a certificate.
func (k *Keyring) Signing(use string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(k.derive("signing " + use))
}

// Derive gives a key of 32 bytes for a use that is none of the above.
func (k *Keyring) Derive(use string) []byte { return k.derive("use " + use) }
