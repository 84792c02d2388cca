package web

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
)

// concealedFor is how long a text in an address may be read: a working day.
const concealedFor = 12 * time.Hour

// concealedStep is the length, in bytes, to whose multiples texts are filled up, so that
// an address does not tell how long a name is.
const concealedStep = 64

// Conceal gives a text, such as a name that is searched for, in a form that may stand in
// an address: the history of a browser, a proxy and a page's title tell nothing of it. It
// opens for the same person alone, and for half a day. Each call gives another form.
func (r *Request) Conceal(text string) string {
	if r.conceal == nil || text == "" {
		return ""
	}
	return r.conceal(text)
}

// Reveal opens what Conceal gave; ok is false when it is not for this person, or has ended.
func (r *Request) Reveal(concealed string) (text string, ok bool) {
	if r.reveal == nil || concealed == "" {
		return "", false
	}
	return r.reveal(concealed)
}

func (s *server) concealer() cipher.AEAD {
	block, err := aes.NewCipher(keyed(s.Secret, "concealed")[:32])
	if err != nil {
		panic("web: " + err.Error()) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("web: " + err.Error()) // the block is that of AES
	}
	return gcm
}

func (s *server) concealed(a access.Actor, text string) string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(s.Clock().Unix()))
	plain = append(binary.BigEndian.AppendUint32(plain, uint32(len(text))), text...)
	plain = append(plain, make([]byte, concealedStep-1-(len(plain)-1)%concealedStep)...)
	return base64.RawURLEncoding.EncodeToString(s.concealer().Seal(nil, nil, plain, a.Person[:]))
}

func (s *server) revealed(a access.Actor, concealed string) (string, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(concealed)
	if err != nil {
		return "", false
	}
	plain, err := s.concealer().Open(nil, nil, raw, a.Person[:])
	if err != nil || len(plain) < 12 {
		return "", false
	}
	age := s.Clock().Sub(time.Unix(int64(binary.BigEndian.Uint64(plain)), 0))
	n := int(binary.BigEndian.Uint32(plain[8:]))
	if age < -time.Minute || age > concealedFor || n > len(plain)-12 {
		return "", false
	}
	return string(plain[12 : 12+n]), true
}
