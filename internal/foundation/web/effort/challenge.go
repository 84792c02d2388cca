package effort

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// The bounds; see the package comment.
const (
	Parts     = 16
	MostLevel = 2
	Life      = 5 * time.Minute
	First     = 10 * time.Second
	Step      = time.Second
	MostLine  = 10 * time.Minute

	usualBits = 18
	skew      = time.Minute // by which the clocks of two replicas may differ
)

// Options say what a Guard needs.
type Options struct {
	Key []byte // of the house, 32 bytes, for this use alone
	// Bits of each part at level 0, 0 for the usual 18. Tests take fewer.
	Bits int
}

// Guard gives out challenges and judges what comes back. It holds no state: any
// replica with the same key and database can answer for another.
type Guard struct {
	key  []byte
	bits int

	use func(seed [sha256.Size]byte) (spent bool) // a test's own guard, nil for the table
}

// New makes a guard.
func New(o Options) *Guard {
	if o.Bits == 0 {
		o.Bits = usualBits
	}
	return &Guard{key: o.Key, bits: o.Bits}
}

// Case is what somebody wants to do, and how hard it is made for her.
type Case struct {
	Purpose string // "apply/" and an id: efforts of one purpose are worth nothing for another
	Browser string // the secret of her browser's cookie; a challenge is good in no other
	Level   int    // 0 to MostLevel: one more doubles the work
}

// challenge is a challenge that was read.
type challenge struct {
	bits int
	made time.Time
	seed [sha256.Size]byte
}

const (
	headLen  = 1 + 8 + 12
	tokenLen = headLen + 16
)

// need is the number of bits that a case asks for.
func (g *Guard) need(c Case) int { return g.bits + min(max(c.Level, 0), MostLevel) }

// challenge makes a new one.
func (g *Guard) challenge(c Case, now time.Time) string {
	raw := make([]byte, headLen, tokenLen)
	raw[0] = byte(g.need(c))
	binary.BigEndian.PutUint64(raw[1:9], uint64(now.UnixMicro()))
	_, _ = rand.Read(raw[9:]) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(append(raw, g.mac("challenge", c, raw)[:16]...))
}

// read opens a challenge; ok is false when it is not ours, for something or
// somebody else, or too old.
func (g *Guard) read(c Case, text string, now time.Time) (_ challenge, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != tokenLen || !hmac.Equal(raw[headLen:], g.mac("challenge", c, raw[:headLen])[:16]) {
		return challenge{}, false
	}
	made := time.UnixMicro(int64(binary.BigEndian.Uint64(raw[1:9])))
	age := now.Sub(made)
	return challenge{bits: int(raw[0]), made: made, seed: Seed(text)}, age > -skew && age < Life
}

// mac binds data to a use, a purpose and a browser.
func (g *Guard) mac(use string, c Case, data []byte) []byte {
	m := hmac.New(sha256.New, g.key)
	for _, part := range [][]byte{[]byte(use), []byte(c.Purpose), []byte(c.Browser), data} {
		m.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		m.Write(part)
	}
	return m.Sum(nil)
}
