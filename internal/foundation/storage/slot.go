package storage

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"
)

// A slot holds the wrapped key of one owner:
//
//	0        length of the key, 1 to 95; never 0 in a slot that is whole
//	1..96    the wrapped key, in an encrypted backup sealed once more under the
//	         passphrase; then zeros
//	96..112  HMAC of header, key and name under the key of the rules
//	112..128 name: HMAC of the salt under the owner's keyed name
//
// Blanking writes zeros from front to back: what is cut off in the middle has no
// length any more and still says at its end whose it was. Slots stand in the
// order of their names, which is random and another in each file.
const (
	slotSize    = 128
	slotKeyMost = 95
	slotSum     = 96
	slotName    = 112
)

// owner is a row of the slotted table.
type owner struct{ id, key []byte }

// slotState is how a slot looks to who has the key of the rules.
type slotState int

const (
	slotWhole slotState = iota
	slotBlank
	slotHalf    // its blanking was cut off
	slotDamaged // changed otherwise
)

// nameIn gives the name of an owner's slot in a file with that salt: two files
// do not tell that a slot in each is of the same owner.
func nameIn(salt [16]byte, keyedName []byte) [16]byte {
	m := hmac.New(sha256.New, keyedName)
	m.Write(salt[:])
	return [16]byte(m.Sum(nil)[:16])
}

func (r *BackupRules) sum(head, slot []byte) []byte {
	return r.keyed("slot", head[:headerUsed], slot[:slotSum], slot[slotName:])[:slotName-slotSum]
}

// state tells how a slot is.
func (r *BackupRules) state(head, slot []byte) slotState {
	switch {
	case len(bytes.Trim(slot, "\x00")) == 0:
		return slotBlank
	case slot[0] > 0 && slot[0] <= slotKeyMost && hmac.Equal(r.sum(head, slot), slot[slotSum:slotName]):
		return slotWhole
	case slot[0] == 0:
		return slotHalf
	}
	return slotDamaged
}

// slotArea writes the slots of all owners.
func slotArea(head, key []byte, rules *BackupRules, owners []owner) ([]byte, error) {
	area := make([]byte, slotSize*len(owners))
	slots := slices.Collect(slices.Chunk(area, slotSize))
	for i, o := range owners {
		name := nameIn([16]byte(head[16:32]), rules.Name(o.id))
		copy(slots[i][slotName:], name[:])
		wrapped := o.key
		if key != nil {
			aead, err := slotCipher(key)
			if err != nil {
				return nil, err
			}
			wrapped = aead.Seal(nil, slotNonce(name), wrapped, head[:headerUsed])
		}
		if len(wrapped) == 0 || len(wrapped) > slotKeyMost {
			return nil, fmt.Errorf("a key of %d bytes does not fit into a slot", len(wrapped))
		}
		slots[i][0] = byte(len(wrapped))
		copy(slots[i][1:], wrapped)
		copy(slots[i][slotSum:], rules.sum(head, slots[i]))
	}
	slices.SortFunc(slots, func(a, b []byte) int { return bytes.Compare(a[slotName:], b[slotName:]) })
	return slices.Concat(slots...), nil
}

// slotCipher seals the slots of an encrypted backup, under a key that is not the body's.
func slotCipher(key []byte) (cipher.AEAD, error) {
	own, err := hkdf.Key(sha256.New, key, nil, "slots", chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.New(own)
}

// slotNonce is a slot's name: one in a file has it.
func slotNonce(name [16]byte) []byte { return name[:chacha20poly1305.NonceSize] }

// readSlots reads an area of so many slots. What the header says is not believed
// beyond what the file holds.
func readSlots(r io.Reader, count uint64) ([]byte, error) {
	if count > 1<<40 {
		return nil, fmt.Errorf("%w: %d slots", ErrBackupDamaged, count)
	}
	size := int64(count) * slotSize
	area, err := io.ReadAll(io.LimitReader(r, size))
	if err == nil && int64(len(area)) < size {
		err = fmt.Errorf("%w: it ends among its slots", ErrBackupDamaged)
	}
	return area, err
}

// slotKeys are the wrapped keys in an archive, by the names of their slots.
type slotKeys struct {
	keys  map[[16]byte][]byte
	blank int // slots that were blanked, also half
	salt  [16]byte
	name  func(id []byte) []byte
}

// of gives the wrapped key of an owner; false when her slot was blanked.
func (k slotKeys) of(id []byte) ([]byte, bool) {
	key, ok := k.keys[nameIn(k.salt, k.name(id))]
	return key, ok
}

// openSlots reads every slot of an archive. ErrForeignBackup when it is of
// another installation; ErrBackupDamaged when a slot is neither whole nor blank.
func (a *archive) openSlots(rules *BackupRules) (slotKeys, error) {
	if a.format == 1 || a.mark == [32]byte{} {
		return slotKeys{}, nil
	}
	if rules == nil || !rules.own(a.header) {
		return slotKeys{}, ErrForeignBackup
	}
	out := slotKeys{keys: make(map[[16]byte][]byte, a.count), salt: a.salt, name: rules.Name}
	var aead cipher.AEAD
	if a.key != nil {
		var err error
		if aead, err = slotCipher(a.key); err != nil {
			return out, err
		}
	}
	n := 0
	for slot := range slices.Chunk(a.slots, slotSize) {
		n++
		switch rules.state(a.head, slot) {
		case slotBlank, slotHalf:
			out.blank++
			continue
		case slotDamaged:
			return out, fmt.Errorf("%w: slot %d of %d", ErrBackupDamaged, n, a.count)
		}
		name, key := [16]byte(slot[slotName:]), slot[1:1+slot[0]]
		if aead != nil {
			var err error
			if key, err = aead.Open(nil, slotNonce(name), key, a.authenticated()); err != nil {
				return out, ErrBackupKey
			}
		}
		out.keys[name] = key
	}
	return out, nil
}

// offset is where a slot begins in the file.
func slotOffset(n int) int64 { return headerSize + int64(n)*slotSize }
