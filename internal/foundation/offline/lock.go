package offline

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"strings"

	"platforma.kg/ashar/internal/foundation/seal"
)

const (
	// wordAlphabet has no 0 O 1 I L, as the codes of tickets.
	wordAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	// WordLength is how many characters a word has: 31¹⁰ of them, 49.5 bits. With LockRounds
	// a graphics card of 2026 tries some 20,000 a second and needs 1,300 years for all; of a
	// PIN of six digits it needs a minute.
	WordLength = 10
	// LockRounds is how many rounds of PBKDF2-HMAC-SHA-256 a try costs: a second or two on a
	// phone of 60 dollars.
	LockRounds = 600_000
)

// Lock is the desk key as it lies in a pack: the word opens it.
type Lock struct {
	Salt   string `json:"salt"` // 16 bytes in base64url
	Rounds int    `json:"rounds"`
	Box    string `json:"box"` // AES-256-GCM with a nonce of zeros: its key closes this one box
}

// Desk is the secret of those who stand at one desk, in the three forms that the house has.
type Desk struct {
	Word string // what people type, "K7M4P-2XDQR"
	Key  []byte // 32 bytes; what is for the desk alone is sealed with it
	Lock Lock
}

// DeskOf gives the desk of what the parts name. It is the same whenever it is asked for, and
// costs LockRounds rounds.
func DeskOf(house *seal.Keyring, parts ...[]byte) (Desk, error) {
	word := wordOf(KeyOf(house, "desk word", parts...))
	key, salt := KeyOf(house, "desk key", parts...), KeyOf(house, "desk salt", parts...)
	d := Desk{Word: word, Key: key[:], Lock: Lock{Salt: base64.RawURLEncoding.EncodeToString(salt[:16]), Rounds: LockRounds}}
	under, err := d.Lock.key(word)
	if err != nil {
		return d, err
	}
	d.Lock.Box = base64.RawURLEncoding.EncodeToString(gcm(under).Seal(nil, make([]byte, 12), d.Key, []byte("desk")))
	return d, nil
}

// wordOf writes a key as a word; what is left of the key is so much more than the word that
// no word is likelier than another.
func wordOf(k Key) string {
	n, base, digit := new(big.Int).SetBytes(k[:]), big.NewInt(int64(len(wordAlphabet))), new(big.Int)
	var b strings.Builder
	for i := range WordLength {
		if i == WordLength/2 {
			b.WriteByte('-')
		}
		n.DivMod(n, base, digit)
		b.WriteByte(wordAlphabet[digit.Int64()])
	}
	return b.String()
}

// cyrillic is what a hand finds on a Kyrgyz or Russian keyboard for a Latin letter that looks the same.
var cyrillic = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "Р", "P", "Т", "T", "Х", "X", "У", "Y", "Ү", "Y")

// Typed is a word or a code as it is compared: capitals without separators, Latin where a
// Cyrillic letter looks the same.
func Typed(text string) string {
	return strings.Map(func(c rune) rune {
		if c == '-' || c == ' ' || c == '–' {
			return -1
		}
		return c
	}, cyrillic.Replace(strings.ToUpper(text)))
}

func (l Lock) key(word string) ([]byte, error) {
	salt, err := base64.RawURLEncoding.DecodeString(l.Salt)
	if err != nil {
		return nil, ErrClosed
	}
	return pbkdf2.Key(sha256.New, Typed(word), salt, l.Rounds, 32)
}

// Open gives the desk key. ErrClosed for another word.
func (l Lock) Open(word string) ([]byte, error) {
	under, err := l.key(word)
	if err != nil {
		return nil, err
	}
	box, err := base64.RawURLEncoding.DecodeString(l.Box)
	if err != nil {
		return nil, ErrClosed
	}
	key, err := gcm(under).Open(nil, make([]byte, 12), box, []byte("desk"))
	if err != nil {
		return nil, ErrClosed
	}
	return key, nil
}
